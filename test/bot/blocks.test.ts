import { describe, expect, test } from 'vitest';
import { brokenOffSpeech } from '../../src/bot/blocks/broken-off.ts';
import { alertOfKind } from '../../src/bot/blocks/alert-of-kind.ts';
import { alertSettings } from '../../src/bot/blocks/alert-settings.ts';
import type { Speech } from '../../src/bot/blocks/kit.ts';
import { ALERT_KINDS } from '../../src/core/alerts/episode.ts';
import type { AlertEpisode } from '../../src/core/alerts/episode.ts';
import { defaultPolicy } from '../../src/core/alerts/policy.ts';
import { alertSpeech } from '../../src/bot/blocks/alert.ts';
import { burnText } from '../../src/bot/blocks/balance.ts';
import { changeNewsSpeech } from '../../src/bot/blocks/change-news.ts';
import { createdSpeech } from '../../src/bot/blocks/created.ts';
import { keyCard } from '../../src/bot/blocks/key-card.ts';
import { endingQuestion } from '../../src/bot/blocks/key-ending.ts';
import { newKeySpeech } from '../../src/bot/blocks/key.ts';
import { membersSpeech } from '../../src/bot/blocks/members.ts';
import { modelsSpeech } from '../../src/bot/blocks/models.ts';
import { statusQuestion, statusSpeech } from '../../src/bot/blocks/status.ts';
import { teamCard } from '../../src/bot/blocks/team-card.ts';
import { teamList } from '../../src/bot/blocks/team-list.ts';
import { alreadyToppedUp, toppedUpSpeech } from '../../src/bot/blocks/topped-up.ts';
import { bar, credits, creditsLeft, roughCredits, until } from '../../src/bot/blocks/words.ts';
import { clipped, code, escaped, joined, mrkdwn, mention } from '../../src/bot/escape.ts';
import { nearest } from '../../src/core/nearest.ts';
import { cureText, refusalText } from '../../src/bot/refusal-text.ts';
import type { Money, TeamReading } from '../../src/bot/readings.ts';
import { homeView } from '../../src/bot/views/home.ts';
import { createTeamView } from '../../src/bot/views/create-team.ts';
import { topUpView } from '../../src/bot/views/top-up.ts';
import type { CreditEntry } from '../../src/core/credits/entry.ts';
import { OPERATORS } from '../../src/core/posts/post.ts';
import { NO_CEILINGS } from '../../src/core/ceilings/ceilings.ts';
import { UNBOUND_KEY } from '../../src/core/keys/virtual-key.ts';
import type { VirtualKey } from '../../src/core/keys/virtual-key.ts';
import type { Member } from '../../src/core/members/member.ts';
import { refuse } from '../../src/core/refusals.ts';
import { PLAIN_TEAM } from '../../src/core/teams/team.ts';
import type { Team } from '../../src/core/teams/team.ts';
import { forecast } from '../../src/core/usage/burn.ts';
import { checkMessageBlocks, checkView } from '../../src/embedded/slack/blocks/check.ts';

const HOSTILE = '<!channel> <@U1> & `*_~ <https://evil.example|bank>'.padEnd(120, '<');
const NOW = new Date('2026-05-01T12:00:00Z');

