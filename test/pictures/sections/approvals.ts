import { APPROVER, ROLES, textOf } from '../../bot/bot-for-tests.ts';
import { announceProposal } from '../../../src/bot/approvals/announce.ts';
import { createRoles } from '../../../src/bot/roles.ts';
import { lapseProposals } from '../../../src/core/approvals/lapse.ts';
import { DAY_MS } from '../../../src/core/time.ts';
import { mailTo } from '../../support/mail.ts';
import type { Picture, Section } from '../picture.ts';
import { OWNER } from '../studio.ts';
import type { Studio } from '../studio.ts';

/** More than this takes two people. */
const MUCH = '25k';

export const APPROVALS: Section = [
  'Two pairs of eyes',
  [
    {
      name: 'proposed',
      says: 'What needs a second pair of eyes is told to who asked for it',
      async take({ desk, message }, name) {
        await asked(desk, 'acme-prod', 'Invoice 2026-115');
        await message(name, await desk.told('This needs a second pair of eyes'));
      },
    },
    {
      name: 'approval',
      says: 'What an approver decides on',
      async take({ desk, message }, name) {
        const card = await asked(desk, 'acme-prod', 'Invoice 2026-117');
        await message(name, card, APPROVER);
      },
    },
    decided(
      'approved',
      'The same, approved',
      ['acme-prod', 'Invoice 2026-118'],
      async ({ desk }, card) => {
        await desk.press(card, 'Approve', APPROVER);
        return '✅ *Approved*';
      },
    ),
    decided(
      'rejected',
      'Rejected, with the reason',
      ['acme-dev', 'Invoice 2026-119'],
      async ({ desk }, card) => {
        await desk.press(card, 'Reject …', APPROVER);
        await desk.form('proposal_reject', APPROVER);
        await desk.submit({ reason: 'The invoice is not paid yet' }, APPROVER);
        await desk.quiet();
        // What it came to stands in place of the form.
        await desk.closeForms();
        return '🚫 *Rejected*';
      },
    ),
    decided(
      'expired',
      'Nobody decided in time',
      ['acme-dev', 'Invoice 2026-120'],
      async ({ subject }) => {
        const { stores, workspace } = subject;
        const [proposal] = await stores.records.approvals.list({ teamId: 'acme-dev', limit: 1 });
        await lapseProposals({ ...stores, clock: () => stores.clock() + 30 * DAY_MS });
        const { client, log } = mailTo(workspace, stores);
        const roles = createRoles(ROLES, client, stores.clock, log);
        await announceProposal({ stores, roles }, proposal?.id ?? '');
        return '⌛ *Expired*';
      },
    ),
    asking('reject-form', 'Who rejects says why', 'Reject …', 'proposal_reject'),
    asking('question-form', 'Or asks first', 'Ask a question …', 'proposal_question'),
    {
      name: 'urgent-form',
      says: 'In an emergency another manager goes ahead, and owners are told why',
      async take({ desk, subject, form }, name) {
        await asked(desk, 'globex-dev', 'Outage at the customer');
        const { approvals } = subject.stores.records;
        const [proposal] = await approvals.list({ teamId: 'globex-dev', limit: 1 });
        await desk.type(`/approvals show ${proposal?.id}`, OWNER);
        const shown = await desk.told('Outage at the customer', OWNER);
        await desk.press(shown, 'Urgent: do it now …', OWNER);
        await desk.form('proposal_urgent', OWNER);
        await form(name, OWNER);
      },
    },
  ],
];

/** Asks for much, for a reason that no other picture has; answers the card. */
async function asked(desk: Studio['desk'], teamId: string, reason: string) {
  desk.begin();
  await desk.type(`/team topup ${teamId} ${MUCH} reason="${reason}"`);
  return desk.news(`Approval needed · Top up ${teamId}`);
}

type Card = Awaited<ReturnType<typeof asked>>;

/** The card after something became of it; `decide` answers what it says then. */
function decided(
  name: string,
  says: string,
  [teamId, reason]: readonly [string, string],
  decide: (studio: Studio, card: Card) => Promise<string>,
): Picture {
  return {
    name,
    says,
    async take(studio) {
      const card = await asked(studio.desk, teamId, reason);
      const said = await decide(studio, card);
      // Others are told with the same words, where the approver does not see it.
      const told = await studio.subject.control.waitForMessage(
        (message) => message.stamp === card.stamp && textOf(message).includes(said),
      );
      await studio.message(name, told, APPROVER);
    },
  };
}

/** A form that a button of the card opens. */
function asking(name: string, says: string, label: string, callbackId: string): Picture {
  return {
    name,
    says,
    async take({ desk, form }) {
      const card = await asked(desk, 'globex-prod', 'Allowance of the quarter');
      await desk.press(card, label, APPROVER);
      await desk.form(callbackId, APPROVER);
      await form(name, APPROVER);
    },
  };
}
