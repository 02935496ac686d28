import { refuse } from '../../../core/refusals.ts';
import { statusSpeech, suspendQuestion } from '../../blocks/status.ts';
import { changeStatus } from '../../statuses.ts';
import { tellUnknownTeam } from '../../unknown-team.ts';
import { subcommand } from '../definition.ts';
import { TEAM } from './team-argument.ts';

const REASON = {
  name: 'reason',
  kind: 'text',
  example: 'reason="Unpaid invoice"',
  says: 'stands in the audit trail and is shown with the team',
} as const;

export const suspend = subcommand({
  name: 'suspend',
  says: 'Suspends a team, after asking: its next call gets 403.',
  role: 'manager',
  arguments: [TEAM, REASON],
  examples: ['suspend acme-prod reason="Unpaid invoice"'],
  async run(call, { values: { team: teamId = '', reason } }) {
    const team = await call.bot.stores.records.teams.find(teamId);
    if (team === undefined) {
      const refusal = refuse('team_unknown', { team: teamId });
      await tellUnknownTeam(call, refusal, teamId, (id) => `/team suspend ${id}`);
      return;
    }
    await call.reply(
      team.status === 'suspended'
        ? statusSpeech({ team, changed: false })
        : suspendQuestion(team, reason, call.onceId),
    );
  },
});

export const resume = subcommand({
  name: 'resume',
  says: 'Lets a suspended or paused team call again.',
  role: 'manager',
  arguments: [TEAM],
  examples: ['resume acme-prod'],
  async run(call, { values: { team: teamId = '' } }) {
    await changeStatus(call, { teamId, status: 'active' }, (id) => `/team resume ${id}`);
  },
});

export const pause = subcommand({
  name: 'pause',
  says: 'Pauses a team until it is resumed.',
  role: 'manager',
  arguments: [TEAM, REASON],
  examples: ['pause acme-prod'],
  async run(call, { values: { team: teamId = '', reason } }) {
    const wish = { teamId, status: 'paused', reason } as const;
    await changeStatus(call, wish, (id) => `/team pause ${id}`);
  },
});
