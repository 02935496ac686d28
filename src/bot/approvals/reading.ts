// All that an approver needs to know of a proposal, read at one moment.

import { isAboutCeilings } from '../../core/approvals/action.ts';
import type { CeilingAction } from '../../core/approvals/action.ts';
import type { Proposal } from '../../core/approvals/proposal.ts';
import { OPEN_STATUSES } from '../../core/approvals/proposal.ts';
import { differencesOf, nameOfState, readState } from '../../core/approvals/subject-state.ts';
import type { CeilingsChanged } from '../../core/ceilings/change-ceilings.ts';
import { edited } from '../../core/ceilings/edit.ts';
import { findSubject } from '../../core/ceilings/subject-records.ts';
import type { CreditEntry } from '../../core/credits/entry.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { DAY_MS } from '../../core/time.ts';
import { moneyOf } from '../readings.ts';
import type { Money } from '../readings.ts';

export interface ProposalReading {
  readonly proposal: Proposal;
  readonly nowMs: number;
  readonly team: TeamOfProposal | undefined;
  /** What would be different of limits and budgets; undefined where it is about something else. */
  readonly ceilings: CeilingsChanged | undefined;
  /** The name of the state that is shown; what is approved, is approved of this one. */
  readonly stateName: string;
  /** What people changed since it was asked, in one word each; empty once it is decided. */
  readonly differences: readonly string[];
}

export interface TeamOfProposal {
  readonly team: Team;
  readonly money: Money;
  /** Of the last 30 days; the cost at the providers is undefined for whom it does not concern. */
  readonly spent: { readonly charge: bigint; readonly costNanoUsd: bigint | undefined };
  /** The latest credits that came, the newest first. */
  readonly earlier: readonly CreditEntry[];
}

const SPEND_DAYS = 30;
const HISTORY_READ = 50;
const EARLIER_SHOWN = 3;
const COMING: readonly string[] = ['grant', 'top_up', 'subscription', 'auto_refill', 'refund'];

/** `withCost`: what providers were paid, too. */
export async function readProposal(
  stores: Stores,
  proposal: Proposal,
  { withCost = true }: { readonly withCost?: boolean } = {},
): Promise<ProposalReading> {
  const { action, teamId, status } = proposal;
  const team = teamId === null ? undefined : await stores.records.teams.find(teamId);
  const state = await readState(stores.records, action);
  const isOpen = OPEN_STATUSES.includes(status) && !isRefusal(state);
  return {
    proposal,
    nowMs: stores.clock(),
    team: team === undefined ? undefined : await readTeamOf(stores, team, withCost),
    ceilings: isAboutCeilings(action) ? await ceilingsAfter(stores, action) : undefined,
    stateName: isRefusal(state) ? '' : nameOfState(state),
    differences: isOpen ? differencesOf(proposal.seen, state) : [],
  };
}

async function readTeamOf(stores: Stores, team: Team, withCost: boolean): Promise<TeamOfProposal> {
  const { ledger, usage } = stores.records;
  const nowMs = stores.clock();
  const [money, rows, entries] = await Promise.all([
    moneyOf(stores, team),
    usage.between(team.id, new Date(nowMs - SPEND_DAYS * DAY_MS), new Date(nowMs + DAY_MS)),
    ledger.history(team.id, HISTORY_READ),
  ]);
  const spent = {
    charge: rows.reduce((sum, row) => sum + row.charge, 0n),
    costNanoUsd: withCost ? rows.reduce((sum, row) => sum + row.costNanoUsd, 0n) : undefined,
  };
  const earlier = entries.filter(({ kind }) => COMING.includes(kind)).slice(0, EARLIER_SHOWN);
  return { team, money, spent, earlier };
}

async function ceilingsAfter(
  { records, clock }: Stores,
  { subject, changes }: CeilingAction,
): Promise<CeilingsChanged | undefined> {
  const found = await findSubject(records, subject);
  const after = isRefusal(found) ? found : edited(found.ceilings, changes, clock());
  return isRefusal(found) || isRefusal(after)
    ? undefined
    : { before: found.ceilings, after, changed: true };
}
