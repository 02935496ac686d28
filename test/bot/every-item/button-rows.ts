// Every button.

import { acknowledgeAlert, snoozeAlert } from '../../../src/core/alerts/handle.ts';
import { APPROVER, MANAGER, textOf } from '../bot-for-tests.ts';
import { givenTeam } from '../person.ts';
import type { Row } from './desk.ts';
import { alertOf, check, isOpen, proposalOf } from './scenes.ts';

const MAYA = { id: `slack:${MANAGER}`, door: 'slack' } as const;

export const BUTTON_ROWS: readonly Row[] = [
  {
    item: 'button run',
    does: 'does what the typed command would',
    async use({ type, told, press }) {
      await type('/team shwo acme-prod');
      await press(await told('does not know `shwo`'), 'Run show');
      await told('spendable');
    },
  },
  {
    item: 'button form',
    does: 'opens the form of a subcommand',
    async use({ type, told, press, form }) {
      await type('/team limits help');
      await press(await told('Who may change: managers'), 'Open the form');
      await form('arguments');
    },
  },
  {
    item: 'button top_up',
    does: 'opens the form with its team',
    async use(desk) {
      await desk.press(await alertOf(desk, 'press-topup'), 'Top up');
      check(textOf(await desk.form('top_up')).includes('press-topup'), 'The form has no team');
    },
  },
  {
    item: 'button suspend',
    does: 'suspends, once confirmed',
    async use(desk) {
      await givenTeam(desk.subject, 'press-suspend');
      await desk.type('/team suspend press-suspend reason=Unpaid');
      await desk.press(await desk.told('Suspend `press-suspend`'), 'Suspend');
      await desk.told('🔴 Suspended: `press-suspend`');
    },
  },
  {
    item: 'button keep',
    does: 'changes nothing',
    async use({ subject, type, told, press }) {
      await givenTeam(subject, 'press-keep');
      await type('/team suspend press-keep');
      await press(await told('Suspend `press-keep`'), 'Keep it running');
      await told('`press-keep` keeps running');
    },
  },
  {
    item: 'button alert_seen',
    does: 'tells everybody who sees to it',
    async use(desk) {
      await desk.press(await alertOf(desk, 'press-seen'), "I'm on it");
      await desk.news('sees to it');
    },
  },
  {
    item: 'button alert_snooze',
    does: 'silences an alert for a while',
    async use(desk) {
      await desk.choose(await alertOf(desk, 'press-snooze'), 'Until tomorrow, 9:00');
      await desk.news('asked for silence');
    },
  },
  {
    item: 'button alert_hand_back',
    does: 'takes that back',
    async use(desk) {
      await alertOf(desk, 'press-back');
      const [episode] = await desk.stores.records.alerts.openOf('press-back');
      await acknowledgeAlert(desk.stores, MAYA, episode?.id ?? '');
      await desk.press(await desk.news('sees to it since'), 'Hand back');
      await desk.news('handed it back');
    },
  },
  {
    item: 'button alert_wake',
    does: 'ends the silence',
    async use(desk) {
      await alertOf(desk, 'press-wake');
      const [episode] = await desk.stores.records.alerts.openOf('press-wake');
      await snoozeAlert(desk.stores, MAYA, episode?.id ?? '', '1h');
      await desk.press(await desk.news('silent until'), 'End silence');
      await desk.news('ended the silence');
    },
  },
  {
    item: 'button undo_top_up',
    does: 'takes a top-up back',
    async use({ type, told, press }) {
      await type('/team topup acme-prod 70 reason=slip');
      await press(await told('Added 70 credits'), 'Undo');
      await told('Undone: 70 credits taken back');
    },
  },
  {
    item: 'button bulk',
    does: 'does to many what was previewed',
    async use({ subject, type, told, press }) {
      await givenTeam(subject, 'bulk-a', { organizationId: 'bulk', channelId: undefined });
      await givenTeam(subject, 'bulk-b', { organizationId: 'bulk', channelId: undefined });
      await type('/team bulk pause org=bulk reason=Move');
      await press(await told('Pause 2 teams?'), 'Pause 2 teams');
      await told('Pause 2 teams: 2 done');
    },
  },
  {
    item: 'button bulk_undo',
    does: 'takes back what was done to many',
    async use({ subject, type, told, press }) {
      await givenTeam(subject, 'undo-a', { organizationId: 'undo', channelId: undefined });
      await type('/team bulk pause org=undo reason=Move');
      await press(await told('Pause 1 team?'), 'Pause 1 team');
      await press(await told('Pause 1 team: 1 done'), 'Undo');
      await told('Undo “Pause 1 team”: 1 done');
    },
  },
  {
    item: 'button cancel',
    does: 'forgets a preview',
    async use({ type, told, press }) {
      await type('/team bulk resume org=acme reason=Move all=yes status=active');
      await type('/team credits deduct acme-prod 2 reason="Booked twice"');
      await press(await told('Deduct *2 credits* from `acme-prod`?'), 'Cancel');
      await told('Nothing was changed');
    },
  },
  {
    item: 'button page',
    does: 'turns the page of a list',
    async use({ subject, type, told, press }) {
      for (let at = 0; at < 11; at += 1) {
        await givenTeam(subject, `paged-${10 + at}`, {
          organizationId: 'paged',
          channelId: undefined,
        });
      }
      await type('/team list org=paged');
      await press(await told('Teams of paged'), 'Next');
      await press(await told('paged-20'), 'Previous');
      await press(await told('paged-10'), 'Next');
      await told('paged-20');
    },
  },
  {
    item: 'button proposal_approve',
    does: 'approves, and it is done',
    async use(desk) {
      const { card } = await proposalOf(desk, 'press-yes');
      await desk.press(card, 'Approve', APPROVER);
      await desk.told('✅ *Approved', APPROVER);
    },
  },
  {
    item: 'button proposal_withdraw',
    does: 'takes a proposal back',
    async use(desk) {
      const { own } = await proposalOf(desk, 'press-withdraw');
      await desk.press(own, 'Withdraw');
      await desk.told('Withdrawn* by <@U0MANAGER>');
    },
  },
  {
    item: 'button proposal_reject',
    does: 'asks for the reason',
    async use(desk) {
      const { card } = await proposalOf(desk, 'press-no');
      await desk.press(card, 'Reject …', APPROVER);
      await desk.form('proposal_reject', APPROVER);
      check(await isOpen(desk, 'press-no'), 'It was decided before the form was sent');
    },
  },
  {
    item: 'button proposal_question',
    does: 'asks for the question',
    async use(desk) {
      const { card } = await proposalOf(desk, 'press-ask');
      await desk.press(card, 'Ask a question …', APPROVER);
      await desk.form('proposal_question', APPROVER);
    },
  },
  {
    item: 'button proposal_urgent',
    does: 'asks for the reason',
    async use(desk) {
      const { own } = await proposalOf(desk, 'press-now');
      await desk.press(own, 'Urgent: do it now …');
      await desk.form('proposal_urgent');
      check(await isOpen(desk, 'press-now'), 'It was done before the form was sent');
    },
  },
  {
    item: 'button reveal',
    does: 'is heard, and Slack opens the link',
    async use({ type, told, press }) {
      await type('/team key new acme-prod name=reveal');
      await press(await told('has another key'), 'Reveal the key once');
    },
  },
];
