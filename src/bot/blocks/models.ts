import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { AccessGroup } from '../../core/models/access-group.ts';
import type { Team } from '../../core/teams/team.ts';
import { code, joined, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { actions, firstOf, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { formButton } from './form-button.ts';
import { runButton } from './run-button.ts';

/** What fits a section of 3,000 characters, with room to spare. */
const NAMES_SHOWN = 20;
const KEYS_SHOWN = 10;
const MODELS_OF_KEY_SHOWN = 5;

/** As much of a name as is worth a line. */
const NAME_SHOWN = 60;

export interface ModelsReading {
  readonly team: Pick<Team, 'id' | 'accessGroups' | 'models' | 'modelAliases'>;
  /** Those of its groups that exist. */
  readonly groups: readonly AccessGroup[];
  readonly keys: readonly VirtualKey[];
  readonly isChanged: boolean;
}

/** What a team may use, by what names, and what its keys are confined to. */
export function modelsSpeech({ team, groups, keys, isChanged }: ModelsReading): Speech {
  const aliases = Object.entries(team.modelAliases).map(([name, model]) => `${name} → ${model}`);
  const confined = keys.filter((key) => key.status !== 'revoked' && key.models.length > 0);
  const done = mrkdwn`✅ What ${code(team.id)} may use is changed, from its next call on.`;
  return speech(isChanged ? done : mrkdwn`Models of ${team.id}`, [
    ...(isChanged ? [section(done)] : []),
    header(`Models of ${team.id}`),
    section(
      joined(
        [
          ...(groups.length === 0 ? [mrkdwn`*Groups*: none`] : groups.map(groupLine)),
          mrkdwn`*Models beside its groups*: ${names(team.models)}`,
          mrkdwn`*Names of its own*: ${names(aliases)}`,
        ],
        '\n',
      ),
    ),
    section(keysText(confined)),
    actions(
      formButton('Change …', `/team models ${team.id}`),
      runButton('Show team', `/team show ${team.id}`),
      runButton('Keys of this team', `/team key list ${team.id}`),
    ),
  ]);
}

function groupLine(group: AccessGroup): Mrkdwn {
  return mrkdwn`*${group.displayName}* (${code(group.name)}): ${names(group.aliases)}`;
}

function keysText(confined: readonly VirtualKey[]): Mrkdwn {
  const { shown, more } = firstOf(confined, KEYS_SHOWN);
  const lines = shown.map(
    (key) =>
      mrkdwn`${code(`sk-…${key.lastFour}`)} ${key.name}: ${names(key.models, MODELS_OF_KEY_SHOWN)}`,
  );
  return confined.length === 0
    ? mrkdwn`*Keys*: each may use all of these`
    : mrkdwn`*Keys that are confined*\n${joined(more === undefined ? lines : [...lines, more], '\n')}`;
}

function names(given: readonly string[], most = NAMES_SHOWN): Mrkdwn {
  const { shown, more } = firstOf(given, most);
  const rest = more === undefined ? [] : [mrkdwn`_${more}_`];
  return given.length === 0
    ? mrkdwn`none`
    : joined([...shown.map((name) => code(shortened(name, NAME_SHOWN))), ...rest], ' ');
}
