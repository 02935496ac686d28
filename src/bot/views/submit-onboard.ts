import { isRepeated } from '../../core/change.ts';
import { isRefusal, slackSentence } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { OnboardingWish } from '../../core/onboarding/onboard.ts';
import { onboardCustomer } from '../../core/onboarding/onboard.ts';
import { postable } from '../call.ts';
import type { Call } from '../call.ts';
import { readKind } from '../commands/kinds.ts';
import type { Kind, KindValues } from '../commands/kinds.ts';
import { dollarFields, repeatingBack } from '../dollars.ts';
import { onboardForm, tellOnboarded } from '../onboarding.ts';
import { refusalSpeech } from '../replies.ts';
import type { Submission } from '../calls.ts';
import type { Submitted } from './in-time.ts';
import { readForm } from './read-form.ts';
import { entered } from './state.ts';
import { DEVELOPMENT_CREDITS, onboardView } from './onboard.ts';
import type { OnboardField, OnboardForm } from './onboard.ts';

const KINDS = {
  org: 'org',
  name: 'text',
  team: 'team',
  credits: 'credits',
  groups: 'groups',
  dev: 'text',
  'dev-credits': 'credits',
  channel: 'channel',
} as const satisfies Record<OnboardField, Kind>;

type Values = { [Field in OnboardField]?: KindValues[(typeof KINDS)[Field]] };

/** Makes the customer as the form asks for, or puts complaints beside its fields. */
export async function submitOnboard(sent: Call, view: Submission['view']): Promise<Submitted> {
  const money = dollarFields(sent.bot.stores, {
    credits: entered(view, 'credits'),
    'dev-credits': entered(view, 'dev-credits'),
  });
  const call = repeatingBack(sent, money.said);
  const read = readForm(view, KINDS, money.given);
  const { typed, values } = read;
  const complaints = { ...read.complaints, ...money.complaints };
  if (Object.keys(complaints).length > 0) {
    return refused(call, { typed, complaints, stray: [] });
  }
  const wish = wishFrom(values, call);
  const onboarded = await onboardCustomer(
    call.bot.stores,
    call.actor,
    wish,
    `slack:${call.onceId}`,
  );
  if (isRepeated(onboarded)) {
    return { kind: 'done' };
  }
  if (!isRefusal(onboarded)) {
    return { kind: 'done', after: async () => tellOnboarded(call, onboarded) };
  }
  const field = fieldOf(onboarded, wish);
  const complaint = slackSentence(onboarded).replaceAll('`', '');
  return field === undefined
    ? { kind: 'said', speech: refusalSpeech(onboarded) }
    : refused(call, { typed, complaints: { [field]: complaint }, stray: [] });
}

/** No complaint: what the form requires is there. */
function wishFrom(values: Values, { userId, channelId }: Call): OnboardingWish {
  const { org = '', name = org, credits = 0n, groups = [], channel } = values;
  const development = {
    id: `${org}-dev`,
    credits: values['dev-credits'] ?? (readKind('credits', DEVELOPMENT_CREDITS) as bigint),
  };
  return {
    organizationId: org,
    name,
    accessGroups: groups,
    channelId: postable(channel),
    askedIn: channelId,
    remind: userId,
    production: { id: values.team ?? `${org}-prod`, credits },
    development: values.dev === undefined ? undefined : development,
  };
}

/** Which field a refusal is about; undefined if it is about none. */
function fieldOf(refusal: Refusal, wish: OnboardingWish): OnboardField | undefined {
  switch (refusal.refused) {
    case 'organization_exists':
      return 'org';
    case 'team_exists':
      return refusal.facts['team'] === wish.development?.id ? 'dev' : 'team';
    case 'access_group_unknown':
      return 'groups';
    case 'value_invalid':
      return FIELDS[String(refusal.facts['field'])];
    default:
      return undefined;
  }
}

/** By the names that core gives them. */
const FIELDS: Readonly<Record<string, OnboardField>> = {
  organization_id: 'org',
  name: 'name',
  team_id: 'team',
  credits: 'credits',
};

async function refused(
  call: Call,
  draft: Pick<OnboardForm, 'typed' | 'complaints' | 'stray'>,
): Promise<Submitted> {
  const view = onboardView(await onboardForm(call, draft));
  return { kind: 'errors', errors: draft.complaints, view };
}
