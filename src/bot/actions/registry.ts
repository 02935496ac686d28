// What each button does. A button's action is its name here, or the name, a colon and what tells it from
// its neighbours in the same block.

import { freeAlert, seeAlert, silenceAlert, unsilenceAlert } from '../alerts.ts';
import { snoozeOf } from '../blocks/alert-handling.ts';
import { planIdOf } from '../blocks/bulk.ts';
import { confirmBulk, revertBulk } from '../bulk.ts';
import { cancelledSpeech } from '../blocks/cancel-button.ts';
import { keptSpeech, statusCommandOf, statusValueOf } from '../blocks/status.ts';
import { pageTurnOf } from '../blocks/page-buttons.ts';
import { runValueOf } from '../blocks/run-button.ts';
import { topUpValueOf } from '../blocks/top-up-button.ts';
import type { Bot, Call } from '../call.ts';
import { callOfPress, choiceOf } from '../calls.ts';
import type { Press } from '../calls.ts';
import { COMMANDS } from '../commands/registry.ts';
import { openForm, runCommand } from '../commands/run.ts';
import { changesAtOnce, oldButtonSpeech, saidTooLongAgo } from '../old-buttons.ts';
import { answering } from '../replies.ts';
import { scopedTo } from '../scope.ts';
import type { Named } from '../scope.ts';
import type { Role } from '../roles.ts';
import { sightOf } from '../sight.ts';
import { undoValueOf } from '../blocks/undo.ts';
import { undoTopUp } from '../undo.ts';
import { confirmStatus } from '../statuses.ts';
import { draftFrom, showTopUpForm } from '../top-up-form.ts';
import { pressApprove, pressWithdraw } from '../approvals/decide.ts';
import { proposalValueOf } from '../blocks/proposal-card.ts';
import type { ProposalValue } from '../blocks/proposal-card.ts';
import {
  proposalForm,
  proposalFormTitle,
  QUESTION,
  REJECT,
  URGENT,
} from '../views/proposal-forms.ts';
import { noticeView } from '../views/notice.ts';

type Handler = (bot: Bot, press: Press) => Promise<void>;

/** Every button there is, by the name of its action. */
export const ACTIONS: Readonly<Record<string, Handler>> = {
  /** Does what a typed command would. */
  run: async (bot, press) => {
    const value = runValueOf(press.action.value);
    const call = callOfPress(bot, press, value ?? { text: '/team help' });
    const oldSince = saidTooLongAgo(press, bot.stores.clock());
    await answering(call, async () =>
      oldSince !== undefined && changesAtOnce(COMMANDS, call.text)
        ? call.reply(oldButtonSpeech(oldSince, call.text, call.onceId))
        : runCommand(call, COMMANDS),
    );
  },

  /** Opens the form of a subcommand, whether or not it needs words. */
  form: async (bot, press) => {
    const call = callOfPress(bot, press, { text: press.action.value ?? '' });
    await answering(call, async () => runCommand(call, COMMANDS, { inForm: true }));
  },

  top_up: async (bot, press) => {
    const pressed = callOfPress(bot, press);
    await answering(pressed, async () => {
      const value = topUpValueOf(press.action.value);
      if (value === undefined || !(await openForm(pressed, 'Top up'))) {
        return;
      }
      const call = await scopedTo(pressed, { teams: [value.team] });
      const complaint = await call.bot.roles.complaint(call.userId, 'manager');
      await (complaint === undefined
        ? showTopUpForm(call, draftFrom(value), value.reference)
        : call.screen.show(noticeView('Top up', complaint)));
    });
  },

  /** Suspends or archives, as the question said. */
  suspend: async (bot, press) => {
    const value = statusValueOf(press.action.value);
    const text = `suspend ${value?.kind ?? ''} ${value?.id ?? ''}`;
    const call = callOfPress(
      bot,
      press,
      value === undefined ? undefined : { text, once: value.once },
    );
    const ids = [value?.id ?? ''];
    const named = value?.kind === 'organization' ? { organizations: ids } : { teams: ids };
    const oldSince = saidTooLongAgo(press, bot.stores.clock());
    await asking(call, 'manager', named, async (scoped) => {
      if (value !== undefined && oldSince !== undefined) {
        await scoped.reply(oldButtonSpeech(oldSince, statusCommandOf(value), call.onceId));
      } else if (value !== undefined) {
        await confirmStatus(scoped, value);
      }
    });
  },

  alert_seen: async (bot, press) => {
    const call = callOfPress(bot, press);
    const id = press.action.value ?? '';
    await asking(call, 'manager', alertNamed(bot, id), async (scoped) => seeAlert(scoped, id));
  },

  alert_hand_back: async (bot, press) => {
    const call = callOfPress(bot, press);
    const id = press.action.value ?? '';
    await asking(call, 'manager', alertNamed(bot, id), async (scoped) => freeAlert(scoped, id));
  },

  alert_snooze: async (bot, press) => {
    const call = callOfPress(bot, press);
    const wish = snoozeOf(choiceOf(press));
    await asking(call, 'manager', alertNamed(bot, wish?.episodeId ?? ''), async (scoped) => {
      await (wish === undefined ? undefined : silenceAlert(scoped, wish));
    });
  },

  alert_wake: async (bot, press) => {
    const call = callOfPress(bot, press);
    const id = press.action.value ?? '';
    await asking(call, 'manager', alertNamed(bot, id), async (scoped) => {
      await unsilenceAlert(scoped, id);
    });
  },

  keep: async (bot, press) => {
    const call = callOfPress(bot, press);
    await answering(call, async () =>
      call.reply(keptSpeech(press.action.value ?? ''), { replace: true }),
    );
  },

  undo_top_up: async (bot, press) => {
    const call = callOfPress(bot, press);
    const value = undoValueOf(press.action.value);
    await asking(call, 'manager', { teams: [value?.team ?? ''] }, async (scoped) => {
      await (value === undefined ? undefined : undoTopUp(scoped, value));
    });
  },

  /** Does to many teams what was previewed. */
  bulk: async (bot, press) => {
    const call = callOfPress(bot, press);
    const planId = planIdOf(press.action.value);
    await asking(call, 'manager', planNamed(call, planId), async (scoped) => {
      await (planId === undefined ? undefined : confirmBulk(scoped, planId));
    });
  },

  /** Takes back what was done to many teams. */
  bulk_undo: async (bot, press) => {
    const call = callOfPress(bot, press);
    const planId = planIdOf(press.action.value);
    await asking(call, 'manager', planNamed(call, planId), async (scoped) => {
      await (planId === undefined ? undefined : revertBulk(scoped, planId));
    });
  },

  cancel: async (bot, press) => {
    const call = callOfPress(bot, press);
    await answering(call, async () => call.reply(cancelledSpeech(), { replace: true }));
  },

  /** Answers the same command again, from another place of its list on. */
  page: async (bot, press) => {
    const { text, path } = pageTurnOf(press.action.value) ?? { text: '/team list', path: [] };
    const call = { ...callOfPress(bot, press, { text }), path };
    await answering(call, async () => runCommand(call, COMMANDS));
  },

  proposal_approve: deciding(pressApprove),
  proposal_withdraw: deciding(pressWithdraw),
  proposal_reject: formAbout(REJECT),
  proposal_question: formAbout(QUESTION),
  proposal_urgent: formAbout(URGENT),

  /** The button is a link: Slack opens it, and wants to be told that it was heard. */
  reveal: async () => undefined,
};

