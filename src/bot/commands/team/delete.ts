import { isRepeated } from '../../../core/change.ts';
import { once } from '../../../core/once.ts';
import { isRefusal } from '../../../core/refusals.ts';
import { deleteTeams } from '../../../core/teams/delete-teams.ts';
import { teamDeletedSpeech, teamQuestion } from '../../blocks/team-deletion.ts';
import { moneyOf } from '../../readings.ts';
import { refusalSpeech } from '../../replies.ts';
import { teamMeant } from '../../unknown-team.ts';
import { subcommand } from '../definition.ts';
import { SURE } from '../sure-argument.ts';
import { TEAM } from './team-argument.ts';

export const deletion = subcommand({
  name: 'delete',
  says: 'Ends a team for good, after asking: archived, its keys revoked, nobody in it; its books stay.',
  role: 'manager',
  title: 'Delete a team',
  arguments: [TEAM, SURE],
  examples: ['delete acme-test'],
  async run(call, { values: { team: id, sure } }) {
    const team = await teamMeant(call, id);
    if (team === undefined) {
      return;
    }
    const { stores } = call.bot;
    if (sure !== true) {
      const [keys, members, money] = await Promise.all([
        stores.records.keys.ofTeam(team.id),
        stores.records.members.ofTeam(team.id),
        moneyOf(stores, team),
      ]);
      const working = keys.filter(({ status }) => status !== 'revoked');
      const facts = { team, keys: working.length, members: members.length, money };
      await call.reply(teamQuestion(facts, call.onceId));
      return;
    }
    const deleted = await once(stores, `slack:${call.onceId}`, async (inside) =>
      deleteTeams(inside, call.actor, [team.id]),
    );
    if (!isRepeated(deleted)) {
      await call.reply(isRefusal(deleted) ? refusalSpeech(deleted) : teamDeletedSpeech(team.id));
    }
  },
});
