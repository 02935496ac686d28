// Who calls: teams of several organizations, half of which pay by the job and half by consumption. What
// they were charged is checked to the last microcredit against the answers that came.

import { setTimeout as pause } from 'node:timers/promises';
import { USAGE } from './calls.ts';
import type { Installation } from './installation.ts';

const ORGANIZATIONS = 4;
/** A million calls by the job; no run is that long. */
const CREDITS_EACH = 1_000_000;
const CREDITS_PER_USD = 10;
/** As the configuration prices it, in USD for a million. */
const INPUT_USD = 2.5;
const OUTPUT_USD = 10;
const MICRO = 1e6;
/** The worker writes what was used within a second or two; then it is stuck. */
const LEDGER_TIMEOUT_MS = 20_000;
const LEDGER_POLL_MS = 200;
/** Management requests take milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;

const CALL_USD = (USAGE.prompt_tokens * INPUT_USD + USAGE.completion_tokens * OUTPUT_USD) / MICRO;

export interface Team {
  readonly id: string;
  readonly secretKey: string;
  readonly microcreditsPerCall: number;
}

/** Creates them through the management API, as an operator would. */
export async function createTeams(installation: Installation): Promise<Team[]> {
  const teams: Team[] = [];
  for (let at = 1; at <= ORGANIZATIONS; at += 1) {
    const organization = `customer-${at}`;
    const named = { organization_id: organization, name: organization };
    await ask(installation, 'POST', '/api/organizations/create', named);
    for (const mode of ['job_based', 'consumption_usd']) {
      const id = `${organization}-${mode.replace('_', '-')}`;
      const made = await ask(installation, 'POST', '/api/teams/create', {
        organization_id: organization,
        team_id: id,
        access_groups: ['gpt-models'],
        credits_allocated: CREDITS_EACH,
        budget_mode: mode,
        credits_per_dollar: CREDITS_PER_USD,
      });
      const credits = mode === 'job_based' ? 1 : CALL_USD * CREDITS_PER_USD;
      teams.push({
        id,
        secretKey: String(made['virtual_key']),
        microcreditsPerCall: Math.round(credits * MICRO),
      });
    }
  }
  return teams;
}

/** Throws unless every team was charged for exactly its answers, in the gate and in the ledger. */
export async function checkCharges(
  installation: Installation,
  teams: readonly Team[],
  answered: readonly number[],
): Promise<void> {
  for (const [at, team] of teams.entries()) {
    const calls = answered[at] ?? 0;
    const told = await ask(installation, 'GET', `/api/teams/${team.id}`);
    const charged = Math.round(Number(told['credits_used']) * MICRO);
    const held = Number(told['credits_reserved']);
    if (charged !== calls * team.microcreditsPerCall || held !== 0) {
      throw new Error(
        `Check charges: team ${team.id} got ${calls} answers at ${team.microcreditsPerCall} microcredits ` +
          `and was charged ${charged}, with ${held} credits still held`,
      );
    }
    await waitForLedger(installation, team.id, calls);
  }
}

async function waitForLedger(
  installation: Installation,
  teamId: string,
  calls: number,
): Promise<void> {
  const until = Date.now() + LEDGER_TIMEOUT_MS;
  for (;;) {
    const told = await ask(installation, 'GET', `/api/teams/${teamId}`);
    const summary = told['usage_summary'] as { total_jobs?: number } | undefined;
    if (summary?.total_jobs === calls) {
      return;
    }
    if (Date.now() > until) {
      throw new Error(
        `Check charges: the ledger of team ${teamId} has ${summary?.total_jobs} calls, ${calls} were answered`,
      );
    }
    await pause(LEDGER_POLL_MS);
  }
}

async function ask(
  { port, adminKey }: Installation,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${path}: status ${response.status}: ${text}`);
  }
  return JSON.parse(text) as Record<string, unknown>;
}
