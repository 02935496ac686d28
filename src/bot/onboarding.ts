// A customer begins: the same from the command, the shortcut and the home tab.

import { CLIENT } from '../core/keys/reveal-link.ts';
import { makeRevealLink } from '../core/keys/reveal.ts';
import { firstCallOf } from '../core/models/first-call.ts';
import type { Onboarded } from '../core/onboarding/onboard.ts';
import { tellWaiting } from './approvals/ask.ts';
import { onboardedSpeech } from './blocks/onboarded.ts';
import type { OnboardedTeamFacts } from './blocks/onboarded.ts';
import type { Call } from './call.ts';
import { groupsOf } from './readings.ts';
import { onboardView } from './views/onboard.ts';
import type { OnboardForm } from './views/onboard.ts';

type Draft = Pick<OnboardForm, 'typed' | 'complaints' | 'stray'>;

/** The form with what can be chosen at this moment. */
export async function onboardForm(call: Call, draft: Draft): Promise<OnboardForm> {
  const groups = await call.bot.stores.records.accessGroups.list();
  return { ...draft, groups, origin: call.channelId };
}

/** Opens the form. Answers as the screen does. */
export async function showOnboardForm(call: Call, draft: Draft) {
  return call.screen.show(onboardView(await onboardForm(call, draft)));
}

/** Tells the person what exists now, with the links to the keys and the message for the client. */
export async function tellOnboarded(call: Call, { organization, teams }: Onboarded): Promise<void> {
  const { stores, publicUrl, log } = call.bot;
  const facts: OnboardedTeamFacts[] = [];
  for (const { team, keyId, secretKey, waiting } of teams) {
    const key = { keyId, teamId: team.id, secretKey };
    const secret = await makeRevealLink(stores, call.actor, key, CLIENT).catch((error: unknown) => {
      log.error({ err: error, team: team.id }, 'A reveal link could not be made');
      return undefined;
    });
    const account = await stores.records.ledger.account(team.id);
    facts.push({
      team,
      credits: account?.balance ?? 0n,
      isWaiting: waiting !== undefined,
      revealUrl: secret === undefined ? undefined : `${publicUrl}/reveal/${secret}`,
    });
  }
  const groups = await groupsOf(stores, teams[0]?.team.accessGroups ?? []);
  const models = groups.flatMap((group) => group.aliases);
  const firstCall = await firstCallOf(stores.records.accessGroups, models);
  const client = { models, firstCall, publicUrl };
  await call.reply(onboardedSpeech({ organization, teams: facts, groups, client }));
  for (const { waiting } of teams) {
    await (waiting && tellWaiting(call, waiting, true));
  }
}
