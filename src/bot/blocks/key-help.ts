import { code, mrkdwn } from '../escape.ts';
import { context, sentence } from './kit.ts';
import type { Speech } from './kit.ts';

const KEY_VERBS = 'list, show, new, edit, rotate, expire, block, unblock and revoke';

/** For a word that `/team key` does not know. */
export function keyHelp(action: string, meant: string | undefined): Speech {
  const guess = meant === undefined ? mrkdwn`` : mrkdwn` Did you mean ${code(meant)}?`;
  return sentence(
    mrkdwn`${code('/team key')} can ${{ mrkdwn: KEY_VERBS }}, but not ${code(action)}.${guess}`,
    context(mrkdwn`For example ${code('/team key new acme-prod name="CI server"')}`),
  );
}
