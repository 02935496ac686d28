// The form for what the alerts of a team or an organization are like.

import type { ModalView } from '@slack/types';
import type { AlertSubject } from '../../core/alerts/alert-records.ts';
import { ALERT_KINDS } from '../../core/alerts/episode.ts';
import { KIND_NAMES } from '../alert-words.ts';
import type { AlertField, AlertWords } from '../alert-words.ts';
import { context, plain } from '../blocks/kit.ts';
import { code, mrkdwn } from '../escape.ts';
import { inputBlock, lineInput, option } from './inputs.ts';
import { MODAL_TITLE_MAX } from './notice.ts';

export const ALERTS = 'alerts';

export interface AlertsForm {
  readonly subject: AlertSubject;
  readonly words: AlertWords;
  readonly complaints: Readonly<Partial<Record<AlertField, string>>>;
  readonly origin: string | undefined;
}

export function alertsView({ subject, words, complaints, origin }: AlertsForm): ModalView {
  const whose =
    subject.kind === 'team' ? { team: subject.teamId } : { org: subject.organizationId };
  return {
    type: 'modal',
    callback_id: ALERTS,
    title: plain('Alerts', MODAL_TITLE_MAX),
    submit: plain('Save', MODAL_TITLE_MAX),
    close: plain('Cancel', MODAL_TITLE_MAX),
    private_metadata: JSON.stringify({ ...whose, origin }),
    blocks: [
      context(
        subject.kind === 'team'
          ? mrkdwn`Team ${code(subject.teamId)}. What is left empty goes to the channel of the team, or to nobody.`
          : mrkdwn`Organization ${code(subject.organizationId)}, and its teams in what they did not choose themselves. What is left empty goes to its channel, or to nobody.`,
      ),
      lineInput({
        id: 'thresholds',
        label: 'Low credit at',
        placeholder: '50, 20, 5',
        hint: 'Percent of the latest funding; 0 is always told.',
        initial: words.thresholds,
        complaint: complaints.thresholds,
      }),
      lineInput({
        id: 'budgets',
        label: 'Budgets at',
        placeholder: '50, 80',
        hint: 'Percent of each budget; 100 and soft amounts are always told.',
        initial: words.budgets,
        complaint: complaints.budgets,
        optional: true,
      }),
      chooser('owner', 'Who is mentioned', 'users_select', words.owner),
      chooser('warnings', 'Warnings go to', 'conversations_select', words.warnings),
      chooser('critical', 'What is critical goes to', 'conversations_select', words.critical),
      lineInput({
        id: 'quiet',
        label: 'Quiet hours',
        placeholder: '22:00-07:00',
        hint: 'Only what is critical is told then.',
        initial: words.quiet,
        complaint: complaints.quiet,
        optional: true,
      }),
      lineInput({
        id: 'zone',
        label: 'Time zone of the quiet hours',
        placeholder: 'Europe/Berlin',
        initial: words.zone,
        complaint: complaints.zone,
        optional: true,
      }),
      kinds(words.off),
      endedBudgets(words.periods),
    ],
  };
}

function chooser(
  id: AlertField,
  label: string,
  type: 'users_select' | 'conversations_select',
  chosen: string | undefined,
) {
  const has = chosen !== undefined && chosen !== '';
  const element =
    type === 'users_select'
      ? { type, action_id: id, ...(has ? { initial_user: chosen } : {}) }
      : {
          type,
          action_id: id,
          filter: { include: ['public' as const, 'private' as const], exclude_bot_users: true },
          ...(has ? { initial_conversation: chosen } : {}),
        };
  return inputBlock({ id, label, optional: true }, element);
}

function kinds(off: string | undefined) {
  const options = ALERT_KINDS.map((kind) => option(kind, KIND_NAMES[kind]));
  const hidden = (off ?? '').split(',');
  const chosen = options.filter(({ value }) => hidden.includes(value ?? ''));
  return inputBlock(
    { id: 'off', label: 'Not told', optional: true },
    {
      type: 'checkboxes',
      action_id: 'off',
      options,
      ...(chosen.length === 0 ? {} : { initial_options: chosen }),
    },
  );
}

function endedBudgets(periods: string | undefined) {
  const options = [option('off', 'Not told'), option('on', 'Told, in the channel')];
  const chosen = options.find(({ value }) => value === periods);
  return inputBlock(
    {
      id: 'periods',
      label: 'Budgets that start over',
      hint: 'What became of each period, as one message.',
      optional: true,
    },
    {
      type: 'static_select',
      action_id: 'periods',
      options,
      ...(chosen === undefined ? {} : { initial_option: chosen }),
    },
  );
}
