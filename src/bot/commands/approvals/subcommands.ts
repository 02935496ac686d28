import { OPEN_STATUSES } from '../../../core/approvals/proposal.ts';
import { refuse } from '../../../core/refusals.ts';
import { listWaiting } from '../../approvals/waiting.ts';
import { buttonsFor } from '../../approvals/buttons.ts';
import { readProposal } from '../../approvals/reading.ts';
import { proposalCard } from '../../blocks/proposal-card.ts';
import { proposalList, waitingList } from '../../blocks/proposal-list.ts';
import { refusalSpeech } from '../../replies.ts';
import { sightOf, within } from '../../sight.ts';
import { POLICY } from '../../../core/policy.ts';
import { subcommand } from '../definition.ts';

const LIST_LIMIT = 15;

const mine = subcommand({
  name: 'mine',
  says: 'Lists what waits for your decision, and what you asked for yourself.',
  role: POLICY.look,
  inSight: true,
  arguments: [],
  examples: ['mine'],
  async run(call) {
    await call.reply(waitingList(await listWaiting(call.bot, call.userId)));
  },
});

const all = subcommand({
  name: 'all',
  says: 'Lists everything that waits for somebody.',
  role: POLICY.look,
  inSight: true,
  arguments: [],
  examples: ['all'],
  async run(call) {
    const { approvals } = call.bot.stores.records;
    const waiting = await approvals.list({
      ...within(await sightOf(call)),
      statuses: OPEN_STATUSES,
      limit: LIST_LIMIT,
    });
    await call.reply(proposalList('What waits for a decision', waiting));
  },
});

const history = subcommand({
  name: 'history',
  says: 'Lists what was decided, the latest first; of one team if it is named.',
  role: POLICY.look,
  inSight: true,
  arguments: [
    {
      name: 'team',
      kind: 'team',
      positional: true,
      example: 'acme-prod',
      says: 'the id of the team; all teams if absent',
    },
  ],
  examples: ['history', 'history acme-prod'],
  async run(call, { values: { team } }) {
    const proposals = await call.bot.stores.records.approvals.list({
      ...within(await sightOf(call)),
      limit: LIST_LIMIT,
      statuses: ['applied', 'failed', 'rejected', 'expired', 'withdrawn'],
      ...(team === undefined ? {} : { teamId: team }),
    });
    await call.reply(proposalList('What was decided', proposals));
  },
});

const show = subcommand({
  name: 'show',
  says: 'Shows one proposal with all that is to be known of it, and what you may do.',
  role: POLICY.look,
  about: async ({ records }, { proposal: id = '' }) => ({
    organizations: [(await records.approvals.find(id))?.organizationId ?? ''],
  }),
  arguments: [
    {
      name: 'proposal',
      kind: 'text',
      positional: true,
      required: true,
      example: '0b9d1c7e-5a43-4c1b-9e0f-2d7c6a1b8f00',
      says: 'its id; the lists have a button for it',
    },
  ],
  examples: ['show 0b9d1c7e-5a43-4c1b-9e0f-2d7c6a1b8f00'],
  async run(call, { values: { proposal: id = '' } }) {
    const { stores } = call.bot;
    const proposal = await stores.records.approvals.find(id);
    await call.reply(
      proposal === undefined
        ? refusalSpeech(refuse('proposal_unknown', { proposal: id }))
        : proposalCard(await readProposal(stores, proposal), await buttonsFor(call, proposal)),
    );
  },
});

export const APPROVALS_SUBCOMMANDS = [mine, all, history, show];
