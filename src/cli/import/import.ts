// `quartermaster import litellm`: says what would be made here, and makes it where it is told to. Everything goes through
// the management API, so that it is checked, audited and told to the gate like any other change.

import { tableOf } from '../table.ts';
import { ask } from '../send.ts';
import type { Server } from '../send.ts';
import { readLiteLlm } from './litellm-rows.ts';
import { planOf } from './steps.ts';
import type { Request, Step } from './steps.ts';

export interface ImportWish {
  readonly databaseUrl: string;
  /** Whether to make it; else it is only told. */
  readonly apply: boolean;
  readonly json: boolean;
}

interface Outcome {
  readonly kind: string;
  readonly name: string;
  readonly outcome: 'is there' | 'would be made' | 'made' | 'refused';
  readonly complaint: string;
}

const FAILED = 1;

/** Answers the exit code: 0 where nothing was refused. Throws Unreachable. */
export async function runImport(server: Server, wish: ImportWish): Promise<number> {
  const { steps, notes } = planOf(await readLiteLlm(wish.databaseUrl));
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    outcomes.push(await outcomeOf(server, step, wish.apply));
  }
  process.stdout.write(
    wish.json ? `${JSON.stringify({ outcomes, notes }, null, 2)}\n` : `${told(outcomes, notes)}\n`,
  );
  if (!wish.apply && outcomes.some(({ outcome }) => outcome === 'would be made')) {
    process.stderr.write('Nothing was changed. To make it, say --apply\n');
  }
  return outcomes.some(({ outcome }) => outcome === 'refused') ? FAILED : 0;
}

async function outcomeOf(server: Server, step: Step, apply: boolean): Promise<Outcome> {
  const { kind, name } = step;
  const seen = await ask(server, step.look);
  if (step.isThere(seen.status, seen.answer)) {
    return { kind, name, outcome: 'is there', complaint: '' };
  }
  if (!apply) {
    return { kind, name, outcome: 'would be made', complaint: '' };
  }
  const waiting: Request[] = [step.make];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { status, answer } = await ask(server, next);
    if (status >= 400) {
      return { kind, name, outcome: 'refused', complaint: complaintIn(answer, status) };
    }
    const after = next === step.make ? step.after?.(answer) : undefined;
    waiting.push(...(after === undefined ? [] : [after]));
  }
  return { kind, name, outcome: 'made', complaint: '' };
}

function complaintIn(answer: unknown, status: number): string {
  const { detail, error } = (typeof answer === 'object' && answer !== null ? answer : {}) as {
    readonly detail?: unknown;
    readonly error?: { readonly message?: string };
  };
  return error?.message ?? (typeof detail === 'string' ? detail : JSON.stringify(detail ?? status));
}

function told(outcomes: readonly Outcome[], notes: readonly string[]): string {
  const rows = outcomes.map(({ complaint, ...row }) =>
    complaint === '' ? row : { ...row, complaint },
  );
  const table = rows.length === 0 ? 'There is nothing to bring over.' : tableOf(rows);
  return [table, ...notes].join('\n\n');
}
