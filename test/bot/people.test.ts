// The people of a customer, and what they are in it and in its teams.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { type, told, form, press } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
  await givenTeam(subject, 'acme-prod');
});
afterEach(async () => {
  if (subject.control.views({ user: MANAGER }).length > 0) {
    await subject.control.closeView({ user: MANAGER, all: true });
  }
});
afterAll(async () => subject.close());

const user = async (id: string) => subject.stores.records.users.find('acme', id);
const member = async (id: string) => subject.stores.records.members.find('acme-prod', id);

describe('in an organization', () => {
  test('are added, renamed and made admins', async () => {
    await type('/org members acme new=ann@acme.com name="Ann Lee"');
    await told('`ann@acme.com` is known to `acme` now');
    await type('/org members acme person=ann@acme.com role=admin');
    expect(textOf(await told('an *admin* of the organization'))).toContain('“Ann Lee” (admin)');
    expect(await user('ann@acme.com')).toMatchObject({ name: 'Ann Lee', role: 'admin' });
    await type('/org members acme', VIEWER);
    await told('“Ann Lee” (admin)', VIEWER);
    await type('/org members acme person=ann@acme.com role=member', VIEWER);
    await told('needs the role *manager*', VIEWER);
  });

  test.each([
    ['new=@omar', 'nobody of this workspace'],
    ['role=admin', 'say who is to be changed'],
    ['person=ann@acme.com', 'nothing to change was named'],
    ['person=nobody@acme.com name=Nobody', 'There is no user “nobody@acme.com”'],
    ['new=ann@acme.com', 'exists'],
  ])('%s is asked for again in the form', async (words, complaint) => {
    await type(`/org members acme ${words}`);
    expect(textOf(await form('arguments'))).toContain(complaint);
  });

  test('leave after a question, with their teams and keys, and come back without them', async () => {
    await type('/team key new acme-prod laptop new-owner=bob@acme.com');
    await told('*Owner*  bob@acme.com');
    await type('/org members acme remove=bob@acme.com');
    const asked = await told('Take `bob@acme.com` out of `acme`?');
    expect((await member('bob@acme.com'))?.role).toBe('user');
    await press(asked, 'Take out');
    await told('is out of 1 team; 1 key is revoked');
    expect((await member('bob@acme.com'))?.role).toBe('removed');
    await type('/org members acme remove=bob@acme.com');
    expect(textOf(await form('arguments'))).toContain('There is no user “bob@acme.com”');
    await subject.control.closeView({ user: MANAGER, all: true });
    await type('/org members acme new=bob@acme.com');
    await told('`bob@acme.com` is known to `acme` now');
    const keys = await subject.stores.records.keys.ofTeam('acme-prod');
    expect(keys.find(({ userId }) => userId === 'bob@acme.com')?.status).toBe('revoked');
  });
});

describe('in a team', () => {
  test('are given another role, also while they are added', async () => {
    await type('/team members acme-prod new=cleo@acme.com role=admin');
    await told('`cleo@acme.com` is in `acme-prod` now, as *admin*');
    await type('/team members acme-prod member=cleo@acme.com role=user');
    await told('`cleo@acme.com` is *user* in `acme-prod` from now on');
    expect((await member('cleo@acme.com'))?.role).toBe('user');
    await type('/team members acme-prod member=cleo@acme.com');
    expect(textOf(await form('arguments'))).toContain('say which, like role=admin');
  });

  test('may at the management door what their team was granted', async () => {
    await type('/team members acme-prod may=key.create,key.rotate');
    await told('Keys of members may from now on: `key.create`, `key.rotate`');
    expect((await subject.stores.records.teams.find('acme-prod'))?.memberPermissions).toEqual([
      'key.create',
      'key.rotate',
    ]);
    await type('/team members acme-prod may=team.delete');
    expect(textOf(await form('arguments'))).toContain('“team.delete” is nothing that can be');
    await subject.control.closeView({ user: MANAGER, all: true });
    await type('/team members acme-prod may=none');
    await told('nothing of the management door');
  });
});
