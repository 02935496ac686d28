/**
 * Whom limits and budgets are set for. A user is one person in all teams, a member one in one team; an end user is whom
 * a customer's own program calls for.
 */
export type Subject =
  | { readonly kind: 'organization'; readonly organizationId: string }
  | { readonly kind: 'team'; readonly teamId: string }
  | { readonly kind: 'key'; readonly keyId: string }
  | { readonly kind: 'user'; readonly organizationId: string; readonly userId: string }
  | { readonly kind: 'member'; readonly teamId: string; readonly userId: string }
  | { readonly kind: 'end_user'; readonly organizationId: string; readonly endUserId: string };

/**
 * One name for each subject, the same in the gate, the records and refusals: `team:acme-prod`,
 * `member:acme-prod/ann%40acme.com`. Holds no space, comma or bar, which separate in the gate.
 */
export function subjectText(subject: Subject): string {
  switch (subject.kind) {
    case 'organization':
      return `organization:${subject.organizationId}`;
    case 'team':
      return `team:${subject.teamId}`;
    case 'key':
      return `key:${subject.keyId}`;
    case 'user':
      return `user:${subject.organizationId}/${encodeURIComponent(subject.userId)}`;
    case 'member':
      return `member:${subject.teamId}/${encodeURIComponent(subject.userId)}`;
    case 'end_user':
      return `end_user:${subject.organizationId}/${encodeURIComponent(subject.endUserId)}`;
  }
}

/** The subject of a name that subjectText made; undefined for any other text. */
export function subjectFrom(text: string): Subject | undefined {
  const [, kind, first = '', , rest = ''] =
    /^(organization|team|key|user|member|end_user):([^/]+)(\/(.+))?$/.exec(text) ?? [];
  const second = decoded(rest);
  if (second === undefined) {
    return undefined;
  }
  switch (kind) {
    case 'organization':
      return { kind, organizationId: first };
    case 'team':
      return { kind, teamId: first };
    case 'key':
      return { kind, keyId: first };
    case 'user':
      return { kind, organizationId: first, userId: second };
    case 'member':
      return { kind, teamId: first, userId: second };
    case 'end_user':
      return { kind, organizationId: first, endUserId: second };
    default:
      return undefined;
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The subject in a sentence: `team acme-prod`, `ann@acme.com in team acme-prod`. */
export function subjectWords(subject: Subject): string {
  switch (subject.kind) {
    case 'organization':
      return `organization ${subject.organizationId}`;
    case 'team':
      return `team ${subject.teamId}`;
    case 'key':
      return `key ${subject.keyId}`;
    case 'user':
      return `user ${subject.userId}`;
    case 'member':
      return `${subject.userId} in team ${subject.teamId}`;
    case 'end_user':
      return `end user ${subject.endUserId}`;
  }
}
