import type { Subject } from '../ceilings/subject.ts';
import type { Refusal } from '../refusals.ts';

/** The one thing that an account manager can do, so that calls pass again. */
export type Cure =
  | { readonly kind: 'top_up'; readonly teamId: string }
  | { readonly kind: 'resume_team'; readonly teamId: string }
  | { readonly kind: 'resume_organization'; readonly organizationId: string }
  | {
      readonly kind: 'boost';
      readonly subject: Subject;
      /** Which ceiling, as the gate names it. */
      readonly meter: string;
      readonly teamId: string;
    }
  | { readonly kind: 'allow_model'; readonly teamId: string; readonly model: string }
  | { readonly kind: 'choose_models'; readonly teamId: string }
  | { readonly kind: 'unblock_key'; readonly teamId: string; readonly keyId: string }
  | { readonly kind: 'new_key'; readonly teamId: string }
  /** It has expired: a new secret and a new end, in its place. */
  | { readonly kind: 'rotate_key'; readonly teamId: string; readonly keyId: string }
  | { readonly kind: 'show_key'; readonly teamId: string; readonly keyId: string }
  /** Only the client, the provider or an operator can do something. */
  | { readonly kind: 'none' };

const NONE: Cure = { kind: 'none' };

/** What cures a refusal. A boost is offered where a ceiling decided; everything else is lasting. */
export function cureFor({ refused, seen }: Refusal): Cure {
  if (seen === undefined) {
    return NONE;
  }
  const { teamId, organizationId, keyId, asked, model, hit } = seen;
  switch (refused) {
    case 'credits_exhausted':
      return { kind: 'top_up', teamId };
    case 'team_suspended':
    case 'team_paused':
    case 'team_archived':
      return { kind: 'resume_team', teamId };
    case 'organization_suspended':
    case 'organization_paused':
    case 'organization_archived':
      return { kind: 'resume_organization', organizationId };
    case 'model_not_allowed':
      return { kind: 'allow_model', teamId, model: model ?? asked ?? '' };
    case 'key_blocked':
      return { kind: 'unblock_key', teamId, keyId };
    case 'key_expired':
      return { kind: 'rotate_key', teamId, keyId };
    case 'key_revoked':
      return { kind: 'new_key', teamId };
    case 'address_not_allowed':
    case 'endpoint_not_allowed':
      return { kind: 'show_key', teamId, keyId };
    default:
      return hit === undefined
        ? NONE
        : { kind: 'boost', subject: hit.subject, meter: hit.meter, teamId };
  }
}
