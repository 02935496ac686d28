import type { Bot, Call } from '../call.ts';
import { callOfSubmission } from '../calls.ts';
import type { Submission } from '../calls.ts';
import { objectIn } from '../blocks/run-button.ts';
import { subjectOfForm, submitAlerts } from '../alert-settings.ts';
import { ALERTS } from './alerts.ts';
import { ARGUMENTS } from './arguments.ts';
import { CREATE_TEAM } from './create-team.ts';
import { answerForm } from './in-time.ts';
import type { Submitted } from './in-time.ts';
import { ONBOARD } from './onboard.ts';
import { namedByArguments, roleForArguments, submitArguments } from './submit-arguments.ts';
import { submitCreateTeam } from './submit-create-team.ts';
import { submitOnboard } from './submit-onboard.ts';
import { submitTopUp } from './submit-top-up.ts';
import {
  proposalFormTitle,
  QUESTION,
  REJECT,
  submitQuestion,
  submitReject,
  submitUrgent,
  URGENT,
} from './proposal-forms.ts';
import { POLICY } from '../../core/policy.ts';
import type { Stores } from '../../core/stores.ts';
import type { Role } from '../roles.ts';
import { TOP_UP } from './top-up.ts';
import { scopedTo } from '../scope.ts';
import type { Named } from '../scope.ts';
import { entered } from './state.ts';

interface Form {
  readonly title: string;
  /** A manager where nothing is said: most forms change something. */
  readonly needs?: (view: Submission['view']) => Role;
  /** What it is about; of what names nothing, roles of all organizations alone decide. */
  readonly about?: (view: Submission['view'], stores: Stores) => Promise<Named> | Named;
  readonly submit: (call: Call, view: Submission['view']) => Promise<Submitted>;
}

const anyone = (): Role => 'anyone';

/** Every form there is, by its callback id. */
export const FORMS: Readonly<Record<string, Form>> = {
  [ARGUMENTS]: {
    title: 'Quartermaster',
    needs: roleForArguments,
    about: namedByArguments,
    submit: submitArguments,
  },
  [CREATE_TEAM]: {
    title: 'Create a team',
    about: (view) => ({ organizations: [entered(view, 'org') ?? ''] }),
    submit: submitCreateTeam,
  },
  [ONBOARD]: { title: 'Onboard a customer', submit: submitOnboard },
  [TOP_UP]: { title: 'Top up', about: teamOfForm, submit: submitTopUp },
  [ALERTS]: { title: 'Alerts', about: namedByAlerts, submit: submitAlerts },
  // Who decides is said by the proposal, and asked by these themselves.
  [REJECT]: { title: proposalFormTitle(REJECT), needs: anyone, submit: submitReject },
  [QUESTION]: { title: proposalFormTitle(QUESTION), needs: anyone, submit: submitQuestion },
  [URGENT]: { title: proposalFormTitle(URGENT), needs: anyone, submit: submitUrgent },
};

/** Answers a form that was sent. Whether they may is asked again: forms stay open for long. */
export async function submitForm(bot: Bot, form: Form, submission: Submission): Promise<void> {
  const { view } = submission;
  const origin = objectIn(view.private_metadata)?.['origin'];
  const sent = callOfSubmission(bot, submission, typeof origin === 'string' ? origin : undefined);
  await answerForm(sent, submission, form.title, async () => {
    const call = await scopedTo(sent, (await form.about?.(view, bot.stores)) ?? {});
    const needed = form.needs?.(view) ?? POLICY.change;
    const complaint = await call.bot.roles.complaint(call.userId, needed);
    return complaint === undefined ? form.submit(call, view) : { kind: 'said', speech: complaint };
  });
}

/** The team that a form carries from its opening, or asks for. */
function teamOfForm(view: Submission['view']): Named {
  const carried = objectIn(view.private_metadata)?.['team'];
  return { teams: [typeof carried === 'string' ? carried : (entered(view, 'team') ?? '')] };
}

/** The team or organization whose alerts it is about; what names nothing is for roles of all. */
function namedByAlerts(view: Submission['view']): Named {
  const subject = subjectOfForm(view);
  return subject?.kind === 'organization'
    ? { organizations: [subject.organizationId] }
    : { teams: [subject?.teamId ?? ''] };
}
