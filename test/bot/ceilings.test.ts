import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import type { Subject } from '../../src/core/ceilings/subject.ts';
import { createEndUser } from '../../src/core/end-users/end-users.ts';
import { hashOfKey } from '../../src/core/keys/virtual-key.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { askOf } from '../support/gate-calls.ts';
import { MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';

const USD = 1_000_000_000n;

let subject: BotUnderTest;
const { type, told, seen, press, askedAgain } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
  await givenTeam(subject, 'acme-prod');
});
afterAll(async () => subject.close());

/** Types it and waits until all is said that it brings about. */
async function say(text: string, user = MANAGER) {
  await type(text, user);
  await subject.idle();
}

/** What was said last: in the form that opened, which is closed again, or else in a message. */
async function answer(): Promise<string> {
  const [form] = subject.control.views({ user: MANAGER });
  if (form === undefined) {
    return textOf(seen(MANAGER).at(-1) ?? { blocks: [] });
  }
  await subject.control.closeView({ user: MANAGER, all: true });
  return textOf(form);
}

const teams = () => subject.stores.records.teams;
const ceilingsOf = async (id: string) => (await teams().find(id))?.ceilings;

/** Lets so many calls of a team pass the gate. */
async function call(secretKey: string, times: number) {
  const hash = hashOfKey(secretKey, subject.stores.settings.keyPepper);
  const identity = await subject.gate.identify(hash, '');
  for (let each = 0; each < times; each += 1) {
    await subject.gate.admit(askOf(identity as NonNullable<typeof identity>));
  }
}

