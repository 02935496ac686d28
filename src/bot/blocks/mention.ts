import { code, joined, mrkdwn } from '../escape.ts';
import { actions, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { topUpButton } from './top-up-button.ts';

const COMMAND = /^(team|org|credits|usage|models|quartermaster)(\s|$)/i;

/** For who named the bot: what they may have meant, as buttons. */
export function mentionSpeech(words: string, teamIds: readonly string[]): Speech {
  if (COMMAND.test(words)) {
    const text = `/${words}`;
    const said = mrkdwn`Shall I run ${code(text)}?`;
    return sentence(said, actions(runButton('Run it', text, { style: 'primary' })));
  }
  const [only] = teamIds;
  if (only === undefined) {
    return sentence(
      mrkdwn`Name a team and I show it, or take one of these.`,
      actions(
        runButton('Teams', '/team list', { style: 'primary' }),
        runButton('Who is low', '/credits'),
        runButton('Help', '/quartermaster help'),
      ),
    );
  }
  if (teamIds.length > 1) {
    const shown = teamIds.slice(0, 3);
    return speech(mrkdwn`Which team?`, [
      section(mrkdwn`Which of ${joined(shown.map(code))} do you mean?`),
      actions(...shown.map((id) => runButton(id, `/team show ${id}`))),
    ]);
  }
  return speech(mrkdwn`What about team ${only}?`, [
    section(mrkdwn`What about ${code(only)}?`),
    actions(
      runButton('Show team', `/team show ${only}`, { style: 'primary' }),
      topUpButton(only),
      runButton('Usage', `/team usage ${only}`),
      runButton('Keys', `/team key ${only}`),
      runButton('Limits', `/team limits ${only}`),
    ),
  ]);
}
