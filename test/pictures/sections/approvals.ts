import { APPROVER, ROLES, textOf } from '../../bot/bot-for-tests.ts';
import { announceProposal } from '../../../src/bot/approvals/announce.ts';
import { createRoles } from '../../../src/bot/roles.ts';
import { lapseProposals } from '../../../src/core/approvals/lapse.ts';
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts';
import { mailTo } from '../../support/mail.ts';
import { answer } from '../picture.ts';
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
      shows: ['/team topup'],
      says: 'What needs a second pair of eyes is told to who asked for it',
      async take({ desk, message }, name) {
        await asked(desk, 'acme-prod', 'Invoice 2026-115');
        await message(name, await desk.told('This needs a second pair of eyes'));
      },
    },
    {
      name: 'approval',
      shows: ['post proposal'],
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
    {
      name: 'reminded',
      says: 'What waits for long is called to mind in the thread of its card',
      shows: ['post proposal.reminder', 'post proposal.question'],
      async take({ desk, subject, messages }, name) {
        const { stores } = subject;
        const card = await asked(desk, 'acme-web', 'Invoice 2026-122');
        const [proposal] = await stores.records.approvals.list({ teamId: 'acme-web', limit: 1 });
        await desk.press(card, 'Ask a question …', APPROVER);
        await desk.form('proposal_question', APPROVER);
        await desk.submit({ reason: 'Is it paid already?' }, APPROVER);
        const below = async (part: string) =>
          desk.control.waitForMessage(
            (message) => message.threadStamp === card.stamp && textOf(message).includes(part),
          );
        const question = await below('Is it paid already?');
        await lapseProposals({ ...stores, clock: () => stores.clock() + 5 * HOUR_MS });
        const { client, log } = mailTo(subject.workspace, stores);
        const roles = createRoles(ROLES, client, stores.clock, log);
        await announceProposal({ stores, roles }, proposal?.id ?? '');
        await messages(name, [card, question, await below('This still waits for a decision')]);
      },
    },
    answer('waiting', 'What waits for a decision of mine', '/approvals', 'waits', APPROVER),
    answer('waiting-all', 'And for anybody', '/approvals all', 'wait', APPROVER),
    answer('decided', 'What was decided', '/approvals history', 'decided'),
    {
      name: 'approval-shown',
      says: 'One of them, with what may be done about it',
      shows: ['/approvals show'],
      async take({ desk, subject, message }, name) {
        const [proposal] = await subject.stores.records.approvals.list({
          teamId: 'acme-web',
          limit: 1,
        });
        desk.begin();
        await desk.type(`/approvals show ${proposal?.id}`, APPROVER);
        await message(name, await desk.told('Invoice 2026-122', APPROVER));
      },
    },
    {
      name: 'withdrawn',
      says: 'Who asked takes it back',
      async take({ desk, message }, name) {
        const card = await asked(desk, 'acme-dev', 'Invoice 2026-123');
        await desk.press(await desk.told('This needs a second pair of eyes'), 'Withdraw');
        await desk.quiet();
        await message(name, card, APPROVER);
      },
    },
    asking('reject-form', 'Who rejects says why', 'Reject …', 'proposal_reject'),
    asking('question-form', 'Or asks first', 'Ask a question …', 'proposal_question'),
    {
      name: 'urgent-form',
      shows: ['form proposal_urgent'],
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
  const since = desk.begin();
  await desk.type(`/team topup ${teamId} ${MUCH} reason="${reason}"`);
  // It stands where it was asked for, too.
  return desk.control.waitForMessage(
    (message) =>
      message.channel === 'C0OPS' &&
      message.stamp > since &&
      textOf(message).includes(`Approval needed · Top up ${teamId}`),
  );
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
    shows: [`form ${callbackId}`],
    async take({ desk, form }) {
      const card = await asked(desk, 'globex-prod', 'Allowance of the quarter');
      await desk.press(card, label, APPROVER);
      await desk.form(callbackId, APPROVER);
      await form(name, APPROVER);
    },
  };
}
