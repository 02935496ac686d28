import { planBulk } from '../../../core/bulk/plan-bulk.ts';
import type { BulkAction, BulkFilter } from '../../../core/bulk/bulk-plan.ts';
import { isRefusal, refuse } from '../../../core/refusals.ts';
import type { Refusal } from '../../../core/refusals.ts';
import type { TeamStatus } from '../../../core/teams/team.ts';
import { previewBulk } from '../../bulk.ts';
import { refusalSpeech } from '../../replies.ts';
import { sightOf, within } from '../../sight.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { withName } from '../../unknown-team.ts';
import { subcommand } from '../definition.ts';

const ACTIONS = ['suspend', 'pause', 'resume', 'topup', 'allow', 'deny'] as const;

export const bulk = subcommand({
  name: 'bulk',
  says: 'Suspends, resumes, tops up or changes access of many teams, after showing what would change.',
  role: 'manager',
  inSight: true,
  title: 'Many teams at once',
  submit: 'Preview',
  arguments: [
    {
      name: 'action',
      kind: 'word',
      choices: ACTIONS,
      positional: true,
      required: true,
      label: 'What is to be done',
      example: 'suspend',
      says: 'allow and deny change what the teams may use',
    },
    {
      name: 'org',
      kind: 'org',
      label: 'Of this organization',
      example: 'org=acme',
      says: 'teams of other organizations are left alone',
    },
    {
      name: 'status',
      kind: 'word',
      choices: ['active', 'suspended', 'paused', 'archived'],
      label: 'In this state',
      example: 'status=active',
      says: 'as they are now',
    },
    {
      name: 'below',
      kind: 'credits',
      label: 'With fewer credits than',
      example: 'below=100',
      says: 'by the ledger',
    },
    {
      name: 'model',
      kind: 'model_or_group',
      label: 'With this group or model',
      example: 'model=gpt-models',
      says: 'given to the team by this name',
    },
    {
      name: 'credits',
      kind: 'credits',
      label: 'Credits for each team',
      example: 'credits=500',
      says: 'for topup',
    },
    {
      name: 'names',
      kind: 'models',
      label: 'Groups or models',
      example: 'names=claude-models',
      says: 'for allow and deny',
    },
    { name: 'reason', kind: 'text', example: 'reason="Audit"', says: 'stands with each change' },
    {
      name: 'all',
      kind: 'yes_no',
      label: 'All teams there are',
      example: 'all=yes',
      says: 'yes, where nothing above narrows them: who forgets the filter does not mean everybody',
    },
  ],
  examples: [
    'bulk suspend org=acme status=active reason="Unpaid invoice"',
    'bulk topup below=100 credits=500 reason="May allowance"',
    'bulk allow model=gpt-models names=claude-models',
  ],
  async run(call, { values }) {
    const { org } = values;
    const again = (meant: string): string => withName(call.text, org ?? '', meant);
    if (org !== undefined && (await organizationOf(call, org, again)) === undefined) {
      return;
    }
    const filter: BulkFilter = {
      ...within(await sightOf(call, 'manager')),
      organizationId: org,
      // Read against the states that there are.
      status: values.status as TeamStatus | undefined,
      below: values.below,
      model: values.model,
    };
    const action = actionOf(values);
    const preview = isRefusal(action)
      ? action
      : (complaintAboutWidth(filter, values.all === true) ??
        (await planBulk(call.bot.stores, call.actor, filter, action)));
    await (isRefusal(preview) ? call.reply(refusalSpeech(preview)) : previewBulk(call, preview));
  },
});

interface ActionWords {
  readonly action?: string;
  readonly credits?: bigint;
  readonly names?: readonly string[];
  readonly reason?: string;
}

const missing = (field: string, complaint: string): Refusal =>
  refuse('value_invalid', { field, complaint });

function actionOf({ action, credits, names, reason }: ActionWords): BulkAction | Refusal {
  const kind = ACTIONS.find((each) => each === action) ?? 'suspend';
  if (kind === 'allow' || kind === 'deny') {
    return names === undefined
      ? missing('names', 'say which groups or models, like names=claude-models')
      : { kind, names };
  }
  if (reason === undefined) {
    return missing('reason', 'say why, like reason="Unpaid invoice"');
  }
  if (kind === 'topup') {
    return credits === undefined
      ? missing('credits', 'say how many for each team, like credits=500')
      : { kind, reason, microcredits: credits };
  }
  return { kind, reason };
}

/** Who forgets the filter does not mean everybody. */
function complaintAboutWidth(filter: BulkFilter, isAll: boolean): Refusal | undefined {
  const { organizationIds: _seen, ...words } = filter;
  const isNarrowed = Object.values(words).some((value) => value !== undefined);
  return isNarrowed || isAll
    ? undefined
    : missing('all', 'nothing narrows the teams; name org=, status=, below= or model=, or all=yes');
}
