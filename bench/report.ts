import type { Figures, Measured, Name } from './measure.ts';

const NAMES: readonly Name[] = ['direct', 'bare', 'quartermaster'];
/** Below this the load generator or the upstream, not the way between, may be what is measured. */
const HEADROOM_MIN = 2;

/** What people read. */
export function tableOf(title: string, { figures, rate }: Measured): string[] {
  const { bare, direct, quartermaster } = figures;
  const rows = NAMES.map((name) => rowOf(name, figures[name], bare));
  const ratio = quartermaster.rps / bare.rps;
  const lines = [
    '',
    title,
    `${''.padEnd(14)}${['requests/s', '× bare', `p50 at ${rate}/s`, 'p99', 'CPU a call'].map((head) => head.padStart(15)).join('')}`,
    ...rows,
    `Quartermaster does ${ratio.toFixed(2)} × the requests of the bare pass-through and adds ` +
      `${ms(quartermaster.p50Ms - bare.p50Ms)} (p50) and ${ms(quartermaster.p99Ms - bare.p99Ms)} (p99) to it.`,
  ];
  const headroom = direct.rps / bare.rps;
  return headroom >= HEADROOM_MIN
    ? lines
    : [
        ...lines,
        `Beware: without anything between, the load generator reaches only ${headroom.toFixed(1)} × bare; it may be the limit.`,
      ];
}

function rowOf(name: Name, one: Figures, bare: Figures): string {
  const cells = [
    String(Math.round(one.rps)),
    (one.rps / bare.rps).toFixed(2),
    ms(one.p50Ms),
    ms(one.p99Ms),
    one.cpuUs === undefined || one.cpuUs === 0 ? '–' : `${one.cpuUs.toFixed(0)} µs`,
  ];
  return name.padEnd(14) + cells.map((cell) => cell.padStart(15)).join('');
}

/**
 * What programs read: the plain calls' figures in five keys, then the same of streams. "Added" is
 * Quartermaster minus the bare pass-through; a stream's latency is until its end.
 */
export function jsonOf(plain: Measured, streaming: Measured): string {
  return JSON.stringify({ ...wordsOf(plain), streaming: wordsOf(streaming) });
}

function wordsOf({ figures }: Measured): object {
  const { bare, direct, quartermaster } = figures;
  return {
    direct: numbersOf(direct),
    bare: numbersOf(bare),
    quartermaster: numbersOf(quartermaster),
    addedP50Ms: rounded(quartermaster.p50Ms - bare.p50Ms),
    addedP99Ms: rounded(quartermaster.p99Ms - bare.p99Ms),
  };
}

function numbersOf({ rps, p50Ms, p99Ms }: Figures): object {
  return { rps: Math.round(rps), p50Ms: rounded(p50Ms), p99Ms: rounded(p99Ms) };
}

function rounded(milliseconds: number): number {
  return Number(milliseconds.toFixed(3));
}

function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(2)} ms`;
}
