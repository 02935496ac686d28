/** What one event spent of one budget in one period, as the records take it. */
export interface SpendToWrite {
  readonly subject: string;
  readonly meter: string;
  /** Milliseconds since 1970. */
  readonly starts: number;
  /** Nano-USD, in digits. */
  readonly nano: string;
}

const SPEND = /^([^,]+),([^,]+),(\d{1,16})$/;

/** Reads "cost subject,meter,period;…" as settle.lua writes it; throws with what is wrong. */
export function readSpends(text: string | undefined): SpendToWrite[] {
  if (text === undefined) {
    return [];
  }
  const [, cost = '', budgets = ''] = /^(\d{1,18}) (.+)$/.exec(text) ?? [];
  return budgets.split(';').map((budget) => {
    const [, subject, meter, starts] = SPEND.exec(budget) ?? [];
    if (subject === undefined || meter === undefined) {
      throw new Error('Reading what a usage event spent: it is not "cost subject,meter,period;…"');
    }
    return { subject, meter, starts: Number(starts), nano: cost };
  });
}
