// What the alerts of a team or an organization are like: shown, set by words, set by a form.

import type { AlertSubject } from '../core/alerts/alert-records.ts';
import { setAlertPolicy, whoseOf } from '../core/alerts/handle.ts';
import { policyOf } from '../core/alerts/tell-alert.ts';
import { homeOf, homeOfOrganization } from '../core/posts/home.ts';
import { once } from '../core/once.ts';
import { timeZoneOf } from '../core/organizations/zone-of.ts';
import { isRepeated } from '../core/change.ts';
import { isRefusal, publicSentence, refuse } from '../core/refusals.ts';
import { policyChange, wordsOf } from './alert-words.ts';
import type { AlertField, AlertWords } from './alert-words.ts';
import { alertSettings } from './blocks/alert-settings.ts';
import { objectIn } from './blocks/run-button.ts';
import type { Call } from './call.ts';
import type { Submission } from './calls.ts';
import { lateSpeech } from './commands/run-late.ts';
import { refusalSpeech } from './replies.ts';
import { alertsView } from './views/alerts.ts';
import type { Submitted } from './views/in-time.ts';
import { noticeView } from './views/notice.ts';
import { entered } from './views/state.ts';

/** Shows the settings of who is known; with words sets them, and with the wish for it opens the form. */
export async function showOrSetAlerts(
  call: Call,
  subject: AlertSubject,
  words: AlertWords,
  wantsForm: boolean,
): Promise<void> {
  const { stores, roles } = call.bot;
  const isSetting = Object.values(words).some((word) => word !== undefined);
  const complaint =
    isSetting || wantsForm ? await roles.complaint(call.userId, 'manager') : undefined;
  if (complaint !== undefined) {
    await (wantsForm ? call.screen.show(noticeView('Alerts', complaint)) : call.reply(complaint));
    return;
  }
  if (wantsForm) {
    const policy = await policyOf(stores, stores.records, whoseOf(subject));
    const shown = { ...wordsOf(policy), ...words };
    const form = { subject, words: shown, complaints: {}, origin: call.channelId };
    if ((await call.screen.show(alertsView(form))) === 'late') {
      await call.reply(lateSpeech(call));
    }
    return;
  }
  const set = isSetting ? await setFrom(call, subject, words) : undefined;
  if (!isRepeated(set)) {
    await (isRefusal(set) ? call.reply(refusalSpeech(set)) : showAlerts(call, subject, isSetting));
  }
}

async function setFrom(call: Call, subject: AlertSubject, words: AlertWords) {
  const { stores } = call.bot;
  return once(stores, `slack:${call.onceId}`, async (inside) => {
    const { records } = inside;
    const present = await policyOf(inside, records, whoseOf(subject));
    const change = policyChange(words, present, await timeZoneOf(records, subject));
    return isRefusal(change) ? change : setAlertPolicy(inside, call.actor, subject, change);
  });
}

async function showAlerts(call: Call, subject: AlertSubject, isChanged: boolean): Promise<void> {
  const { stores } = call.bot;
  const { alerts } = stores.records;
  const [policy, home, open] = await Promise.all([
    policyOf(stores, stores.records, whoseOf(subject)),
    homeOfSubject(call, subject),
    subject.kind === 'team' ? alerts.openOf(subject.teamId) : alerts.openIn(subject.organizationId),
  ]);
  await call.reply(alertSettings({ subject, policy, home, open, isChanged }));
}

/** Where it is spoken to, unless the policy says otherwise. */
async function homeOfSubject({ bot }: Call, subject: AlertSubject): Promise<string> {
  const { records } = bot.stores;
  if (subject.kind === 'organization') {
    return homeOfOrganization(await records.organizations.find(subject.organizationId));
  }
  const team = await records.teams.find(subject.teamId);
  return homeOf(records, { channelId: null, organizationId: '', ...team });
}

/** Sets what the form says; what was cleared in it is cleared. */
export async function submitAlerts(call: Call, view: Submission['view']): Promise<Submitted> {
  const subject = subjectOfForm(view);
  // Made by us when the form was opened.
  const { origin } = (objectIn(view.private_metadata) ?? {}) as { origin?: string };
  if (subject === undefined) {
    return { kind: 'said', speech: refusalSpeech(refuse('team_unknown', { team: '' })) };
  }
  const words = wordsIn(view);
  const set = await setFrom(call, subject, words);
  if (!isRefusal(set)) {
    return { kind: 'done', after: async () => showAlerts(call, subject, true) };
  }
  if (set.refused !== 'value_invalid') {
    return { kind: 'said', speech: refusalSpeech(set) };
  }
  const field = String(set.facts['field'] ?? 'thresholds') as AlertField;
  const complaints = { [field]: publicSentence(set) };
  const form = { subject, words, complaints, origin };
  return { kind: 'errors', errors: complaints, view: alertsView(form) };
}

/** Whose alerts a form is about, as it carries it from its opening. */
export function subjectOfForm(view: Pick<Submission['view'], 'private_metadata'>) {
  const { team, org } = objectIn(view.private_metadata) ?? {};
  if (typeof team === 'string') {
    return { kind: 'team', teamId: team } as const;
  }
  return typeof org === 'string'
    ? ({ kind: 'organization', organizationId: org } as const)
    : undefined;
}

function wordsIn(view: Submission['view']): AlertWords {
  const zone = entered(view, 'zone');
  return {
    thresholds: entered(view, 'thresholds') ?? '',
    budgets: entered(view, 'budgets') ?? 'none',
    owner: entered(view, 'owner') ?? 'none',
    warnings: entered(view, 'warnings') ?? 'team',
    critical: entered(view, 'critical') ?? 'team',
    quiet: entered(view, 'quiet') ?? 'none',
    ...(zone === undefined ? {} : { zone }),
    off: entered(view, 'off') ?? 'none',
    periods: entered(view, 'periods') ?? 'off',
  };
}