describe('/team limits', () => {
  test('sets several at once, repeats them, and shows what is in use of each', async () => {
    const { secretKey } = await givenTeam(subject, 'limits-a');
    await say('/team limits limits-a requests=100 tokens=20k parallel=5');
    const card = textOf(await told('Limits of team limits-a'));
    for (const part of [
      '✅ Requests a minute: *100*',
      '✅ Tokens a minute: *20,000*',
      '✅ Calls at once: *5*',
      '*0* of 20,000 in the last 60 s',
      '*0* of 5 under way',
    ]) {
      expect(card).toContain(part);
    }
    await call(secretKey, 3);
    await say('/team limits limits-a', VIEWER);
    const shown = textOf(await told('*3* of 100 in the last 60 s', VIEWER));
    expect(shown).toContain('*3* of 5 under way');
    expect(shown).not.toContain('✅');
  });

  test('changes one and leaves the others; off removes it; twice changes nothing', async () => {
    await givenTeam(subject, 'limits-b');
    await say('/team limits limits-b requests=100 tokens=20k');
    await told('✅ Tokens a minute: *20,000*');
    await say('/team limits limits-b requests=1,000');
    await told('✅ Requests a minute: *1,000* (was 100)');
    await say('/team limits limits-b tokens=off');
    await told('✅ Tokens a minute: removed (was 20,000)');
    await say('/team limits limits-b requests=1000');
    await told('It is so already. Nothing was changed.');
    expect(await ceilingsOf('limits-b')).toMatchObject({
      limits: [{ kind: 'requests', max: 1_000 }],
    });
  });

  test('a boost by percent or number ends at an exact moment, and a button ends it sooner', async () => {
    await givenTeam(subject, 'limits-c');
    await say('/team limits limits-c requests=101 tokens=20k');
    await told('Limits of team limits-c');
    await say('/team limits limits-c of=requests boost=+50% until=2d');
    const card = await told('✅ Requests a minute: boosted by 51 until <!date^');
    expect(textOf(card)).toContain('🚀 Boosted: 101 + 51 until');
    expect(textOf(card)).toContain('*0* of 152');
    const { limits } = (await ceilingsOf('limits-c')) ?? { limits: [] };
    const until = limits[0]?.boost?.untilMs ?? 0;
    expect(Math.abs(until - Date.now() - 2 * DAY_MS)).toBeLessThan(60_000);
    await press(card, 'End the boost');
    await told('the boost has ended');
    expect((await ceilingsOf('limits-c'))?.limits[0]?.boost).toBeNull();
  });

  test('a limit in shadow tells what it would have refused, and a button enforces it', async () => {
    const { secretKey } = await givenTeam(subject, 'limits-d');
    await say('/team limits limits-d requests=2 shadow=yes model=gpt-4o');
    await told('in shadow (refuses nothing)');
    await call(secretKey, 5);
    await say('/team limits limits-d');
    const card = await told('it would have refused *3* calls');
    expect(textOf(card)).toContain('Requests a minute for `gpt-4o`');
    await press(card, 'Enforce');
    await told('enforced from the next call on');
    expect((await ceilingsOf('limits-d'))?.limits[0]?.shadow).toBe(false);
  });

  test('of a key by its last four, of a member by name', async () => {
    const { secretKey, keyId } = await givenTeam(subject, 'limits-e');
    await say(`/team limits limits-e requests=7 key=${secretKey.slice(-4)}`);
    await told(`Limits of key first (sk-…${secretKey.slice(-4)}) of limits-e`);
    const key = await subject.stores.records.keys.find(keyId);
    expect(key?.ceilings.limits).toMatchObject([{ max: 7 }]);
    await say('/team limits limits-e requests=7 key=none');
    await told('No single key of `limits-e` is called `none`');
    await say('/team limits limits-e requests=7 member=eve');
    await askedAgain('“eve” is no member of team “limits-e”');
    const user = { organizationId: 'acme', ceilings: { limits: [], budgets: [] } };
    const { users, members } = subject.stores.records;
    await users.insert({ ...user, id: 'ann@x.io', name: '', email: null, metadata: {} });
    await members.insert({ ...user, teamId: 'limits-e', userId: 'ann@x.io', role: 'user' });
    await say('/team limits limits-e requests=7 member=ann@x.io');
    await told('Limits of ann@x.io in team limits-e');
    expect((await members.find('limits-e', 'ann@x.io'))?.ceilings.limits).toMatchObject([
      { max: 7 },
    ]);
  });

  test('delivered twice changes once and says it once', async () => {
    await givenTeam(subject, 'limits-f');
    await say('/team limits limits-f requests=8');
    await told('Limits of team limits-f');
    await subject.control.redeliver();
    await subject.idle();
    const said = seen(MANAGER).filter((each) => textOf(each).includes('Limits of team limits-f'));
    expect(said).toHaveLength(1);
  });

  test.each([
    ['requests=-5', '“-5” is no whole number from 0 up'],
    ['requests=NaN', '“NaN” is no whole number'],
    ['requests=1e400', '“1e400” is no whole number'],
    ['requests=9999999999999', 'it must be at most 1,000,000,000,000'],
    ['requests=1.5', '“1.5” is no whole number'],
    ['requests=5 shadow=maybe', '“maybe” is neither yes nor no'],
    ['requests=5 boost=2', 'a boost needs an end'],
    ['requests=5 until=2d', 'none is given'],
    ['requests=5 boost=2 until=2020-01-01', 'it must end in the future'],
    ['requests=5 boost=2 until=soonish', 'write it like 2d, friday'],
    ['requests=5 boost=0 until=2d', 'it must be a whole number above 0'],
    ['requests=5 boost=2 until=5y', 'it must end within 366 days'],
    ['boost=2 until=2d', 'there is no such limit yet'],
    ['requests=5 tokens=5 boost=2 until=2d', 'say which one'],
    ['of=request boost=2 until=2d', 'did you mean “requests”'],
    ['request=5', 'did you mean “requests=”'],
    ['requests=5 model=gpt-*', 'the whole name of one model'],
  ])('%s is refused with the reason, and nothing is changed', async (words, said) => {
    if ((await teams().find('limits-g')) === undefined) {
      await givenTeam(subject, 'limits-g');
    }
    await say(`/team limits limits-g ${words}`);
    expect(await answer()).toContain(said);
    expect(await ceilingsOf('limits-g')).toEqual({ limits: [], budgets: [] });
  });

  test('who may only look may not change, and a team that is misspelled is offered', async () => {
    await say('/team limits acme-prod requests=5', VIEWER);
    await told('needs the role *manager*', VIEWER);
    expect(await ceilingsOf('acme-prod')).toEqual({ limits: [], budgets: [] });
    await say('/team limits acme-prdo', VIEWER);
    await told('Did you mean', VIEWER);
  });
});

