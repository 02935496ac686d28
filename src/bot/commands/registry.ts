import type { Command } from './definition.ts';
import { APPROVALS_SUBCOMMANDS } from './approvals/subcommands.ts';
import { AUDIT_SUBCOMMANDS } from './audit/subcommands.ts';
import { ORGANIZATION_SUBCOMMANDS } from './org/subcommands.ts';
import { alerts } from './team/alerts.ts';
import { budget } from './team/budget.ts';
import { bulk } from './team/bulk.ts';
import { create } from './team/create.ts';
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
    says: 'Create, show, fund and suspend teams',
    subcommands: [
      create,
      show,
      explain,
      teamUsage,
      digest,
      list,
      edit,
      link,
      bulk,
      suspend,
      resume,
      pause,
      archive,
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
    says: 'Show organizations, bound what their teams may use together',
    subcommands: ORGANIZATION_SUBCOMMANDS,
  },
  {
    name: '/approvals',
    says: 'See what waits for a second pair of eyes, and decide on it',
    fallback: 'mine',
    subcommands: APPROVALS_SUBCOMMANDS,
  },
  {
    name: '/audit',
    says: 'See who did what, when, why and from where',
    subcommands: AUDIT_SUBCOMMANDS,
  },
  credits,
  usage,
  catalog,
  quartermaster,
];
