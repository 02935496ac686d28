import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import { quoted } from '../commands/words.ts';
import { code, mrkdwn } from '../escape.ts';
import { cancelButton } from './cancel-button.ts';
import { actions, sentence } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';

/** What ends a secret at once. */
export interface KeyEnd {
  readonly action: 'revoke' | 'expire' | 'rotate';
  readonly key: VirtualKey;
}

interface Kept {
  readonly expires?: string;
  readonly for?: string;
}

const QUESTIONS = {
  revoke: {
    label: 'Revoke',
    effect: 'From its next call on, whoever uses it gets 401. That is for ever.',
  },
  expire: {
    label: 'End now',
    effect: 'From its next call on, whoever uses it gets 401, until it is given another end.',
  },
  rotate: {
    label: 'Rotate at once',
    effect: 'Its secret stops working now, and clients get 401 until they have the new one.',
  },
} as const;

/** Asks before clients stop working. */
export function endingQuestion(
  { action, key }: KeyEnd,
  { expires, for: whom }: Kept,
  once: string,
): Speech {
  const { label, effect } = QUESTIONS[action];
  const rest = [
    ...(action === 'rotate' ? ['grace=0'] : []),
    ...(expires === undefined ? [] : [`expires=${quoted(expires)}`]),
    ...(whom === undefined ? [] : [`for=${whom}`]),
    'sure=yes',
  ];
  const command = `/team key ${action} ${key.teamId} ${key.id} ${rest.join(' ')}`;
  return sentence(
    mrkdwn`${label}: key ${code(`sk-…${key.lastFour}`)} (${key.name}) of ${code(key.teamId)}? ${effect} Calls under way end normally.`,
    actions(runButton(label, command, { once, style: 'danger' }), cancelButton()),
  );
}
