// Whatever people call their teams, keys and reasons: nobody is called but the owner of a team, and whose deed
// is told. Everything that is said here is looked at as Slack would read it.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { acknowledgeAlert, setAlertPolicy, snoozeAlert } from '../../src/core/alerts/handle.ts';
import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { watchBudgets } from '../../src/core/alerts/watch-budgets.ts';
import { watchEndingKeys } from '../../src/core/alerts/watch-keys.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import { subjectText } from '../../src/core/ceilings/subject.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { sendDigests } from '../../src/core/digests/send-digests.ts';
import { createKey } from '../../src/core/keys/create-key.ts';
import { updateOrganization } from '../../src/core/organizations/update-organization.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { updateTeam } from '../../src/core/teams/update-team.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { createMailRoom } from './mail-room.ts';
import type { MailRoom } from './mail-room.ts';
import { spend } from './usage.ts';

const CALL = '<!channel> <!here|x> <!everyone> <!subteam^S0MANAGERS> <@U0VIEWER> @channel @here';
const OWNER = 'U0APPROVER';
const MAYA = { id: 'slack:U0MANAGER', door: 'slack' } as const;
const USD = 1_000_000_000n;

let room: MailRoom;

beforeAll(async () => {
  room = await createMailRoom();
});
afterAll(async () => room.close());

test('a name, a key, a reason or a person that looks like a call to everybody calls nobody', async () => {
  const { id: teamId, channelId } = await room.team({ organizationId: 'loud' });
  const { stores } = room;
  await updateOrganization(stores, MAYA, 'loud', { name: CALL, channelId });
  await updateTeam(stores, MAYA, teamId, { alias: CALL });
  await setAlertPolicy(stores, MAYA, { kind: 'team', teamId }, { owner: OWNER });
  const expiresAt = new Date(room.now() + 20 * DAY_MS);
  await createKey(stores, MAYA, { teamId, name: CALL, expiresAt });
  const keyId =
    (await stores.records.keys.ofTeam(teamId)).find(({ name }) => name === CALL)?.id ?? '';
  const whose = { kind: 'key', keyId } as const;
  const everyMonth = { duration: '1mo', model: null, maxNanoUsd: USD } as const;
  await changeCeilings(stores, MAYA, whose, [{ set: 'budget', ...everyMonth }]);
  const subject = subjectText(whose);
  const startsAt = new Date(new Date(room.now()).toISOString().slice(0, 7));
  await room.postgres.budgetSpend.create({
    data: { subject, meter: 'budget-1mo', startsAt, spentNanoUsd: USD },
  });
  await watchBudgets(stores);
  await spend(room, teamId, 900n);
  await watchLowCredit(stores);
  await room.sayAll();
  const open = await stores.records.alerts.openOf(teamId);
  const episode = open.find(({ kind }) => kind === 'low_credit');
  await snoozeAlert(stores, MAYA, episode?.id ?? '', '1h');
  await acknowledgeAlert(stores, MAYA, episode?.id ?? '');
  const wish = { teamId, amount: 5_000_000_000n, reason: CALL, reference: CALL };
  await topUp(stores, MAYA, wish);
  await watchLowCredit(stores);
  await setTeamStatus(stores, MAYA, { teamId, status: 'suspended', reason: CALL });
  const nextAt = new Date(room.now() + 1);
  const digest = { channelId, subject: { kind: 'organization', organizationId: 'loud' } } as const;
  await stores.records.digests.put({
    ...digest,
    every: 'daily',
    csv: false,
    nextAt,
    createdBy: CALL,
  });
  room.setNow(room.now() + 15 * DAY_MS);
  await Promise.all([sendDigests(stores), watchEndingKeys(stores)]);
  await room.sayAll();

  const said = room.workspace.control.messages({ channel: channelId });
  const texts = said.flatMap(({ text, blocks }) => [text, JSON.stringify(blocks)]).join('\n');
  for (const part of ['has a key that ends', 'saw to it', 'Yesterday of', 'whole budget']) {
    expect(texts).toContain(part);
  }
  expect(texts.match(/<!(?!date\^)/g)).toBeNull();
  const called = new Set([...texts.matchAll(/<@(\w+)/g)].map((match) => match[1]));
  expect(called).toEqual(new Set([OWNER, 'U0MANAGER']));
  // Slack finds names in plain text only where it is asked to.
  expect(room.workspace.control.everything()).not.toMatch(/"link_names"|"parse"/);
});