describe('/team budget', () => {
  test('history shows what became of the periods that are over', async () => {
    await givenTeam(subject, 'budget-past');
    const startsAt = new Date('2026-10-01T00:00:00Z');
    const endsAt = new Date('2026-11-01T00:00:00Z');
    await subject.stores.records.budgetPeriods.addEnded(
      {
        subject: 'team:budget-past',
        meter: 'budget-1mo',
        startsAt,
        endsAt,
        organizationId: 'acme',
        teamId: 'budget-past',
        duration: '1mo',
        model: null,
        maxNanoUsd: 500n * USD,
        periods: 1,
      },
      endsAt,
    );
    await subject.postgres.budgetSpend.create({
      data: {
        subject: 'team:budget-past',
        meter: 'budget-1mo',
        startsAt,
        spentNanoUsd: 125n * USD,
      },
    });
    await say('/team budget budget-past history', VIEWER);
    const shown = textOf(await told('Ended budgets of team budget-past', VIEWER));
    expect(shown).toContain('`2026-10-01 – 2026-11-01`');
    expect(shown).toContain('*$125.00* of $500.00 (25 %)');
  });

  test('is set, raised for a while, made smaller and removed, and keeps what was spent', async () => {
    await givenTeam(subject, 'budget-a');
    await say('/team budget budget-a max=$500 every=30d soft=$400');
    const card = textOf(await told('Budgets of team budget-a'));
    for (const part of [
      '✅ Monthly budget: *$500.00*, soft at $400.00',
      '*$0.00* of $500.00 (0 %)',
      'Starts over <!date^',
    ]) {
      expect(card).toContain(part);
    }
    const made = (await ceilingsOf('budget-a'))?.budgets[0];
    await say('/team budget budget-a boost=$100 until=tomorrow');
    await told('boosted by $100.00 until <!date^');
    await say('/team budget budget-a max=$1.5k');
    await told('✅ Monthly budget: *$1,500.00* (was $500.00)');
    expect((await ceilingsOf('budget-a'))?.budgets).toMatchObject([
      {
        duration: '1mo',
        maxNanoUsd: 1_500n * USD,
        softNanoUsd: 400n * USD,
        anchorMs: made?.anchorMs,
        boost: { byNanoUsd: 100n * USD },
      },
    ]);
    await say('/team budget budget-a max=off');
    await told('✅ Monthly budget: removed (was $1,500.00)');
    expect(await ceilingsOf('budget-a')).toMatchObject({ budgets: [] });
  });

  test.each([
    ['max=$500', 'say when the budget starts over'],
    ['max=-5 every=1d', '“-5” is no amount of dollars from 0 up'],
    ['max=$5 every=0d', '“0d” is too short'.replaceAll(/[“”]/g, '\\"')],
    ['max=$5 every=-1d', 'is not a duration'],
    ['max=$5 every=1y3x', 'is not a duration'],
    ['max=$5 every=1d soft=$6', 'it is 6.00 USD, which is not below the 5.00 USD'],
    ['max=$9m every=1d', 'it must be at most 1,000,000.00 USD'],
    ['max=$5 every=1d boost=$1 until=2020-01-01', 'it must end in the future'],
    ['max=NaN every=1d', '“NaN” is no amount of dollars'],
  ])('%s is refused with the reason, and nothing is changed', async (words, said) => {
    if ((await teams().find('budget-b')) === undefined) {
      await givenTeam(subject, 'budget-b');
    }
    await say(`/team budget budget-b ${words}`);
    expect(await answer()).toContain(said);
    expect(await ceilingsOf('budget-b')).toEqual({ limits: [], budgets: [] });
  });

  test('several budgets are told apart by their durations', async () => {
    await givenTeam(subject, 'budget-c');
    await say('/team budget budget-c max=$5 every=1d');
    await told('✅ Daily budget: *$5.00*');
    await say('/team budget budget-c max=$50 every=ever');
    await told('✅ Budget in all: *$50.00*');
    await say('/team budget budget-c max=$6');
    expect(await answer()).toContain('say which one: every=1d, every=ever');
    expect(await ceilingsOf('budget-c')).toMatchObject({ budgets: { length: 2 } });
  });
});

