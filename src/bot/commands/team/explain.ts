import { explainCall, explainTeam } from '../../../core/explain/explain.ts';
import { isRefusal, refuse } from '../../../core/refusals.ts';
import { explainSpeech } from '../../blocks/explain.ts';
import { refusedCallSpeech, unknownCallSpeech } from '../../blocks/refused-call.ts';
import type { Call } from '../../call.ts';
import { refusalSpeech } from '../../replies.ts';
import { teamMeant } from '../../unknown-team.ts';
import { subcommand } from '../definition.ts';
import { TEAM } from './team-argument.ts';

export const explain = subcommand({
  name: 'explain',
  says: 'Says why calls of a team are or were refused, and what to do about it.',
  role: 'viewer',
  about: async ({ refused }, { team, request }) =>
    team === undefined && request === undefined
      ? { isOwn: true }
      : {
          teams: team === undefined ? [] : [team],
          organizations:
            request === undefined
              ? []
              : [(await refused.find(request.trim()))?.refusal.seen?.organizationId ?? ''],
        },
  arguments: [
    { ...TEAM, required: false },
    {
      name: 'request',
      kind: 'text',
      example: 'request=0e6a55a0-…',
      says: 'the id in an error that a client got: shows what the gate saw of that call',
    },
  ],
  examples: ['explain acme-prod', 'explain request=5b0c9a51-6d39-4be6-93a5-0c1f6f3b7d21'],
  async run(call, { values: { team, request } }) {
    if (team !== undefined && (await teamMeant(call, team)) === undefined) {
      return;
    }
    if (request !== undefined) {
      await tellCall(call, request, team);
    } else if (team === undefined) {
      const complaint = 'say which team, or which request by the request_id of its error';
      await call.reply(refusalSpeech(refuse('value_invalid', { field: 'team', complaint })));
    } else {
      await tellTeam(call, team);
    }
  },
});

async function tellTeam(call: Call, team: string): Promise<void> {
  const explanation = await explainTeam(call.bot.stores, team);
  await call.reply(
    isRefusal(explanation) ? refusalSpeech(explanation) : explainSpeech(explanation),
  );
}

async function tellCall(call: Call, id: string, team: string | undefined): Promise<void> {
  const explained = await explainCall(call.bot.stores, id.trim());
  await call.reply(
    explained === undefined ? unknownCallSpeech(id, team) : refusedCallSpeech(explained),
  );
}
