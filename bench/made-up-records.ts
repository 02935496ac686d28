// Records that nobody keeps: as many teams as are asked for, so that the gate can be measured without a
// database. Every hundredth organization's worth is alike; one team has no limits, one has all there are.

import type { Budget } from '../src/core/budgets/budget.ts';
import { NO_CEILINGS } from '../src/core/ceilings/ceilings.ts';
import type { Ceilings } from '../src/core/ceilings/ceilings.ts';
import type { KeyIdentity } from '../src/core/gateway/gate.ts';
import { UNBOUND_KEY } from '../src/core/keys/virtual-key.ts';
import type { VirtualKey } from '../src/core/keys/virtual-key.ts';
import type { Limit } from '../src/core/limits/limit.ts';
import { PLAIN_TEAM } from '../src/core/teams/team.ts';
import type { Line } from '../src/storage/gate/admitting.ts';
import type { ProjectionSource, Snapshot } from '../src/storage/gate/source.ts';
import { sha256 } from '../src/core/ids.ts';

const TEAMS_PER_ORGANIZATION = 10;
const USER = 'ann@acme.com';
const PLENTY = 1_000_000_000;

export interface MadeUpTeam {
  readonly identity: KeyIdentity;
  readonly line: Omit<Line, 'reservationId'>;
}

export interface MadeUpRecords {
  readonly source: ProjectionSource;
  readonly teams: readonly MadeUpTeam[];
  readonly plain: MadeUpTeam;
  /** Its key, person and organization have every limit and two budgets each, like itself. */
  readonly bounded: MadeUpTeam;
  /** How many meters count a call of it. */
  readonly meters: number;
}

const limit = (kind: Limit['kind']): Limit => ({
  kind,
  max: PLENTY,
  model: null,
  shadow: false,
  boost: null,
});
const budget = (duration: string): Budget => ({
  duration,
  model: null,
  maxNanoUsd: 1_000_000_000_000_000n,
  softNanoUsd: null,
  anchorMs: 0,
  shadow: false,
  boost: null,
});
const EVERYTHING: Ceilings = {
  limits: [limit('requests'), limit('usage_tokens'), limit('parallel')],
  budgets: [budget('1d'), budget('1mo')],
};
const SUBJECTS = 5;

/** Makes up as many teams, each with one key, ten to an organization; and two to measure with. */
export function madeUpRecords(count: number): MadeUpRecords {
  const plain = teamOf('plain', 'org-plain', undefined);
  const bounded = teamOf('bounded', 'org-bounded', USER);
  const teams = Array.from({ length: count }, (_, at) =>
    teamOf(`team-${at}`, `org-${Math.floor(at / TEAMS_PER_ORGANIZATION)}`, undefined),
  );
  const all = [...teams, plain, bounded];
  const byTeam = new Map(all.map((team) => [team.identity.teamId, team]));
  const byKey = new Map(all.map((team) => [team.identity.keyId, team]));
  const source = sourceOf(byTeam, byKey);
  const meters = SUBJECTS * (EVERYTHING.limits.length + EVERYTHING.budgets.length);
  return { source, teams, plain, bounded, meters };
}

function teamOf(id: string, organizationId: string, userId: string | undefined): MadeUpTeam {
  const identity: KeyIdentity = {
    hash: sha256(id),
    lastFour: 'abcd',
    keyId: `key-of-${id}-${'0'.repeat(20)}`,
    teamId: id,
    organizationId,
    userId,
  };
  const bound = {
    inputNanoUsd: 1_000,
    outputPicoUsdPerToken: 10_000,
    inputTokens: 10,
    answers: 1,
    outputCap: 100,
    minimumOutputCap: 16,
    unbounded: null,
  };
  const asked = { asked: 'gpt-4o', model: 'gpt-4o', endpoint: 'chat', address: '0'.repeat(32) };
  return {
    identity,
    line: { identity, ...asked, jobId: undefined, jobType: 'chat', bound, lifeMs: 0 },
  };
}

function sourceOf(
  byTeam: ReadonlyMap<string, MadeUpTeam>,
  byKey: ReadonlyMap<string, MadeUpTeam>,
): ProjectionSource {
  const at = new Date(0);
  const common = { version: 1n, createdAt: at, updatedAt: at, metadata: {} };
  const ceilingsOf = (organizationId: string): Ceilings =>
    organizationId === 'org-bounded' ? EVERYTHING : NO_CEILINGS;
  const snapshot = <Row extends { readonly organizationId: string }>(row: Row): Snapshot<Row> => ({
    row,
    organizationId: row.organizationId,
    timeZone: 'UTC',
    spends: [],
    drainedPosition: '0-0',
  });
  const source: ProjectionSource = {
    keyByHash: async () => undefined,
    whileNothingDrains: async (_shard, work) => work(source),
    isBlank: async () => true,
    drainedPosition: async () => '0-0',
    catalog: async () => ({
      version: 1n,
      groups: [{ name: 'gpt-models', displayName: 'GPT models', aliases: ['gpt-4o'] }],
    }),
    alreadyDrained: async () => new Set(),
    async key(id) {
      const team = byKey.get(id);
      return (
        team && snapshot({ ...keyOf(team), ceilings: ceilingsOf(team.identity.organizationId) })
      );
    },
    async organization(id) {
      return snapshot({
        ...common,
        organizationId: id,
        id,
        name: id,
        status: 'active' as const,
        statusReason: null,
        statusUntil: null,
        timeZone: 'UTC',
        ceilings: ceilingsOf(id),
        overAllocation: 'allowed' as const,
        boundsEndUsers: false,
        usageRetentionDays: null,
        channelId: null,
        models: [],
      });
    },
    async endUser(organizationId, id) {
      const nothing = { status: 'active' as const, ceilings: NO_CEILINGS };
      return snapshot({ organizationId, id, version: 0n, ...nothing });
    },
    async team(id) {
      const team = byTeam.get(id);
      if (team === undefined) {
        return undefined;
      }
      const { organizationId } = team.identity;
      const row = {
        ...PLAIN_TEAM,
        ...common,
        id,
        organizationId,
        alias: id,
        accessGroups: ['gpt-models'],
        budgetMode: 'consumption_usd' as const,
        microcreditsPerUsd: 10_000_000n,
        tokensPerCredit: 10_000n,
        markupBasisPoints: 0,
        ceilings: ceilingsOf(organizationId),
      };
      const funded = 8_000_000_000_000_000n;
      const money = { balance: funded, funded, used: 0n, allotment: funded, fundingSequence: 1n };
      return { ...snapshot(row), account: { teamId: id, ...money } };
    },
    async member(teamId, userId) {
      const organizationId = byTeam.get(teamId)?.identity.organizationId ?? '';
      const ceilings = ceilingsOf(organizationId);
      return snapshot({ ...common, teamId, userId, organizationId, role: 'user', ceilings });
    },
    async user(organizationId, id) {
      const ceilings = ceilingsOf(organizationId);
      const person = { organizationId, id, name: id, email: null, role: 'member' } as const;
      return snapshot({ ...common, ...person, ceilings });
    },
  };
  return source;
}

function keyOf({ identity }: MadeUpTeam): VirtualKey {
  const { keyId, hash, teamId, organizationId, lastFour, userId } = identity;
  return {
    ...UNBOUND_KEY,
    id: keyId,
    hash,
    teamId,
    organizationId,
    name: 'first',
    lastFour,
    userId: userId ?? null,
    createdBy: 'bench',
    version: 1n,
    createdAt: new Date(0),
    updatedAt: new Date(0),
  };
}