/** Does it for who may; everybody else is told what is missing. */
async function asking(
  call: Call,
  needed: Role,
  named: Named | (() => Promise<Named>),
  work: (scoped: Call) => Promise<void>,
): Promise<void> {
  await answering(call, async () => {
    const scoped = await scopedTo(call, typeof named === 'function' ? await named() : named);
    const complaint = await scoped.bot.roles.complaint(call.userId, needed);
    await (complaint === undefined ? work(scoped) : call.reply(complaint));
  });
}

/** Whom an alert is about. */
function alertNamed({ stores }: Bot, episodeId: string): () => Promise<Named> {
  return async () => ({
    organizations: [(await stores.records.alerts.find(episodeId))?.organizationId ?? ''],
  });
}

/** The teams that a plan would change; nothing where it is not known, or for who may change all. */
function planNamed(call: Call, planId: string | undefined): () => Promise<Named> {
  return async () => {
    const isWhole = planId === undefined || (await sightOf(call, 'manager')) === 'everything';
    const plan = isWhole ? undefined : await call.bot.stores.records.bulkPlans.find(planId);
    return { teams: plan?.teamIds ?? [] };
  };
}

/** Each of these asks by itself whether this person may. */
function deciding(decide: (call: Call, value: ProposalValue) => Promise<void>): Handler {
  return async (bot, press) => {
    const call = callOfPress(bot, press);
    await answering(call, async () => {
      const value = proposalValueOf(press.action.value);
      if (value !== undefined) {
        await decide(call, value);
      }
    });
  };
}

/** Opens a form about a proposal; what it says is asked again when it is sent. */
function formAbout(form: string): Handler {
  return async (bot, press) => {
    const call = callOfPress(bot, press);
    await answering(call, async () => {
      const value = proposalValueOf(press.action.value);
      if (value === undefined || !(await openForm(call, proposalFormTitle(form)))) {
        return;
      }
      const proposal = await bot.stores.records.approvals.find(value.id);
      if (proposal === undefined) {
        return;
      }
      const memory = { ...value, origin: call.channelId };
      await call.screen.show(proposalForm(form, proposal, memory));
    });
  };
}
