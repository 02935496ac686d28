import type { Command } from './definition.ts';
import { APPROVALS_SUBCOMMANDS } from './approvals/subcommands.ts';
import { AUDIT_SUBCOMMANDS } from './audit/subcommands.ts';
import { ORGANIZATION_SUBCOMMANDS } from './org/subcommands.ts';
import { alerts } from './team/alerts.ts';
import { budget } from './team/budget.ts';
import { bulk } from './team/bulk.ts';
import { create } from './team/create.ts';
import { deletion } from './team/delete.ts';
import { edit } from './team/edit.ts';
import { link } from './team/link.ts';
import { usage as teamUsage } from './team/usage.ts';
import { credits } from './whole/credits.ts';
import { models as catalog } from './whole/models.ts';
import { quartermaster } from './whole/quartermaster.ts';
import { usage } from './whole/usage.ts';
import { CREDIT_SUBCOMMANDS } from './team/credits.ts';
import { KEY_SUBCOMMANDS } from './team/key.ts';
import { digest } from './team/digest.ts';
import { explain } from './team/explain.ts';
import { jobs } from './team/jobs.ts';
import { limits } from './team/limits.ts';
import { list } from './team/list.ts';
import { members } from './team/members.ts';
import { models } from './team/models.ts';
import { show } from './team/show.ts';
import { archive, pause, resume, suspend } from './team/statuses.ts';
import { topup } from './team/topup.ts';

/** Every command there is. Parser, help, manifest and tests are made of this table. */
export const COMMANDS: readonly Command[] = [
  {
    name: '/team',
    says: 'Create a team, show it, fund it, bound what it may use, or suspend it',
    hint: 'show acme-prod | topup acme-prod 500 | create | explain acme-prod | key | suspend | help',
    subcommands: [
      create,
      show,
      explain,
      teamUsage,
      jobs,
      digest,
      list,
      edit,
      link,
      bulk,
      suspend,
      resume,
      pause,
      archive,
      deletion,
      topup,
      ...CREDIT_SUBCOMMANDS,
      limits,
      budget,
      ...KEY_SUBCOMMANDS,
      models,
      members,
      alerts,
    ],
  },
  {
    name: '/org',
    says: 'Onboard a customer, show it, bound what its teams use together, or suspend it',
    hint: 'onboard | show acme | usage acme | limits | budget | suspend | help',
    subcommands: ORGANIZATION_SUBCOMMANDS,
  },
  {
    name: '/approvals',
    says: 'See what waits for your decision, and approve or reject it',
    hint: 'mine | all | history acme-prod | help',
    fallback: 'mine',
    subcommands: APPROVALS_SUBCOMMANDS,
  },
  {
    name: '/audit',
    says: 'See who changed what, when, why and from where',
    hint: 'search acme-prod | export | verify | help',
    fallback: 'search',
    subcommands: AUDIT_SUBCOMMANDS,
  },
  credits,
  usage,
  catalog,
  quartermaster,
];
