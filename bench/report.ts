import type { Figures, Measured, Name } from './measure.ts';

const NAMES: readonly Name[] = ['direct', 'bare', 'quartermaster'];
/** A process that leaves more of its core idle under full load was held up by something else. */
const BUSY_MIN = 0.8;
/** Where the system tells no CPU time: how far the load generator must be ahead of what it measures. */
const HEADROOM_MIN = 2;
const HEADS = ['requests/s', '× bare', 'p50', 'p99', 'CPU a call', 'core busy'];
const CELL_WIDTH = 12;
const NAME_WIDTH = 14;

/** What people read. */
export function tableOf(title: string, { figures, rate }: Measured): string[] {
  const { bare, direct, quartermaster } = figures;
  const rows = NAMES.map((name) => rowOf(name, figures[name], bare));
  const ratio = quartermaster.rps / bare.rps;
  const lines = [
    '',
    `${title} (requests/s with 512 connections; p50 and p99 at a constant ${rate}/s)`,
    rowFrom('', HEADS),
    ...rows,
    `Quartermaster does ${ratio.toFixed(2)} × the requests of the bare pass-through and adds ` +
      `${ms(quartermaster.p50Ms - bare.p50Ms)} (p50) and ${ms(quartermaster.p99Ms - bare.p99Ms)} (p99) to it.`,
  ];
  return [...lines, ...[bare, quartermaster].flatMap((one) => doubtAbout(one, direct))];
}

/** Says so where something else than the process under test may have been the limit. */
function doubtAbout(one: Figures, direct: Figures): string[] {
  const busy = busyOf(one);
  const isLimit = busy === undefined ? direct.rps / one.rps >= HEADROOM_MIN : busy >= BUSY_MIN;
  return isLimit
    ? []
    : [
        `Beware: ${Math.round(one.rps)} requests/s did not fill the core of the process under test; other ` +
          `processes, the load generator or what runs beside it may be the limit (direct: ${Math.round(direct.rps)}).`,
      ];
}

function busyOf({ cpuUs, rps }: Figures): number | undefined {
  return cpuUs === undefined ? undefined : (cpuUs * rps) / MICROSECONDS_PER_SECOND;
}

const MICROSECONDS_PER_SECOND = 1e6;

function rowOf(name: Name, one: Figures, bare: Figures): string {
  const cells = [
    String(Math.round(one.rps)),
    (one.rps / bare.rps).toFixed(2),
    ms(one.p50Ms),
    ms(one.p99Ms),
    one.cpuUs === undefined ? '–' : `${one.cpuUs.toFixed(0)} µs`,
    busyOf(one) === undefined ? '–' : `${((busyOf(one) ?? 0) * 100).toFixed(0)} %`,
  ];
  return rowFrom(name, cells);
}

function rowFrom(name: string, cells: readonly string[]): string {
  return name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(CELL_WIDTH)).join('');
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
