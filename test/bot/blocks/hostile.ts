// The largest and most hostile values that messages and forms are made of.

import type { AlertEpisode } from '../../../src/core/alerts/episode.ts';
import { defaultPolicy } from '../../../src/core/alerts/policy.ts';
import { mrkdwn } from '../../../src/bot/escape.ts';
import type { Money, TeamReading } from '../../../src/bot/readings.ts';
import type { CreditEntry } from '../../../src/core/credits/entry.ts';
import { NO_CEILINGS } from '../../../src/core/ceilings/ceilings.ts';
import { UNBOUND_KEY } from '../../../src/core/keys/virtual-key.ts';
import type { VirtualKey } from '../../../src/core/keys/virtual-key.ts';
import type { Member } from '../../../src/core/members/member.ts';
import { PLAIN_TEAM } from '../../../src/core/teams/team.ts';
import type { Team } from '../../../src/core/teams/team.ts';

export const HOSTILE = '<!channel> <@U1> & `*_~ <https://evil.example|bank>'.padEnd(120, '<');
export const NOW = new Date('2026-05-01T12:00:00Z');

export const team: Team = {
  ...PLAIN_TEAM,
  id: 'a'.repeat(64),
  organizationId: 'o'.repeat(64),
  alias: HOSTILE,
  status: 'suspended',
  statusReason: HOSTILE,
  budgetMode: 'consumption_usd',
  microcreditsPerUsd: 10_000_000n,
  tokensPerCredit: 1n,
  markupBasisPoints: 1_250,
  channelId: 'C0ACME',
  version: 1n,
  createdAt: NOW,
  updatedAt: NOW,
};
export const money: Money = {
  spendable: 999_999_999_999_999n,
  reserved: 1n,
  used: 0n,
  funded: 1_000_000_000_000_000n,
  allotment: 1_000_000_000_000_000n,
  fundingSequence: 9n,
};
export const entry: CreditEntry = {
  postingId: 'p',
  kind: 'top_up',
  amount: 999_999_999_999_999n,
  balanceAfter: 0n,
  actor: 'slack:<!here>',
  reason: HOSTILE,
  reference: 'r',
  createdAt: NOW,
};
export const groups = Array.from({ length: 120 }, (_, number) => ({
  name: `group-${number}`,
  displayName: `${HOSTILE}${number}`,
  aliases: Array.from({ length: 30 }, (__, each) => `model-${number}-${each}-${'m'.repeat(80)}`),
}));
export const reading: TeamReading = {
  team,
  money,
  forecast: {
    burnPerHour: 1_234_567n,
    exhaustedAt: new Date(NOW.getTime() + 90 * 60_000),
    roughFromCalls: 3n,
  },
  exhaustion: undefined,
  groups,
  keys: Array.from({ length: 40 }, (_, number) => ({
    ...UNBOUND_KEY,
    id: `k${number}`,
    hash: '',
    teamId: team.id,
    organizationId: team.organizationId,
    name: HOSTILE,
    lastFour: 'abcd',
    status: 'blocked' as const,
    createdBy: 'slack:U1',
    version: 1n,
    createdAt: NOW,
    updatedAt: NOW,
  })),
  entries: Array.from({ length: 5 }, () => entry),
  members: Array.from({ length: 40 }, (_, number) => ({
    teamId: team.id,
    userId: `${HOSTILE}${number}`.slice(0, 254),
    organizationId: team.organizationId,
    role: 'admin' as const,
    ceilings: NO_CEILINGS,
    version: 1n,
    createdAt: NOW,
    updatedAt: NOW,
  })),
  deeds: Array.from({ length: 5 }, () => ({
    position: 1n,
    at: NOW,
    actor: 'slack:<!here>',
    door: 'slack',
    action: 'team.updated',
    target: HOSTILE,
    before: null,
    after: null,
    reason: HOSTILE,
  })),
  ceilings: {
    subject: { kind: 'team', teamId: team.id },
    organizationId: team.organizationId,
    limits: Array.from({ length: 16 }, (_, number) => ({
      limit: {
        kind: 'requests' as const,
        model: `${HOSTILE}${number}`,
        max: 5,
        shadow: true,
        boost: null,
      },
      now: undefined,
    })),
    budgets: [],
    isGateAway: true,
    nowMs: NOW.getTime(),
  },
  refusals: [
    { code: 'credits_exhausted', calls: 12_345 },
    { code: 'model_not_allowed', calls: 7 },
    { code: 'key_blocked', calls: 1 },
    { code: 'team_paused', calls: 1 },
  ],
  cure: { kind: 'none' },
  nowMs: NOW.getTime(),
};
export const changes = Array.from({ length: 40 }, (_, number) => ({
  action: number % 2 === 0 ? 'team.updated' : `team.${HOSTILE}`,
  target: `team:${team.id}`,
  teamId: team.id,
  actor: 'slack:<!here>',
  reason: HOSTILE,
  before: { alias: HOSTILE, models: Array.from({ length: 50 }, () => HOSTILE) },
  after: { alias: `${HOSTILE}!`, models: [], metadata: { hostile: HOSTILE } },
}));
export const newsReading = { team, money, groups, keys: new Map() };
export const standee = { kind: 'team', id: team.id, of: team.organizationId } as const;
export const suspension = {
  status: 'suspended',
  reason: HOSTILE,
  until: NOW,
  untilSaid: mrkdwn`${HOSTILE}`,
} as const;
export const manyNames = Array.from({ length: 100 }, (_, number) => `${HOSTILE}${number}`);
export const boundKey: VirtualKey = {
  ...(reading.keys[0] as VirtualKey),
  createdBy: 'slack:U2',
  userId: 'u'.repeat(254),
  models: manyNames,
  modelAliases: Object.fromEntries(manyNames.map((name) => [name, 'm'.repeat(200)])),
  endpoints: ['chat'],
  addresses: manyNames,
  tags: manyNames,
};
export const member: Member = {
  teamId: team.id,
  userId: 'u'.repeat(254),
  organizationId: team.organizationId,
  role: 'admin',
  ceilings: NO_CEILINGS,
  version: 1n,
  createdAt: NOW,
};
export const asked = {
  text: `/team topup ${HOSTILE}`,
  channelId: 'C0ACME',
  onceId: 'x'.repeat(200),
  askedAtMs: NOW.getTime(),
};
export const page = { path: ['a', 'b', 'c'], next: 'd', text: '/team list' };
export const facts = {
  team,
  credits: money.funded,
  groups,
  organizationCreated: true,
  isWaiting: true,
};
export const open = {
  episodeId: 'e',
  owner: 'U0MANAGER',
  seenBy: null,
  seenAt: null,
  snoozedUntil: null,
  snoozedBy: null,
};
export const policy = {
  ...defaultPolicy({ lowCreditPercent: 20, budgetPercents: [80] }),
  owner: 'U0MANAGER',
  routes: { warning: 'C0ACME', critical: '<!here>' },
  quiet: { fromMinute: 1, toMinute: 2, timeZone: HOSTILE },
};
export const episode: AlertEpisode = {
  id: 'e',
  organizationId: team.organizationId,
  teamId: team.id,
  kind: 'budget',
  subject: HOSTILE,
  stage: 80,
  severity: 'critical',
  facts: { whose: HOSTILE, name: HOSTILE, meter: `budget-ever@${encodeURIComponent(HOSTILE)}` },
  openedAt: NOW,
  closedAt: null,
  places: ['C0ACME'],
  seenBy: 'slack:<!here>',
  seenAt: NOW,
  snoozedUntil: null,
  snoozedBy: null,
};
export const handling = {
  episodeId: 'e',
  owner: 'U0MANAGER',
  seenBy: 'slack:<!here>',
  seenAt: NOW,
  snoozedUntil: NOW,
  snoozedBy: 'slack:U0MANAGER',
};
export const alert = {
  team,
  money,
  forecast: reading.forecast,
  thresholdPercent: 20,
  handling,
  exhaustion: undefined,
  reference: 'alert:e:1',
  nowMs: NOW.getTime(),
};

export const nothingLeft: Money = { ...money, spendable: 0n, reserved: 0n };
