// Credits that are to leave a team are held first, as a call's are: so nothing is taken that a call under
// way has reserved or used. States: withheld → released, or healed by the reaper after its life.

/** Tells what is withheld from calls: ending it is no usage. */
export const WITHHELD_PREFIX = 'withheld:';

/**
 * Longer than any change of the records may take (see postgres/client.ts), so that whatever was posted under a
 * reservation that lapsed is there to be seen.
 */
export const WITHHELD_LIFE_MS = 60_000;

export interface WithholdAsk {
  readonly reservationId: string;
  readonly teamId: string;
  readonly organizationId: string;
  /** Microcredits. */
  readonly amount: bigint;
  /** What must stay spendable, in microcredits. */
  readonly floor: bigint;
  /** As much of it as there is, where there is less than all. */
  readonly orLess: boolean;
}

export type Withheld =
  | { readonly withheld: true; readonly amount: bigint }
  | {
      readonly withheld: false;
      readonly spendable: bigint;
      readonly reserved: bigint;
      /** Whether another attempt at the same change holds credits at this moment. */
      readonly underway: boolean;
    };

/** Both throw GateUnavailable when the gate can't answer. */
export interface Withholding {
  /** Holds spendable credits under a reservation of this id, in one step. */
  withhold(ask: WithholdAsk): Promise<Withheld>;
  /** Ends such a reservation; what left the team must be projected before. A second time changes nothing. */
  release(held: Pick<WithholdAsk, 'reservationId' | 'teamId' | 'organizationId'>): Promise<void>;
}
