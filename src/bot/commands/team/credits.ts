import { REFILL_PERIODS } from '../../../core/credits/auto-refill.ts';
import { GRANT_CATEGORIES } from '../../../core/credits/grant.ts';
import {
  deduct,
  grant,
  policy,
  refill,
  refund,
  showCredits,
  showHistory,
  transfer,
} from '../../credits.ts';
import { subcommand } from '../definition.ts';
import { SURE } from '../sure-argument.ts';
import { TEAM } from './team-argument.ts';

const CREDITS = {
  name: 'credits',
  kind: 'credits',
  positional: true,
  required: true,
  example: '500',
  says: 'how many; 5k is 5,000',
} as const;

const REASON = {
  name: 'reason',
  kind: 'text',
  required: true,
  example: 'reason="Pilot"',
  says: 'why; stands in the ledger for ever',
} as const;

const WHY = {
  name: 'reason',
  kind: 'text',
  example: 'reason="Contract of May"',
  says: 'why, for who approves it where that is needed',
} as const;

/** What `/team credits` can do; the first is what it does without a verb. */
export const CREDIT_SUBCOMMANDS = [
  subcommand({
    name: 'credits',
    says: 'Shows the balance of a team, its grants in the order of their use, what happens at 0.',
    role: 'viewer',
    submit: 'Show',
    arguments: [TEAM],
    examples: ['credits acme-prod'],
    run: showCredits,
  }),
  subcommand({
    name: 'credits show',
    says: 'The same.',
    role: 'viewer',
    arguments: [TEAM],
    examples: ['credits show acme-prod'],
    run: showCredits,
  }),
  subcommand({
    name: 'credits history',
    says: 'Shows the latest entries of the ledger of a team.',
    role: 'viewer',
    submit: 'Show',
    arguments: [TEAM],
    examples: ['credits history acme-prod'],
    run: showHistory,
  }),
  subcommand({
    name: 'credits grant',
    says: 'Gives credits, which may end on a day.',
    role: 'manager',
    title: 'Grant credits',
    arguments: [
      TEAM,
      CREDITS,
      REASON,
      {
        name: 'expires',
        kind: 'end',
        also: ['until'],
        example: 'expires=90d',
        says: 'when they end: 90d, friday, 2026-12-01 (the day is included), or never',
      },
      {
        name: 'priority',
        kind: 'count',
        example: 'priority=10',
        says: 'from 0 to 100; lower is used first, 50 if absent',
      },
      {
        name: 'category',
        kind: 'word',
        choices: GRANT_CATEGORIES,
        example: 'category=promotional',
        says: 'paid or promotional, which is used first among equals',
      },
    ],
    examples: ['credits grant acme-prod 500 expires=90d reason="Pilot"'],
    run: grant,
  }),
  subcommand({
    name: 'credits deduct',
    says: 'Takes credits away, after asking.',
    role: 'manager',
    title: 'Deduct credits',
    arguments: [TEAM, CREDITS, REASON, SURE],
    examples: ['credits deduct acme-prod 20 reason="Booked twice"'],
    run: deduct,
  }),
  subcommand({
    name: 'credits transfer',
    says: 'Moves credits to another team of the same customer, after asking.',
    role: 'manager',
    title: 'Transfer credits',
    arguments: [
      TEAM,
      CREDITS,
      {
        name: 'to',
        kind: 'team',
        required: true,
        example: 'to=acme-dev',
        says: 'which team gets them',
      },
      REASON,
      SURE,
    ],
    examples: ['credits transfer acme-prod 200 to=acme-dev reason="Load test"'],
    run: transfer,
  }),
  subcommand({
    name: 'credits refund',
    says: 'Gives back what a call was charged, all of it or a part.',
    role: 'manager',
    title: 'Refund a call',
    arguments: [
      TEAM,
      {
        name: 'call',
        kind: 'text',
        positional: true,
        required: true,
        example: '3f9d0b6e-7c1a-4a5e-9f57-2f9d6f0e8c11',
        says: 'the id of the call',
      },
      { ...CREDITS, required: false, says: 'how many; all that it was charged if absent' },
      REASON,
    ],
    examples: ['credits refund acme-prod 3f9d0b6e-7c1a-4a5e-9f57-2f9d6f0e8c11 reason="Outage"'],
    run: refund,
  }),
  subcommand({
    name: 'credits policy',
    says: 'Says what happens at 0 credits.',
    role: 'manager',
    title: 'At 0 credits',
    submit: 'Save',
    arguments: [
      TEAM,
      {
        name: 'policy',
        kind: 'word',
        positional: true,
        choices: ['hard', 'soft', 'unlimited'],
        example: 'soft',
        says: 'hard refuses, soft goes on down to the overdraft, unlimited goes on',
      },
      {
        name: 'overdraft',
        kind: 'credits',
        example: 'overdraft=100',
        says: 'how far the balance may fall below 0 while the policy is soft, or until the grace ends',
      },
      {
        name: 'grace',
        kind: 'end',
        example: 'grace=friday',
        says: 'until when a hard policy lets the overdraft be used',
      },
      {
        name: 'suspend',
        kind: 'yes_no',
        example: 'suspend=on',
        says: 'suspend when nothing is left, resume with the next funding',
      },
      WHY,
    ],
    examples: [
      'credits policy acme-prod soft overdraft=100',
      'credits policy acme-prod suspend=on',
    ],
    run: policy,
  }),
  subcommand({
    name: 'credits refill',
    says: 'Tops a team up by itself, each day, week or month, or when little is left.',
    role: 'manager',
    title: 'Refill by itself',
    submit: 'Save',
    arguments: [
      TEAM,
      {
        ...CREDITS,
        kind: 'credits_or_off',
        says: 'how many to add each time; off ends it',
      },
      {
        name: 'every',
        kind: 'word',
        choices: REFILL_PERIODS,
        example: 'every=monthly',
        says: 'at the beginning of each day, week or month',
      },
      {
        name: 'below',
        kind: 'credits',
        example: 'below=100',
        says: 'when the balance falls below this',
      },
      {
        name: 'max',
        kind: 'credits',
        example: 'max=2000',
        says: 'the most that refills may add in a month',
      },
      WHY,
    ],
    examples: [
      'credits refill acme-prod 500 every=monthly below=100 max=2000',
      'credits refill acme-prod off',
    ],
    run: refill,
  }),
];
