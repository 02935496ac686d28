import type { Button } from '@slack/types';
import type { Subject } from '../../core/ceilings/subject.ts';
import type { Cure } from '../../core/explain/cure.ts';
import { quoted } from '../commands/words.ts';
import { runButton } from './run-button.ts';
import { topUpButton } from './top-up-button.ts';

/** A quarter: long enough for a contract's next talk, and said on the button. */
const ROTATED_FOR_DAYS = 90;

/** The one button that lets calls pass again; undefined where nobody here can mend it. */
export function cureButton(cure: Cure): Button | undefined {
  const style = 'primary';
  switch (cure.kind) {
    case 'top_up':
      return topUpButton(cure.teamId, { style });
    case 'resume_team':
      return runButton('Resume team', `/team resume ${cure.teamId}`, { style });
    case 'resume_organization':
      return runButton('Resume organization', `/org resume ${cure.organizationId}`, { style });
    case 'allow_model':
      return runButton(`Allow ${cure.model}`, `/team models ${cure.teamId} add=${cure.model}`, {
        style,
      });
    case 'choose_models':
      return runButton('Choose models', `/team models ${cure.teamId}`, { style });
    case 'unblock_key':
      return runButton('Unblock the key', `/team key unblock ${cure.teamId} ${cure.keyId}`, {
        style,
      });
    case 'new_key':
      return runButton('Make a new key', `/team key new ${cure.teamId}`, { style });
    case 'rotate_key':
      return runButton(
        `Rotate the key, for ${ROTATED_FOR_DAYS} days`,
        `/team key rotate ${cure.teamId} ${cure.keyId} grace=0 sure=yes expires=${ROTATED_FOR_DAYS}d for=client`,
        { style },
      );
    case 'show_key':
      return runButton('Show the key', `/team key show ${cure.teamId} ${cure.keyId}`, { style });
    case 'boost':
      return boostButton(cure);
    case 'none':
      return undefined;
  }
}

/** A raise that ends by itself: an account manager can always make it lasting. */
function boostButton({ subject, meter, teamId }: Extract<Cure, { kind: 'boost' }>): Button {
  const [kind = '', encodedModel] = meter.split('@');
  const model = encodedModel === undefined ? '' : ` model=${decodeURIComponent(encodedModel)}`;
  const isBudget = kind.startsWith('budget-');
  const topic = isBudget ? 'budget' : 'limits';
  const which = isBudget
    ? ` every=${kind.slice('budget-'.length)}`
    : ` of=${kind === 'usage_tokens' ? 'tokens' : kind}`;
  const command = `${placeOf(topic, subject, teamId)}${which}${model} boost=50% until=1d`;
  return runButton(isBudget ? 'Budget +50 % for a day' : 'Limit +50 % for a day', command, {
    style: 'primary',
  });
}

function placeOf(topic: string, subject: Subject, teamId: string): string {
  switch (subject.kind) {
    case 'organization':
      return `/org ${topic} ${subject.organizationId}`;
    case 'team':
      return `/team ${topic} ${subject.teamId}`;
    case 'key':
      return `/team ${topic} ${teamId} key=${subject.keyId}`;
    case 'member':
      return `/team ${topic} ${subject.teamId} member=${subject.userId}`;
    case 'user':
      return `/org ${topic} ${subject.organizationId} user=${subject.userId}`;
    case 'end_user':
      return `/org ${topic} ${subject.organizationId} enduser=${quoted(subject.endUserId)}`;
  }
}
