// What a person of one organization probably meant by a name that they may not know, or that nobody knows: the same
// is said of both, for that a name exists elsewhere is no business of theirs.

import { actions } from './blocks/kit.ts';
import type { Speech } from './blocks/kit.ts';
import { runButton } from './blocks/run-button.ts';
import type { Call } from './call.ts';
import type { Argument } from './commands/definition.ts';
import { isNaming } from './scope.ts';
import { isSeen, sightOf } from './sight.ts';
import { similarOrganizations } from './unknown-organization.ts';
import { similarTeams, withName } from './unknown-team.ts';

/** The complaint, with buttons that run the same with names that this person may know. */
export async function offeringMeant(
  call: Call,
  known: readonly Argument[],
  typed: Readonly<Record<string, string>>,
  complaint: Speech,
): Promise<Speech> {
  const slip = await firstUnseen(call, known, typed);
  if (slip === undefined) {
    return complaint;
  }
  const { kind, name } = slip;
  const meant = await (kind === 'team'
    ? similarTeams(call, name)
    : similarOrganizations(call, name));
  const buttons = meant.map((each) =>
    runButton(`Did you mean ${each}?`, withName(call.text, name, each), { once: call.onceId }),
  );
  return buttons.length === 0
    ? complaint
    : { ...complaint, blocks: [...complaint.blocks, actions(...buttons)] };
}

async function firstUnseen(
  call: Call,
  known: readonly Argument[],
  typed: Readonly<Record<string, string>>,
) {
  const sight = await sightOf(call);
  const { teams } = call.bot.stores.records;
  for (const { name: field, kind, isNew } of known) {
    const name = typed[field];
    if (name === undefined || isNew === true || !isNaming(kind)) {
      continue;
    }
    const organizationId = kind === 'team' ? (await teams.find(name))?.organizationId : name;
    if (sight !== 'everything' && !isSeen(sight, organizationId ?? '')) {
      return { kind, name };
    }
  }
  return undefined;
}
