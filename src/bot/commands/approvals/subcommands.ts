import { OPEN_STATUSES } from '../../../core/approvals/proposal.ts';
import type { ProposalFilter } from '../../../core/approvals/proposal.ts';
import { refuse } from '../../../core/refusals.ts';
import { listWaiting } from '../../approvals/waiting.ts';
import { buttonsFor } from '../../approvals/buttons.ts';
import { readProposal } from '../../approvals/reading.ts';
import { proposalCard } from '../../blocks/proposal-card.ts';
import { proposalList, waitingList } from '../../blocks/proposal-list.ts';
import type { Call } from '../../call.ts';
import { pageOf, readPage, tellPage } from '../../paging.ts';
import { refusalSpeech } from '../../replies.ts';
import { sightOf, within } from '../../sight.ts';
import { teamMeant } from '../../unknown-team.ts';
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
    const { toDecide, asked } = await listWaiting(call.bot, call.userId);
    const page = pageOf(call, toDecide, { size: LIST_LIMIT, placeOf: ({ id }) => id });
    await tellPage(call, waitingList(page, asked));
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
    await tellProposals(call, 'What waits for a decision', { statuses: OPEN_STATUSES });
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
    if (team !== undefined && (await teamMeant(call, team)) === undefined) {
      return;
    }
    await tellProposals(call, 'What was decided', {
      statuses: ['applied', 'failed', 'rejected', 'expired', 'withdrawn'],
      ...(team === undefined ? {} : { teamId: team }),
    });
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

async function tellProposals(
  call: Call,
  title: string,
  filter: Omit<ProposalFilter, 'limit' | 'after'>,
): Promise<void> {
  const { approvals } = call.bot.stores.records;
  const seen = within(await sightOf(call));
  const page = await readPage(call, {
    size: LIST_LIMIT,
    read: async (after, limit) =>
      approvals.list({ ...seen, ...filter, ...(after === undefined ? {} : { after }), limit }),
    placeOf: ({ id }) => id,
  });
  await tellPage(call, proposalList(title, page));
}

export const APPROVALS_SUBCOMMANDS = [mine, all, history, show];
