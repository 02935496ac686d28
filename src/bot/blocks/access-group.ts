// An access group: what it grants and to whom, and what is said when it changes.

import type { Button } from '@slack/types';
import { code, joined, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { Page } from '../paging.ts';
import { quoted } from '../commands/words.ts';
import { cancelButton } from './cancel-button.ts';
import { formButton } from './form-button.ts';
import { actions, context, firstOf, header, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { pageButtons } from './page-buttons.ts';
import { runButton } from './run-button.ts';

export interface GroupFacts {
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  readonly models: readonly string[];
  readonly active: boolean;
  /** The configuration file has it: only what was added to it changes here. */
  readonly isOfFile: boolean;
  /** Ids of teams that have it, as many as a message names. */
  readonly teams: readonly string[];
}

/** Of any number of models, what a section holds. */
export const GROUP_MODELS_SHOWN = 40;
const NAME_SHOWN = 60;

/** A page of its models where it is looked at; what it was before, where it was just made or changed. */
type Shown =
  | { readonly page: Page<string> }
  | { readonly page?: never; readonly before: GroupFacts | undefined };

/** One group. */
export function groupCard(facts: GroupFacts, shown: Shown): Speech {
  const { page } = shown;
  const change = page === undefined ? shown : undefined;
  const { name, title, description, models, teams, active, isOfFile } = facts;
  const done = change === undefined ? [] : [section(doneText(facts, change.before))];
  const undo = change?.before === undefined ? undefined : undoButton(change.before, facts);
  const notes = [
    active ? mrkdwn`🟢 active` : mrkdwn`⚪ inactive: it grants nothing`,
    ...(isOfFile ? [mrkdwn`from the configuration file; models may be added here`] : []),
    ...(description === null ? [] : [mrkdwn`${description}`]),
  ];
  return speech(
    change === undefined ? mrkdwn`Access group ${name}` : doneText(facts, change.before),
    [
      ...done,
      header(title === name ? `Access group ${name}` : `${title} (${name})`),
      context(joined(notes, '  ·  ')),
      section(mrkdwn`*Models*  ${names(page?.rows ?? models, 'none')}`),
      section(mrkdwn`*Teams*  ${names(teams, 'none has it')}`),
      ...(page === undefined ? [] : pageButtons(page, 'name')),
      actions(
        formButton('Change …', `/models group edit ${quoted(name)}`),
        ...(undo === undefined ? [] : [undo]),
        ...(isOfFile ? [] : [runButton('Delete …', `/models group delete ${quoted(name)}`)]),
      ),
    ],
  );
}

function doneText({ name }: GroupFacts, before: GroupFacts | undefined): Mrkdwn {
  return before === undefined
    ? mrkdwn`✅ Access group ${code(name)} is made. Teams get it with ${code(`/team models acme-prod add=${name}`)}.`
    : mrkdwn`✅ Access group ${code(name)} is changed, from the next call on.`;
}

/** The same the other way round; nothing where an empty description can't be written back. */
function undoButton(before: GroupFacts, after: GroupFacts): Button | undefined {
  const added = after.models.filter((each) => !before.models.includes(each));
  const removed = before.models.filter((each) => !after.models.includes(each));
  const words = [
    ...(removed.length === 0 ? [] : [`add=${quoted(removed.join(','))}`]),
    ...(added.length === 0 ? [] : [`remove=${quoted(added.join(','))}`]),
    ...(before.title === after.title ? [] : [`title=${quoted(before.title)}`]),
    ...(before.active === after.active ? [] : [`active=${before.active ? 'yes' : 'no'}`]),
    ...(before.description === after.description || before.description === null
      ? []
      : [`description=${quoted(before.description)}`]),
  ];
  return words.length === 0
    ? undefined
    : runButton('Undo', `/models group edit ${quoted(after.name)} ${words.join(' ')}`);
}

function names(given: readonly string[], none: string): Mrkdwn {
  const { shown, more } = firstOf(given, GROUP_MODELS_SHOWN);
  const listed = shown.map((each) => code(shortened(each, NAME_SHOWN)));
  return given.length === 0
    ? mrkdwn`${none}`
    : joined(more === undefined ? listed : [...listed, mrkdwn`_${more}_`], ' ');
}

/** Asks before a group goes. */
export function groupQuestion({ name, models }: GroupFacts, once: string): Speech {
  const command = `/models group delete ${quoted(name)} sure=yes`;
  return sentence(
    mrkdwn`Delete the access group ${code(name)}? No team has it. It grants ${names(models, 'nothing')}; the models themselves stay.`,
    actions(runButton('Delete', command, { once, style: 'danger' }), cancelButton()),
  );
}

/** It is gone; the button makes it again as it was. */
export function groupGoneSpeech({ name, title, description, models }: GroupFacts): Speech {
  const words = [
    quoted(name),
    ...(models.length === 0 ? [] : [`models=${quoted(models.join(','))}`]),
    `title=${quoted(title)}`,
    ...(description === null ? [] : [`description=${quoted(description)}`]),
  ];
  return sentence(
    mrkdwn`✅ Access group ${code(name)} is deleted.`,
    actions(runButton('Undo', `/models group new ${words.join(' ')}`)),
  );
}
