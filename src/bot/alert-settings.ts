// What a team's alerts are like: shown, set by words, set by a form.

import { setAlertPolicy } from '../core/alerts/handle.ts';
import { policyOf } from '../core/alerts/tell-alert.ts';
import { homeOf } from '../core/posts/home.ts';
import { once } from '../core/once.ts';
import { isRepeated } from '../core/change.ts';
import { isRefusal, publicSentence, refuse } from '../core/refusals.ts';
import type { Team } from '../core/teams/team.ts';
import { policyChange, wordsOf } from './alert-words.ts';
import type { AlertField, AlertWords } from './alert-words.ts';
import { alertSettings } from './blocks/alert-settings.ts';
import { objectIn } from './blocks/run-button.ts';
import type { Call } from './call.ts';
import type { Submission } from './calls.ts';
import { lateSpeech } from './commands/run-late.ts';
import { refusalSpeech } from './replies.ts';
import { tellUnknownTeam } from './unknown-team.ts';
import { alertsView } from './views/alerts.ts';
import type { Submitted } from './views/in-time.ts';
import { noticeView } from './views/notice.ts';
import { entered } from './views/state.ts';

/** Shows the settings; with words sets them, and with the wish for it opens the form. */
export async function showOrSetAlerts(
  call: Call,
  teamId: string,
  typed: AlertWords,
  wantsForm: boolean,
): Promise<void> {
  const { stores } = call.bot;
  const team = await stores.records.teams.find(teamId);
  if (team === undefined) {
    const refusal = refuse('team_unknown', { team: teamId });
    await tellUnknownTeam(call, refusal, teamId, (meant) => `/team alerts ${meant}`);
    return;
  }
  const words = withOwner(call.text, typed);
  const isSetting = Object.values(words).some((word) => word !== undefined);
  const complaint =
    isSetting || wantsForm ? await call.bot.roles.complaint(call.userId, 'manager') : undefined;
  if (complaint !== undefined) {
    await (wantsForm ? call.screen.show(noticeView('Alerts', complaint)) : call.reply(complaint));
    return;
  }
  if (wantsForm) {
    const policy = await policyOf(stores, stores.records, teamId);
    const form = { team: teamId, words: wordsOf(policy), complaints: {}, origin: call.channelId };
    if ((await call.screen.show(alertsView(form))) === 'late') {
      await call.reply(lateSpeech(call));
    }
    return;
  }
  const set = isSetting ? await setFrom(call, team, words) : undefined;
  if (!isRepeated(set)) {
    await (isRefusal(set) ? call.reply(refusalSpeech(set)) : showAlerts(call, team));
  }
}

/** A mention loses its id when words are read; the raw text has it. */
function withOwner(text: string, words: AlertWords): AlertWords {
  const mentioned = /\bowner=["'“”]?<@([UW][A-Z0-9]+)/i.exec(text)?.[1];
  return mentioned === undefined ? words : { ...words, owner: mentioned };
}

async function setFrom(call: Call, team: Team, words: AlertWords) {
  const { stores } = call.bot;
  const organization = await stores.records.organizations.find(team.organizationId);
  return once(stores, `slack:${call.onceId}`, async (inside) => {
    const present = await policyOf(inside, inside.records, team.id);
    const change = policyChange(words, present, organization?.timeZone ?? 'UTC');
    return isRefusal(change) ? change : setAlertPolicy(inside, call.actor, team.id, change);
  });
}

async function showAlerts(call: Call, team: Team): Promise<void> {
  const { stores } = call.bot;
  const policy = await policyOf(stores, stores.records, team.id);
  const open = await stores.records.alerts.openOf(team.id);
  const home = await homeOf(stores.records, team);
  await call.reply(alertSettings({ team, policy, home, open }));
}

/** Sets what the form says; what was cleared in it is cleared. */
export async function submitAlerts(call: Call, view: Submission['view']): Promise<Submitted> {
  // Made by us when the form was opened.
  const memory = (objectIn(view.private_metadata) ?? {}) as { team?: string; origin?: string };
  const { team: teamId = '', origin } = memory;
  const team = await call.bot.stores.records.teams.find(teamId);
  if (team === undefined) {
    return {
      kind: 'said',
      speech: refusalSpeech(refuse('team_unknown', { team: teamId })),
    };
  }
  const zone = entered(view, 'zone');
  const words: AlertWords = {
    thresholds: entered(view, 'thresholds') ?? '',
    budgets: entered(view, 'budgets') ?? 'none',
    owner: entered(view, 'owner') ?? 'none',
    warnings: entered(view, 'warnings') ?? 'team',
    critical: entered(view, 'critical') ?? 'team',
    quiet: entered(view, 'quiet') ?? 'none',
    ...(zone === undefined ? {} : { zone }),
    off: entered(view, 'off') ?? 'none',
  };
  const set = await setFrom(call, team, words);
  if (!isRefusal(set)) {
    return { kind: 'done', after: async () => showAlerts(call, team) };
  }
  const field = String(set.facts['field'] ?? 'thresholds') as AlertField;
  const complaints = { [field]: publicSentence(set) };
  const form = { team: team.id, words, complaints, origin };
  return { kind: 'errors', errors: complaints, view: alertsView(form) };
}
