// `quartermaster import`: says what would be made here, and makes it where it is told to. Everything goes through the
// management API, so that it is checked, audited and told to the gate like any other change.

import { ask } from '../send.ts';
import type { Server } from '../send.ts';
import { tableOf } from '../table.ts';
import { fieldOf, get } from './step.ts';
import type { ApiRequest, Plan, Served, Step } from './step.ts';

export interface ImportWish {
  /** Reads the other system and says what makes the same here. */
  readonly plan: (served: Served) => Promise<Plan>;
  /** Whether to make it; else it is only told. */
  readonly apply: boolean;
}

interface Outcome {
  readonly kind: string;
  readonly name: string;
  readonly outcome:
    | 'is there'
    | 'would be made'
    | 'would be finished'
    | 'made'
    | 'finished'
    | 'cannot be made'
    | 'refused';
  readonly complaint: string;
  /** What the other system says otherwise by now, and what becomes of it. */
  readonly difference?: string;
}

const FAILED = 1;

/** Prints what became of each. Answers the exit code: 0 where all of it is there or can be. Throws Unreachable. */
export async function runImport(
  server: Server,
  { json, ...wish }: ImportWish & { readonly json: boolean },
): Promise<number> {
  const { outcomes, notes } = await bringOver(server, wish);
  process.stdout.write(
    json ? `${JSON.stringify({ outcomes, notes }, null, 2)}\n` : `${told(outcomes, notes)}\n`,
  );
  if (!wish.apply && outcomes.some(({ outcome }) => outcome.startsWith('would be'))) {
    process.stderr.write('Nothing was changed. To make it, say --apply\n');
  }
  const isWhole = outcomes.every(({ complaint }) => complaint === '');
  return isWhole ? 0 : FAILED;
}

/** Looks at each step in turn, and does it where it is to be done and is not. Throws Unreachable. */
export async function bringOver(
  server: Server,
  { plan, apply }: ImportWish,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly notes: readonly string[] }> {
  const { steps, notes } = await plan(await servedBy(server));
  const outcomes: Outcome[] = [];
  const failed = new Set<Step>();
  for (const step of steps) {
    const { kind, name, after } = step;
    if (after !== undefined && failed.has(after)) {
      failed.add(step);
      continue;
    }
    const outcome = { kind, name, complaint: '', ...(await outcomeOf(server, step, apply)) };
    outcomes.push(outcome);
    if (outcome.complaint !== '') {
      failed.add(step);
    }
  }
  return { outcomes, notes };
}

async function servedBy(server: Server): Promise<Served> {
  const models = await ask(server, get('/api/models'));
  const groups = await ask(server, get('/api/model-access-groups'));
  return {
    models: namesIn(models.answer, 'model_alias'),
    groups: namesIn(groups.answer, 'group_name'),
  };
}

function namesIn(answer: unknown, field: string): string[] {
  return Array.isArray(answer) ? answer.map((row: unknown) => String(fieldOf(row, field))) : [];
}

async function outcomeOf(
  server: Server,
  step: Step,
  apply: boolean,
): Promise<Pick<Outcome, 'outcome'> & Partial<Outcome>> {
  if (step.obstacle !== undefined) {
    return { outcome: 'cannot be made', complaint: step.obstacle };
  }
  const seen = await ask(server, step.look);
  const progress = step.progress(seen.status, seen.answer);
  const differs = progress === 'missing' ? undefined : step.difference?.(seen.answer);
  if (progress === 'there') {
    return {
      outcome: 'is there',
      ...(differs === undefined ? {} : { difference: `${differs}: left as it is here` }),
    };
  }
  const becomes = differs === undefined ? {} : { difference: `${differs}: taken from there` };
  if (!apply) {
    return { outcome: progress === 'missing' ? 'would be made' : 'would be finished', ...becomes };
  }
  const isMade = progress === 'unfinished' && step.isRepeatable !== true;
  const made = isMade ? seen : await ask(server, step.make);
  const complaint =
    complaintIn(made.status, made.answer) ??
    (await complaintOfAll(server, step.rest?.(made.answer) ?? []));
  return complaint === undefined
    ? { outcome: progress === 'missing' ? 'made' : 'finished', ...becomes }
    : { outcome: 'refused', complaint };
}

/** Asks one after the other, up to the first that is refused. */
async function complaintOfAll(
  server: Server,
  requests: readonly ApiRequest[],
): Promise<string | undefined> {
  for (const request of requests) {
    const { status, answer } = await ask(server, request);
    const complaint = complaintIn(status, answer);
    if (complaint !== undefined) {
      return complaint;
    }
  }
  return undefined;
}

function complaintIn(status: number, answer: unknown): string | undefined {
  if (status < 400) {
    return undefined;
  }
  const message = fieldOf(fieldOf(answer, 'error'), 'message');
  const detail = fieldOf(answer, 'detail') ?? status;
  const said = message ?? detail;
  return typeof said === 'string' ? said : JSON.stringify(said);
}

/** The rows first, short enough for a line each; then what is to be said of some of them, whole. */
function told(outcomes: readonly Outcome[], notes: readonly string[]): string {
  const rows = outcomes.map(({ kind, name, outcome }) => ({ kind, name, outcome }));
  const table = rows.length === 0 ? 'There is nothing to bring over.' : tableOf(rows);
  const said = outcomes.flatMap(({ kind, name, outcome, complaint, difference }) => [
    ...(complaint === '' ? [] : [`${kind} ${name}: ${outcome}: ${complaint}`]),
    ...(difference === undefined ? [] : [`${kind} ${name}: differs: ${difference}`]),
  ]);
  return [table, ...(said.length === 0 ? [] : [said.join('\n')]), ...notes].join('\n\n');
}
