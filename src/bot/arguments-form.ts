// Whatever is missing or wrong in a command is asked for in a form that is made of its arguments.

import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Call } from './call.ts';
import type { Command, Reading, Subcommand } from './commands/definition.ts';
import { typedName } from './commands/definition.ts';
import { formTitleOf, submitLabelOf } from './commands/help.ts';
import { lateSpeech } from './commands/run-late.ts';
import { argumentsOf, besideField, plainRefusal } from './refusal-text.ts';
import { unknownTeamText } from './top-up-form.ts';
import { similarOrganizations } from './unknown-organization.ts';
import { withMeant } from './unknown-team.ts';
import { argumentsView } from './views/arguments.ts';

type Draft = Pick<Reading, 'typed' | 'complaints' | 'stray'>;

/** Shows the form with what was typed; what is looked up and not there is asked for again. */
export async function showArgumentsForm(
  call: Call,
  command: Command,
  chosen: Subcommand,
  draft: Draft,
): Promise<void> {
  const view = await argumentsFormOf(call, command, chosen, draft);
  if ((await call.screen.show(view)) === 'late') {
    await call.reply(lateSpeech(call));
  }
}

/** The form of a subcommand with this in it. */
export async function argumentsFormOf(
  call: Call,
  command: Command,
  chosen: Subcommand,
  { typed, complaints, stray }: Draft,
) {
  const unknown = await complaintsAboutUnknown(call, chosen, typed);
  const standing = (await chosen.standing?.(call.bot.stores, typed)) ?? {};
  return argumentsView({
    title: formTitleOf(command, chosen),
    submit: submitLabelOf(chosen),
    arguments: chosen.arguments,
    typed,
    standing,
    complaints: { ...unknown, ...complaints },
    stray,
    memory: { run: typedName(command, chosen), origin: call.channelId },
  });
}

/** A refusal beside the field that it is about, one that was filled in if it may be; nothing where it is about none. */
export function complaintOf(
  { arguments: known }: Subcommand,
  refusal: Refusal,
  typed?: Readonly<Record<string, string>>,
): Record<string, string> {
  const shown = known.filter(({ internal }) => internal !== true).map(({ name }) => name);
  const fields = argumentsOf(refusal).filter((name) => shown.includes(name));
  const field = fields.find((name) => typed?.[name] !== undefined) ?? fields[0];
  return field === undefined ? {} : { [field]: besideField(refusal) };
}

/** Teams and organizations that are named but are none, each with what was probably meant. */
async function complaintsAboutUnknown(
  call: Call,
  { arguments: known }: Subcommand,
  typed: Draft['typed'],
): Promise<Record<string, string>> {
  const { teams, organizations } = call.bot.stores.records;
  const complaints: Record<string, string> = {};
  for (const { name, kind, isNew } of known) {
    const given = typed[name];
    if (given === undefined || given === '' || isNew === true) {
      continue;
    }
    if (kind === 'team' && (await teams.find(given)) === undefined) {
      complaints[name] = await unknownTeamText(call, given);
    }
    if (kind === 'org' && (await organizations.find(given)) === undefined) {
      const said = plainRefusal(refuse('organization_unknown', { organization: given }));
      complaints[name] = withMeant(said, await similarOrganizations(call, given));
    }
  }
  return complaints;
}
