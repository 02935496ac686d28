import { describe, expect, test } from 'vitest';
import { brokenOffSpeech } from '../../src/bot/blocks/broken-off.ts';
import { groupCard } from '../../src/bot/blocks/access-group.ts';
import { CATALOG_ROWS_SHOWN, catalogRows, catalogSpeech } from '../../src/bot/blocks/catalog.ts';
import { alertOfKind } from '../../src/bot/blocks/alert-of-kind.ts';
import { alertSettings } from '../../src/bot/blocks/alert-settings.ts';
import type { Speech } from '../../src/bot/blocks/kit.ts';
import { ALERT_KINDS } from '../../src/core/alerts/episode.ts';
import { alertSpeech } from '../../src/bot/blocks/alert.ts';
import { auditList } from '../../src/bot/blocks/audit.ts';
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
import { toJson } from '../../src/core/approvals/action.ts';
import type { TeamReading } from '../../src/bot/readings.ts';
import { homeView } from '../../src/bot/views/home.ts';
import { createTeamView } from '../../src/bot/views/create-team.ts';
import { topUpView } from '../../src/bot/views/top-up.ts';
import { OPERATORS } from '../../src/core/posts/post.ts';
import type { Team } from '../../src/core/teams/team.ts';
import { forecast } from '../../src/core/usage/burn.ts';
import { checkMessageBlocks, checkView } from '../../src/embedded/slack/blocks/check.ts';
import {
  HOSTILE,
  NOW,
  alert,
  asked,
  boundKey,
  changes,
  entry,
  episode,
  facts,
  groups,
  member,
  money,
  newsReading,
  nothingLeft,
  open,
  page,
  policy,
  reading,
  standee,
  suspension,
  team,
} from './blocks/hostile.ts';

/** All that Slack reads as markup. */
function read(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return '';
  }
  return Object.entries(value)
    .map(([name, inner]) => (name === 'text' && typeof inner === 'string' ? inner : read(inner)))
    .join('\n');
}

const longNames = Array.from({ length: 100 }, (_, at) => `${HOSTILE}${at}`);

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
        isChanged: true,
      }),
    ],
    [
      'a page of what is served',
      catalogSpeech(
        {
          ...page,
          rows: catalogRows({ groups, aliases: [] }, undefined).slice(0, CATALOG_ROWS_SHOWN),
        },
        { rows: 120, search: 'group' },
      ),
    ],
    [
      'a page of models in no group',
      catalogSpeech(
        {
          ...page,
          rows: catalogRows({ groups: [], aliases: longNames }, undefined).slice(
            0,
            CATALOG_ROWS_SHOWN,
          ),
        },
        { rows: 100, search: undefined },
      ),
    ],
    [
      'an access group',
      groupCard(
        {
          name: 'n'.repeat(64),
          title: 'A group',
          description: HOSTILE,
          models: longNames,
          active: false,
          isOfFile: true,
          teams: Array.from({ length: 20 }, () => team.id),
        },
        { page: { ...page, rows: longNames.slice(0, 40) } },
      ),
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
          firstCall: { model: 'model-0', dialect: 'anthropic' },
        },
      }),
    ],
    [
      'models',
      modelsSpeech({
        team,
        groups: [],
        keys: Array.from({ length: 200 }, () => boundKey),
        isChanged: true,
      }),
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
      changes: reading.deeds.map((deed) => ({ deed, key: undefined })),
    });
    expect(checkView(home)).toMatchObject({ ok: true });
  });
});

describe('a team card', () => {
  test('the first step of a team is what lets its calls pass again', () => {
    const active = { ...reading, team: { ...team, status: 'active' as const } };
    const card = (cure: TeamReading['cure']) => JSON.stringify(teamCard({ ...active, cure }));
    const keyId = reading.keys[0]?.id ?? '';
    const blocked = card({ kind: 'unblock_key', teamId: team.id, keyId });
    expect(blocked).toContain('Unblock the key');
    expect(blocked).not.toContain('Top up');
    expect(card({ kind: 'none' })).toContain('Top up');
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
    expect(low).toContain(`<!date^${seconds(5).getTime() / 1_000}^`);
    expect(low).not.toMatch(/now|refused/);
    const gone = said({ money: nothingLeft, forecast: soon });
    expect(gone).toContain('has no credits left');
    expect(gone).toContain('calls are refused');
    expect(gone).not.toContain('Runs out');
  });

  test('names moments, and no time that is left until then: the message stays, and that would soon be wrong', () => {
    const end = { burnPerHour: 10n ** 9n, exhaustedAt: seconds(3 * 3_600), roughFromCalls: null };
    expect(said({ forecast: end })).not.toMatch(/in 3 h|within a minute/);
    const exhaustion = { earliest: seconds(3 * 3_600), latest: seconds(9 * 3_600), paces: 2 };
    const apart = said({ forecast: end, exhaustion });
    expect(apart).not.toMatch(/in \d+ (?:h|min|days)/);
    for (const each of [exhaustion.earliest, exhaustion.latest]) {
      expect(apart).toContain(`<!date^${each.getTime() / 1_000}^`);
    }
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

test('the audit trail tells what was proposed, and what came of it, in words', () => {
  const action = { kind: 'top_up', teamId: 'acme', amount: 20_000_000_000n, reason: 'Annual plan' };
  const line = {
    position: 1n,
    at: NOW,
    actor: 'slack:U1',
    door: 'slack',
    action: 'proposal.approved',
    target: 'team:acme',
    before: { status: 'pending' },
    after: {
      status: 'applied',
      action: toJson(action),
      outcome: { balanceAfter: '21746000000' },
      reference: 'slack:1',
    },
    reason: null,
  };
  const told = JSON.stringify(
    auditList({ rows: [line], path: [], next: undefined, text: '' }).blocks,
  );
  expect(told).toContain('wish `Top up acme: 20,000 credits`; balance after `21,746 credits`');
  expect(told).not.toMatch(/bigint|slack:1\b/);
});
