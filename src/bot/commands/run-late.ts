import { actions, sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { runButton } from '../blocks/run-button.ts';
import type { Call } from '../call.ts';
import { mrkdwn } from '../escape.ts';

/** The 3 s for a form are over: a press of the button begins new ones. */
export function lateSpeech(call: Call): Speech {
  if (call.text === '') {
    return sentence(mrkdwn`That took too long for Slack to open the form. Press the button again.`);
  }
  return sentence(
    mrkdwn`That took too long for Slack to open the form. Nothing was changed.`,
    actions(runButton('Open the form', call.text, { once: call.onceId, style: 'primary' })),
  );
}
