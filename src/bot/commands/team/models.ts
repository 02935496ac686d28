import { isRepeated } from '../../../core/change.ts';
import { once } from '../../../core/once.ts';
import { isRefusal, refuse } from '../../../core/refusals.ts';
import type { Team } from '../../../core/teams/team.ts';
import { accessAfter } from '../../../core/teams/change-access.ts';
import { updateTeam } from '../../../core/teams/update-team.ts';
import type { TeamChange } from '../../../core/teams/update-team.ts';
import { modelsSpeech } from '../../blocks/models.ts';
import type { Call } from '../../call.ts';
import { aliasesFrom } from '../../key-words.ts';
import { groupsOf } from '../../readings.ts';
import { refusalSpeech } from '../../replies.ts';
import { tellUnknownTeam } from '../../unknown-team.ts';
import { subcommand } from '../definition.ts';
import { wishIn } from '../wish.ts';
import { TEAM } from './team-argument.ts';

interface ModelWords {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly alias?: readonly string[];
}

export const models = subcommand({
  name: 'models',
  says: 'Shows what a team and its keys may use; managers add and remove models, groups and own names.',
  role: 'viewer',
  changeRole: 'manager',
  submit: 'Save',
  arguments: [
    TEAM,
    {
      name: 'add',
      kind: 'models',
      example: 'add=gpt-4o,claude-*',
      says: 'access groups, models, or beginnings with *, to be served to this team alone',
    },
    {
      name: 'remove',
      kind: 'models',
      example: 'remove=claude-*',
      says: 'groups, models or own names to take away',
    },
    {
      name: 'alias',
      kind: 'names',
      example: 'alias=fast=gpt-4o-mini',
      says: "the team's own names for models",
    },
  ],
  examples: [
    'models acme-prod',
    'models acme-prod add=claude-models alias=fast=gpt-4o-mini',
    'models acme-prod remove=fast',
  ],
  async run(call, { values: { team: teamId = '', ...words } }) {
    const wish = await wishIn(call, words);
    if (wish !== 'refused') {
      await (wish === 'change' ? changeModels(call, teamId, words) : tellModels(call, teamId));
    }
  },
});

async function changeModels(call: Call, teamId: string, words: ModelWords): Promise<void> {
  const aliases = aliasesFrom(words.alias ?? []);
  if (isRefusal(aliases)) {
    await call.reply(refusalSpeech(aliases));
    return;
  }
  const { records } = call.bot.stores;
  const groups = (await records.accessGroups.list()).map((group) => group.name);
  const change = (team: Team): TeamChange => accessAfter(team, { ...words, aliases, groups });
  const updated = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
    updateTeam(stores, call.actor, teamId, change),
  );
  if (isRepeated(updated)) {
    return;
  }
  await (isRefusal(updated) && updated.refused !== 'team_unknown'
    ? call.reply(refusalSpeech(updated))
    : tellModels(call, teamId, true));
}

async function tellModels(call: Call, teamId: string, isChanged = false): Promise<void> {
  const { stores } = call.bot;
  const team = await stores.records.teams.find(teamId);
  if (team === undefined) {
    const refusal = refuse('team_unknown', { team: teamId });
    await tellUnknownTeam(call, refusal, teamId, (id) => `/team models ${id}`);
    return;
  }
  const [groups, keys] = await Promise.all([
    groupsOf(stores, team.accessGroups),
    stores.records.keys.ofTeam(teamId),
  ]);
  await call.reply(modelsSpeech({ team, groups, keys, isChanged }));
}
