// `/team acme-prod` and `/audit acme`: somebody typed whom it is about, and not what is to be done.

import { actions, context, sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { runButton } from '../blocks/run-button.ts';
import type { Call } from '../call.ts';
import { code, mrkdwn } from '../escape.ts';
import { isNaming, scopedTo } from '../scope.ts';
import { isSeen, sightOf } from '../sight.ts';
import type { Command } from './definition.ts';

interface Typed {
  readonly typed: string;
  /** What stands behind it. */
  readonly words: string;
}

/** Asks whether it is to be shown; undefined where it is no name of anything in sight. */
export async function nameAlone(
  call: Call,
  command: Command,
  { typed, words }: Typed,
): Promise<Speech | undefined> {
  const shows = command.subcommands.find(
    ({ name, arguments: [first] }) =>
      (name === 'show' || name === command.fallback) &&
      first?.positional === true &&
      isNaming(first.kind),
  );
  const kind = shows?.arguments[0]?.kind;
  if (shows === undefined || kind === undefined || !(await isInSight(call, kind, typed))) {
    return undefined;
  }
  const meant = `${command.name} ${shows.name} ${typed} ${words}`.trim();
  return sentence(
    mrkdwn`${command.name} does not know ${code(typed)}, but it is a name. Did you mean ${code(meant)}?`,
    actions(
      runButton(`Run ${shows.name}`, meant, { style: 'primary', once: call.onceId }),
      runButton('Help', `${command.name} help`),
    ),
    context(mrkdwn`Nothing was changed.`),
  );
}

async function isInSight(call: Call, kind: string, id: string): Promise<boolean> {
  const { teams, organizations } = call.bot.stores.records;
  const organizationId =
    kind === 'team' ? (await teams.find(id))?.organizationId : (await organizations.find(id))?.id;
  const sight = await sightOf(await scopedTo(call, { isOwn: true }));
  return organizationId !== undefined && isSeen(sight, organizationId);
}