const team: Team = {
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
};
const money: Money = {
  spendable: 999_999_999_999_999n,
  reserved: 1n,
  used: 0n,
  funded: 1_000_000_000_000_000n,
  allotment: 1_000_000_000_000_000n,
  fundingSequence: 9n,
};
const entry: CreditEntry = {
  postingId: 'p',
  kind: 'top_up',
  amount: 999_999_999_999_999n,
  balanceAfter: 0n,
  actor: 'slack:<!here>',
  reason: HOSTILE,
  reference: 'r',
  createdAt: NOW,
};
const groups = Array.from({ length: 120 }, (_, number) => ({
  name: `group-${number}`,
  displayName: `${HOSTILE}${number}`,
  aliases: Array.from({ length: 30 }, (__, each) => `model-${number}-${each}-${'m'.repeat(80)}`),
}));
const reading: TeamReading = {
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
const changes = Array.from({ length: 40 }, (_, number) => ({
  action: number % 2 === 0 ? 'team.updated' : `team.${HOSTILE}`,
  target: `team:${team.id}`,
  teamId: team.id,
  actor: 'slack:<!here>',
  reason: HOSTILE,
  before: { alias: HOSTILE, models: Array.from({ length: 50 }, () => HOSTILE) },
  after: { alias: `${HOSTILE}!`, models: [], metadata: { hostile: HOSTILE } },
}));
const newsReading = { team, money, groups, keys: new Map() };
const standee = { kind: 'team', id: team.id, of: team.organizationId } as const;
const suspension = {
  status: 'suspended',
  reason: HOSTILE,
  until: NOW,
  untilSaid: mrkdwn`${HOSTILE}`,
} as const;
const manyNames = Array.from({ length: 100 }, (_, number) => `${HOSTILE}${number}`);
const boundKey: VirtualKey = {
  ...(reading.keys[0] as VirtualKey),
  createdBy: 'slack:U2',
  userId: 'u'.repeat(254),
  models: manyNames,
  modelAliases: Object.fromEntries(manyNames.map((name) => [name, 'm'.repeat(200)])),
  endpoints: ['chat'],
  addresses: manyNames,
  tags: manyNames,
};
const member: Member = {
  teamId: team.id,
  userId: 'u'.repeat(254),
  organizationId: team.organizationId,
  role: 'admin',
  ceilings: NO_CEILINGS,
  version: 1n,
  createdAt: NOW,
};
const asked = {
  text: `/team topup ${HOSTILE}`,
  channelId: 'C0ACME',
  onceId: 'x'.repeat(200),
  askedAtMs: NOW.getTime(),
};
const page = { path: ['a', 'b', 'c'], next: 'd', text: '/team list' };
const facts = {
  team,
  credits: money.funded,
  groups,
  organizationCreated: true,
  isWaiting: true,
};
const open = {
  episodeId: 'e',
  owner: 'U0MANAGER',
  seenBy: null,
  seenAt: null,
  snoozedUntil: null,
  snoozedBy: null,
};
const policy = {
  ...defaultPolicy({ lowCreditPercent: 20, budgetPercents: [80] }),
  owner: 'U0MANAGER',
  routes: { warning: 'C0ACME', critical: '<!here>' },
  quiet: { fromMinute: 1, toMinute: 2, timeZone: HOSTILE },
};
const episode: AlertEpisode = {
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
const handling = {
  episodeId: 'e',
  owner: 'U0MANAGER',
  seenBy: 'slack:<!here>',
  seenAt: NOW,
  snoozedUntil: NOW,
  snoozedBy: 'slack:U0MANAGER',
};
const alert = {
  team,
  money,
  forecast: reading.forecast,
  thresholdPercent: 20,
  handling,
  exhaustion: undefined,
  reference: 'alert:e:1',
  nowMs: NOW.getTime(),
};

const nothingLeft: Money = { ...money, spendable: 0n, reserved: 0n };

/** All that Slack reads as markup. */
function read(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return '';
  }
  return Object.entries(value)
    .map(([name, inner]) => (name === 'text' && typeof inner === 'string' ? inner : read(inner)))
    .join('\n');
}

describe('the largest and most hostile values', () => {
  test.each([
    ['team card', teamCard(reading)],
    [
      'list',
      teamList(
        { ...page, rows: Array.from({ length: 10 }, () => ({ team, money })) },
        team.organizationId,
      ),
    ],
    ['empty list', teamList({ ...page, path: [], rows: [] }, undefined)],
    ['creation', createdSpeech(facts, `https://example.test/reveal/${'x'.repeat(22)}`)],
    ...[true, false].map((isDone): [string, Speech] => [
      `a request that was broken off, ${isDone ? 'done' : 'not done'}`,
      brokenOffSpeech(asked, isDone),
    ]),
    ['creation without a link', createdSpeech(facts, undefined)],
    ...ALERT_KINDS.filter((kind) => kind !== 'low_credit').map((kind): [string, Speech] => [
      `an alert of ${kind}`,
      alertOfKind({ episode: { ...episode, kind }, handling: open }),
    ]),
    [
      'what the alerts of a team are like',
      alertSettings({
        subject: { kind: 'team', teamId: team.id },
        policy,
        home: OPERATORS,
        open: [episode, episode],
      }),
    ],
    ['news of one change', changeNewsSpeech(changes.slice(0, 1), newsReading)],
    ['news of many changes', changeNewsSpeech(changes, newsReading)],
    ['question', statusQuestion(standee, suspension, 'x'.repeat(100))],
    ['status', statusSpeech(standee, suspension, { changed: true, before: 'active' })],
    [
      'the end of a key',
      endingQuestion(
        { action: 'rotate', key: boundKey },
        { expires: '30d', for: 'client' },
        'x'.repeat(100),
      ),
    ],
    ['key', keyCard(boundKey)],
    [
      'new key',
      newKeySpeech({
        teamId: boundKey.teamId,
        revealUrl: 'https://example.test/reveal/x',
        replaced: { key: boundKey, until: NOW },
        made: boundKey,
        client: {
          publicUrl: 'https://example.test',
          models: Array.from({ length: 500 }, (_, at) => `model-${at}`),
        },
      }),
    ],
    [
      'models',
      modelsSpeech({ team, groups: [], keys: Array.from({ length: 200 }, () => boundKey) }),
    ],
    [
      'members',
      membersSpeech({
        teamId: team.id,
        page: { ...page, rows: Array.from({ length: 20 }, () => member) },
        news: [],
        granted: ['key.create'],
      }),
    ],
    ['top-up', toppedUpSpeech(team, entry, money)],
    ['second top-up', alreadyToppedUp(team, entry, money)],
    ['alert', alertSpeech({ ...alert, closedAt: null })],
    ['alert at 0', alertSpeech({ ...alert, money: nothingLeft, closedAt: null })],
    ['end of an alert', alertSpeech({ ...alert, closedAt: NOW })],
  ])('fit into a message and command nothing: %s', (_, { blocks, text }) => {
    expect(checkMessageBlocks(blocks)).toMatchObject({ ok: true });
    expect(read(blocks) + text).not.toMatch(/<!(?:channel|here)|<@U1>|<https:\/\/evil/);
    expect(text.length).toBeLessThanOrEqual(3_000);
  });

  test('fit into forms and the home tab', () => {
    const typed = {
      team: HOSTILE,
      org: HOSTILE,
      credits: HOSTILE,
      groups: HOSTILE,
      reason: HOSTILE,
    };
    const form = {
      typed,
      complaints: { team: HOSTILE, org: HOSTILE },
      stray: Array.from({ length: 30 }, () => HOSTILE),
      groups,
      newOrganization: team.organizationId,
      ticked: true,
      defaultMode: 'job_based',
      origin: 'C0ACME',
    };
    expect(checkView(createTeamView(form))).toMatchObject({ ok: true });
    const topUp = { team: team.id, spendable: 1n, reference: 'r', origin: undefined };
    expect(checkView(topUpView({ ...form, ...topUp }))).toMatchObject({ ok: true });
    const home = homeView({
      role: 'manager',
      where: 'everything',
      toDecide: [],
      shown: Array.from({ length: 20 }, () => ({ team, money })),
      mine: new Set(),
      hidden: 280,
      lowCreditPercent: 20,
      changes: reading.deeds,
    });
    expect(checkView(home)).toMatchObject({ ok: true });
  });
});

describe('an alert', () => {
  const said = (more: Partial<Parameters<typeof alertSpeech>[0]>) => {
    const { text, blocks } = alertSpeech({ ...alert, closedAt: null, ...more });
    return `${text}\n${read(blocks)}`;
  };
  const seconds = (count: number) => new Date(NOW.getTime() + count * 1_000);

  test('says at 0 that credits are gone and calls are refused, and until then never that it is now', () => {
    const soon = { burnPerHour: 10n ** 9n, exhaustedAt: seconds(5), roughFromCalls: null };
    const low = said({ money: { ...money, spendable: 1n, reserved: 0n }, forecast: soon });
    expect(low).toContain('is low on credits');
    expect(low).toContain('(within a minute)');
    expect(low).not.toMatch(/now|refused/);
    const gone = said({ money: nothingLeft, forecast: soon });
    expect(gone).toContain('has no credits left');
    expect(gone).toContain('calls are refused');
    expect(gone).not.toContain('Runs out');
  });

  test('does not call credits gone that are only reserved', () => {
    const reserved = { ...money, spendable: 0n, reserved: 5n };
    expect(said({ money: reserved })).toContain('is low on credits');
    expect(said({ money: reserved })).not.toContain('refused');
  });

  test('of a team whose policy serves it below 0 does not say that calls are refused', () => {
    const soft: Team = { ...team, limitPolicy: 'soft', overdraft: 5n };
    expect(said({ team: soft, money: nothingLeft })).toContain('calls still go on');
    const overdrawn = { ...money, spendable: -5n, reserved: 0n };
    expect(said({ team: soft, money: overdrawn })).toContain('calls are refused');
  });

  test.each([
    [1n, '1 an hour (rough: from 1 call)'],
    [9n, '9 an hour (rough: from 9 calls)'],
    [10n, '10 an hour, 240 a day'],
  ])('admits how rough a rate from %s calls is', (calls, expected) => {
    const first = new Date(NOW.getTime() - 3_600_000);
    const burn = forecast(5_000_000n, { charged: calls * 1_000_000n, calls, first }, NOW.getTime());
    expect(burnText(burn).mrkdwn).toBe(expected);
  });
});

describe('mrkdwn', () => {
  test('escapes what people wrote and keeps what we wrote', () => {
    expect(mrkdwn`*${'<!here> & co'}* ${mrkdwn`_${'>'}_`} ${5n}`.mrkdwn).toBe(
      '*&lt;!here&gt; &amp; co* _`&gt;`_ 5',
    );
    expect(joined(['<', mrkdwn`<@U1>`]).mrkdwn).toBe('&lt;, <@U1>');
    expect(code('a`b\nc').mrkdwn).toBe('`a´b c`');
  });

  test.each([
    ['*bold*', '`*bold*`'],
    ['May *the bold* invoice', 'May `*the bold*` invoice'],
    ['~gone~ and _leaning_', '`~gone~ and _leaning_`'],
    ['a`b', '`a´b`'],
    ['> quoted', '`&gt;` quoted'],
    ['done :tada:', 'done `:tada:`'],
    ['CI_server-2 at 10:30', 'CI_server-2 at 10:30'],
  ])('shows what people wrote literally, never as formatting: %s', (text, expected) => {
    expect(mrkdwn`${text}`.mrkdwn).toBe(expected);
  });

  test('keeps the markup of refusals, and none of what was typed into them', () => {
    expect(refusalText(refuse('team_unknown', { team: 'a`*b*' })).mrkdwn).toBe(
      'There is no team `a´*b*`.',
    );
    const typed = { field: 'reason', complaint: '“*x*” is odd' };
    expect(refusalText(refuse('value_invalid', typed)).mrkdwn).toBe(
      'reason is not acceptable: `“*x*”` is odd.',
    );
    expect(cureText(refuse('key_not_found', { key: 'x' })).mrkdwn).toContain('&lt;team&gt;');
  });

  test('mentions nobody by what is not an id', () => {
    expect(mention('U0MANAGER').mrkdwn).toBe('<@U0MANAGER>');
    expect(mention('!channel').mrkdwn).toBe('!channel');
  });

  test('is never cut in the middle of an entity or a link', () => {
    expect(clipped(escaped('aaa<<<'), 9)).toBe('aaa&lt;…');
    expect(clipped('see <https://example.test|here>', 12)).toBe('see …');
  });
});

describe('words', () => {
  test('a bar shows that something is left, and never more than the whole', () => {
    expect(bar(1n, 1_000_000n)).toBe('▱'.repeat(16));
    expect(bar(20_000n, 1_000_000n)).toBe('▰' + '▱'.repeat(15));
    expect(bar(5n, 1n)).toBe('▰'.repeat(16));
    expect(bar(-5n, 1n)).toBe('▱'.repeat(16));
  });

  test('amounts are exact where they count and rough where they are guesses', () => {
    expect(credits(1_000_000n)).toBe('1 credit');
    expect(credits(1_234_567_890n)).toBe('1,234.56789 credits');
    expect(roughCredits(1_234_567_890n)).toBe('1,234');
    expect(roughCredits(1_234_567n)).toBe('1.2');
    expect(creditsLeft(2_750_713_819n)).toBe('2,750.71 credits');
    expect(creditsLeft(713_819n)).toBe('0.713819 credits');
    expect(creditsLeft(-5_250_001n)).toBe('-5.250001 credits');
    expect(roughCredits(1_234n)).toBe('0.001');
    expect(roughCredits(7n)).toBe('0.000007');
  });

  test.each([
    [30_000, 'within a minute'],
    [20 * 60_000, 'in 20 min'],
    [200 * 60_000, 'in 3 h 20 min'],
    [48 * 3_600_000 - 1, 'in 47 h 59 min'],
    [72 * 3_600_000 - 1, 'in 2 days 23 h'],
    [72 * 3_600_000, 'in 3 days'],
    [12.5 * 86_400_000, 'in 12 days'],
  ])('%s ms from now is "%s"', (ms, expected) => {
    expect(until(new Date(NOW.getTime() + ms), NOW.getTime())).toBe(expected);
  });

  test('the first step of a team is what lets its calls pass again', () => {
    const active = { ...reading, team: { ...team, status: 'active' as const } };
    const card = (cure: TeamReading['cure']) => JSON.stringify(teamCard({ ...active, cure }));
    const keyId = reading.keys[0]?.id ?? '';
    const blocked = card({ kind: 'unblock_key', teamId: team.id, keyId });
    expect(blocked).toContain('Unblock the key');
    expect(blocked).not.toContain('Top up');
    expect(card({ kind: 'none' })).toContain('Top up');
  });

  test('the nearest names come first, parts of names among them, strangers never', () => {
    const known = ['acme-prod', 'acme-prd-2', 'acme-test', 'globex'];
    expect(nearest('acme-prd', known, 3)).toEqual(['acme-prd-2', 'acme-prod']);
    expect(nearest('zzz', known, 3)).toEqual([]);
  });
});
