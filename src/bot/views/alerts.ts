// The form for what a team's alerts are like.

import type { ModalView } from '@slack/types';
import { ALERT_KINDS } from '../../core/alerts/episode.ts';
import { KIND_NAMES } from '../alert-words.ts';
import type { AlertField, AlertWords } from '../alert-words.ts';
import { context, plain } from '../blocks/kit.ts';
import { code, mrkdwn } from '../escape.ts';
import { inputBlock, lineInput, option } from './inputs.ts';
import { MODAL_TITLE_MAX } from './notice.ts';

export const ALERTS = 'alerts';

export interface AlertsForm {
  readonly team: string;
  readonly words: AlertWords;
  readonly complaints: Readonly<Partial<Record<AlertField, string>>>;
  readonly origin: string | undefined;
}

export function alertsView({ team, words, complaints, origin }: AlertsForm): ModalView {
  return {
    type: 'modal',
    callback_id: ALERTS,
    title: plain('Alerts', MODAL_TITLE_MAX),
    submit: plain('Save', MODAL_TITLE_MAX),
    close: plain('Cancel', MODAL_TITLE_MAX),
    private_metadata: JSON.stringify({ team, origin }),
    blocks: [
      context(
        mrkdwn`Team ${code(team)}. What is left empty goes to the channel of the team, or to nobody.`,
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
