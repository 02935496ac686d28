import { creditsHelp } from '../../blocks/credits.ts';
import { CREDIT_ACTION_NAMES, runCreditAction } from '../../credits.ts';
import { nearest } from '../../nearest.ts';
import { subcommand } from '../definition.ts';

const text = 'text';

export const credits = subcommand({
  name: 'credits',
  says: 'Shows the credits of a team; managers grant, deduct, refund and move them, and say what happens at 0.',
  role: 'viewer',
  arguments: [
    {
      name: 'action',
      kind: text,
      positional: true,
      required: true,
      example: 'grant',
      says: 'show, history, grant, deduct, transfer, refund, policy or refill; or just the team',
    },
    {
      name: 'team',
      kind: 'team',
      positional: true,
      example: 'acme-prod',
      says: 'the id of the team',
    },
    {
      name: 'what',
      kind: text,
      positional: true,
      example: '500',
      says: 'how many credits; of a refund, the id of the call; of a policy, hard, soft or unlimited',
    },
    {
      name: 'amount',
      kind: text,
      positional: true,
      example: '1.5',
      says: 'how much of a refund; all of the charge if absent',
    },
    {
      name: 'reason',
      kind: text,
      example: 'reason="Pilot"',
      says: 'stands in the ledger for ever',
    },
    { name: 'to', kind: 'team', example: 'to=acme-dev', says: 'which team credits are moved to' },
    {
      name: 'expires',
      kind: text,
      example: 'expires=90d',
      says: 'when granted credits end: 90d, friday, 2026-12-01 (the day is included), or never',
    },
    {
      name: 'priority',
      kind: text,
      example: 'priority=10',
      says: 'from 0 to 100; lower is used first, 50 if absent',
    },
    {
      name: 'category',
      kind: 'word',
      example: 'category=promotional',
      says: 'paid or promotional, which is used first among equals',
    },
    {
      name: 'overdraft',
      kind: 'credits',
      example: 'overdraft=100',
      says: 'how far the balance may fall below 0 while the policy is soft, or until the grace ends',
    },
    {
      name: 'grace',
      kind: text,
      example: 'grace=friday',
      says: 'until when a hard policy lets the overdraft be used',
    },
    {
      name: 'suspend',
      kind: 'word',
      example: 'suspend=on',
      says: 'on or off: suspend when nothing is left, resume with the next funding',
    },
    {
      name: 'every',
      kind: 'word',
      example: 'every=monthly',
      says: 'refill at the beginning of each day, week or month: daily, weekly or monthly',
    },
    {
      name: 'below',
      kind: 'credits',
      example: 'below=100',
      says: 'refill when the balance falls below this',
    },
    {
      name: 'max',
      kind: 'credits',
      example: 'max=2000',
      says: 'the most that refills may add in a month',
    },
    { name: 'sure', kind: 'word', example: 'sure=yes', says: 'does not ask before it takes' },
  ],
  examples: [
    'credits acme-prod',
    'credits grant acme-prod 500 expires=90d reason="Pilot"',
    'credits transfer acme-prod 200 to=acme-dev reason="Load test"',
    'credits policy acme-prod soft overdraft=100',
    'credits refill acme-prod 500 every=monthly below=100 max=2000',
  ],
  async run(call, { values: { action: typed = '', team, ...words } }) {
    const action = typed.toLowerCase();
    if (CREDIT_ACTION_NAMES.includes(action)) {
      await runCreditAction(call, action, team ?? '', words);
    } else if (team === undefined) {
      await runCreditAction(call, 'show', typed, words);
    } else {
      const near = nearest(action, CREDIT_ACTION_NAMES, 1)[0];
      await call.reply(creditsHelp(typed, CREDIT_ACTION_NAMES, near));
    }
  },
});
