export interface Ports {
  readonly proxy: number;
  readonly workspace: number;
  readonly provider: number;
  readonly postgres: number;
  readonly redis: number;
}

/** What the environment gives, so that it is not started here and needs no port. */
export interface GivenElsewhere {
  readonly hasSlack: boolean;
  readonly hasPostgres: boolean;
  readonly hasRedis: boolean;
}

/**
 * The first of the five ports, from what QUARTERMASTER_PORT holds.
 * @throws Error that says which are allowed
 */
export function readFirstPort(given: string | null): number;

/** The five ports follow one another. */
export function portsFrom(first: number): Ports;

/**
 * Looks whether a start with these ports can listen.
 * @throws Error that names each port that is taken, by whom, and how to choose others
 */
export function requireFreePorts(ports: Ports, given: GivenElsewhere): Promise<void>;

/** Whether nothing listens on this loopback port. */
export function isPortFree(port: number): Promise<boolean>;