describe('/org', () => {
  test('shows and bounds an organization and one of its people', async () => {
    await say('/org list', VIEWER);
    await told('Organizations', VIEWER);
    await say('/org limits acme requests=1k');
    await told('Limits of organization acme');
    await say('/org budget acme max=$5k every=30d');
    await told('✅ Monthly budget: *$5,000.00*');
    await say('/org limits acme requests=60 user=eve');
    await askedAgain('There is no user “eve” in organization “acme”');
    await say('/org show acme', VIEWER);
    const card = textOf(await told('Time zone of its budgets', VIEWER));
    expect(card).toContain('Requests a minute: 1,000');
    expect(card).toContain('Monthly budget: $5,000.00');
    await say('/org show acmee', VIEWER);
    await told('Did you mean `acme`?', VIEWER);
  });

  test('bounds an end user, whose next call holds to it; a person beside is asked about', async () => {
    const { secretKey } = await givenTeam(subject, 'limits-visitors');
    const { organizationId = '' } = (await teams().find('limits-visitors')) ?? {};
    const visitor = { organizationId, id: 'visitor 7' };
    await createEndUser(subject.stores, SYSTEM, visitor);
    await say(`/org limits ${organizationId} enduser="visitor 7" requests=1`);
    expect(textOf(await told('Limits of end user visitor 7'))).toContain(
      '*0* of 1 in the last 60 s',
    );
    const hash = hashOfKey(secretKey, subject.stores.settings.keyPepper);
    const identity = await subject.gate.identify(hash, '');
    const wish = { endUserId: visitor.id };
    const calling = async () =>
      subject.gate.admit(askOf(identity as NonNullable<typeof identity>, wish));
    expect([await calling(), await calling()]).toMatchObject([
      { admitted: true },
      { admitted: false, code: 'ceiling_reached' },
    ]);
    await say(`/org limits ${organizationId} enduser=visitor user=ann requests=1`);
    expect(await answer()).toContain('name the one or the other');
  });

  test('sets time zone and allocation; what does not exist or does not fit is refused', async () => {
    await givenTeam(subject, 'tight-a', { organizationId: 'tight' });
    await say('/org set tight zone=Europe/Berln');
    await askedAgain('perhaps “Europe/Berlin” is meant');
    await say('/org set tight zone=Europe/Berlin overallocation=no');
    await told('by teams*\\nrefused');
    const organization: Subject = { kind: 'organization', organizationId: 'tight' };
    await changeCeilings(subject.stores, SYSTEM, organization, [
      { set: 'limit', kind: 'requests', model: null, max: 10 },
    ]);
    await say('/team limits tight-a requests=11');
    await told('The teams of `tight` would be allowed 11 together, and it has 10');
    expect(await ceilingsOf('tight-a')).toEqual({ limits: [], budgets: [] });
    await say('/org set tight zone=UTC', VIEWER);
    await told('needs the role *manager*', VIEWER);
    await say('/org help limits', VIEWER);
    await told('/org limits', VIEWER);
  });
});
