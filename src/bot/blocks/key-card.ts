import type { AuditEntry } from '../../core/audit/audit-records.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import { code, joined, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { deedLine } from './deeds.ts';
import { formButton } from './form-button.ts';
import { actions, context, firstOf, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { moment, person } from './words.ts';

/** More would push what matters off the screen. */
const NAMES_SHOWN = 12;

/** As much of a name as is worth a line. */
const NAME_SHOWN = 60;

interface KeyFacts {
  readonly news?: 'changed';
  /** What was done with it, the latest first. */
  readonly deeds?: readonly AuditEntry[];
}

/** All about one key, but the key itself. */
export function keyCard(key: VirtualKey, { news, deeds = [] }: KeyFacts = {}): Speech {
  const title = mrkdwn`${code(`sk-…${key.lastFour}`)} “${key.name}” of ${code(key.teamId)}`;
  const said =
    news === undefined
      ? mrkdwn`🔑 ${title}`
      : mrkdwn`✅ Key ${title} is changed, from its next call on.`;
  const lines = termLines(key);
  const { teamId, id } = key;
  return speech(said, [
    section(said),
    section(joined([mrkdwn`*Status*  ${key.status}${endText(key)}`, ...lines], '\n')),
    ...(deeds.length === 0
      ? []
      : [section(mrkdwn`*What happened*\n${joined(deeds.map(deedLine), '\n')}`)]),
    context(mrkdwn`Made ${moment(key.createdAt)} by ${person(key.createdBy)} · ${lastUse(key)}`),
    actions(
      ...(key.status === 'blocked'
        ? [runButton('Unblock', `/team key unblock ${teamId} ${id}`)]
        : []),
      ...(key.status === 'active'
        ? [
            formButton('Change …', `/team key edit ${teamId} ${id}`),
            formButton('Rotate …', `/team key rotate ${teamId} ${id}`, { isPlain: true }),
            runButton('Block', `/team key block ${teamId} ${id}`),
          ]
        : []),
      runButton('Keys of this team', `/team key list ${teamId}`),
    ),
  ]);
}

function lastUse({ lastUsedAt }: VirtualKey): Mrkdwn {
  return lastUsedAt === null ? mrkdwn`not used yet` : mrkdwn`last used ${moment(lastUsedAt)}`;
}

function endText({ expiresAt, previousLastFour, previousUntil }: VirtualKey): Mrkdwn {
  const end = expiresAt === null ? mrkdwn`, never expires` : mrkdwn`, expires ${moment(expiresAt)}`;
  return previousLastFour === null || previousUntil === null
    ? end
    : mrkdwn`${end}\n*Secret before it*  ${code(`sk-…${previousLastFour}`)} until ${moment(previousUntil)}`;
}

/** What a key is confined to, a line each; what is not confined is said in one. */
export function termLines(key: VirtualKey): Mrkdwn[] {
  const aliases = Object.entries(key.modelAliases).map(([name, model]) => `${name} → ${model}`);
  return [
    ...(key.userId === null ? [] : [mrkdwn`*Owner*  ${key.userId}`]),
    line('Models', key.models, 'all of the team'),
    ...(aliases.length === 0 ? [] : [line('Own names', aliases, '')]),
    line('Endpoints', key.endpoints, 'all'),
    line('From', key.addresses, 'anywhere'),
    ...(key.tags.length === 0 ? [] : [line('Tags', key.tags, '')]),
  ];
}

function line(title: string, names: readonly string[], none: string): Mrkdwn {
  const { shown, more } = firstOf(names, NAMES_SHOWN);
  const rest = more === undefined ? [] : [mrkdwn`_${more}_`];
  return names.length === 0
    ? mrkdwn`*${{ mrkdwn: title }}*  ${none}`
    : mrkdwn`*${{ mrkdwn: title }}*  ${joined([...shown.map((name) => code(shortened(name, NAME_SHOWN))), ...rest], ' ')}`;
}
