import type { Organization } from '../../core/organizations/organization.ts';
import { quoted } from '../commands/words.ts';
import { code, joined, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { formButton } from './form-button.ts';
import { actions, context, firstOf, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';

const NAMES_SHOWN = 40;
const NAME_SHOWN = 60;

/** What the teams of an organization may use at most; with what it was, where it was just changed. */
export function organizationModelsSpeech(
  { id, models }: Organization,
  change?: { readonly before: Organization | undefined },
): Speech {
  const what = mrkdwn`*Teams of ${code(id)} may use*  ${modelNames(models)}`;
  const said = change === undefined ? what : mrkdwn`✅ Changed, from the next call on.\n${what}`;
  const was = change?.before?.models;
  const undo =
    was === undefined || was.join() === models.join()
      ? []
      : [
          runButton(
            'Undo',
            `/org models ${id} only=${was.length === 0 ? 'all' : quoted(was.join(','))}`,
          ),
        ];
  return speech(said, [
    section(said),
    context(
      mrkdwn`At most: each team is given its own groups and models with ${code('/team models')}.`,
    ),
    actions(formButton('Change …', `/org models ${id}`), ...undo),
  ]);
}

/** In a line; all of them where nothing is named. */
export function modelNames(models: readonly string[]): Mrkdwn {
  const { shown, more } = firstOf(models, NAMES_SHOWN);
  const names = shown.map((each) => code(shortened(each, NAME_SHOWN)));
  return models.length === 0
    ? mrkdwn`all models`
    : joined(more === undefined ? names : [...names, mrkdwn`_${more}_`], ' ');
}
