// Teams bound by limits and budgets, and calls of known cost through the gate.

import type { Budget } from '../../src/core/budgets/budget.ts';
import { NO_CEILINGS } from '../../src/core/ceilings/ceilings.ts';
import type { Ceilings } from '../../src/core/ceilings/ceilings.ts';
import type { AdmissionAsk, KeyIdentity, Verdict } from '../../src/core/gateway/gate.ts';
import { hashOfKey } from '../../src/core/keys/virtual-key.ts';
import type { Limit } from '../../src/core/limits/limit.ts';
import { askOf, settlementOfAsk } from './gate-calls.ts';
import { PEPPER } from './quartermaster.ts';
import type { TimedQuartermaster } from './timed-quartermaster.ts';

const NANO_PER_USD = 1_000_000_000;

export const limit = (kind: Limit['kind'], max: number, more: Partial<Limit> = {}): Limit => ({
  kind,
  max,
  model: null,
  shadow: false,
  boost: null,
  ...more,
});
export const budget = (maxUsd: number, more: Partial<Budget> = {}): Budget => ({
  duration: '1d',
  model: null,
  maxNanoUsd: BigInt(maxUsd * NANO_PER_USD),
  softNanoUsd: null,
  anchorMs: 0,
  shadow: false,
  boost: null,
  ...more,
});

interface Subjects {
  readonly id: string;
  readonly keyId: string;
  readonly identity: KeyIdentity;
}

/** A call whose bound is so many dollars, for so many tokens at the most. */
export const costing = (identity: KeyIdentity, usd: number, tokens = 100): AdmissionAsk =>
  askOf(identity, {
    bound: {
      inputNanoUsd: Math.round(usd * NANO_PER_USD),
      inputTokens: tokens,
      outputCap: 0,
      minimumOutputCap: 0,
    },
  });

type Refused = Extract<Verdict, { admitted: false; spendableMicrocredits: number }>;

/** What a test does with them. */
export function meteredTeams(qm: () => TimedQuartermaster) {
  async function newTeam(ceilings: Partial<Ceilings> = {}): Promise<Subjects> {
    const team = await qm().team({ credits: 1_000_000_000n });
    const identity = await qm().gate.identify(hashOfKey(team.secretKey, PEPPER), '');
    if (identity === undefined) {
      throw new Error('the key is unknown');
    }
    await setTeam(team.id, ceilings);
    return { id: team.id, keyId: team.keyId, identity };
  }

  async function setTeam(teamId: string, ceilings: Partial<Ceilings>): Promise<void> {
    await qm().stores.records.teams.update(teamId, { ceilings: { ...NO_CEILINGS, ...ceilings } });
    await qm().gate.project({ teamId });
  }

  async function refused(ask: AdmissionAsk): Promise<Refused> {
    const verdict = await qm().gate.admit(ask);
    if (verdict.admitted || verdict.code === 'renamed') {
      throw new Error('the call was let through');
    }
    return verdict;
  }

  async function admitted(ask: AdmissionAsk): Promise<Extract<Verdict, { admitted: true }>> {
    const verdict = await qm().gate.admit(ask);
    if (!verdict.admitted) {
      throw new Error(`the call was refused: ${JSON.stringify(verdict)}`);
    }
    return verdict;
  }

  async function settle(ask: AdmissionAsk, taken: string, usd: number, tokens = 0): Promise<void> {
    const costNanoUsd = BigInt(Math.round(usd * NANO_PER_USD));
    const used = { costNanoUsd, inputTokens: tokens, outputTokens: 0 };
    await qm().gate.settle(settlementOfAsk(ask, { ...used, taken }));
  }

  const metersOf = async (teamId: string) => qm().gate.meters({ kind: 'team', teamId }, 'acme');
  return { newTeam, setTeam, refused, admitted, settle, metersOf };
}
