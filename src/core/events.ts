/**
 * What happened and must be known outside the database. Written in the transaction of the change,
 * told by the outbox relay afterwards, at least once: whoever listens must bear hearing it twice.
 */
export type DomainEvent =
  | { readonly kind: 'organization.changed'; readonly organizationId: string }
  | { readonly kind: 'team.changed'; readonly teamId: string }
  | { readonly kind: 'key.changed'; readonly keyId: string }
  | { readonly kind: 'user.changed'; readonly organizationId: string; readonly userId: string }
  | { readonly kind: 'member.changed'; readonly teamId: string; readonly memberId: string }
  | {
      readonly kind: 'end_user.changed';
      readonly organizationId: string;
      readonly endUserId: string;
    }
  | { readonly kind: 'spend.brought'; readonly subject: string; readonly organizationId: string }
  | { readonly kind: 'credits.posted'; readonly teamId: string }
  | { readonly kind: 'grant.expiring'; readonly teamId: string; readonly grantId: string }
  | { readonly kind: 'catalog.changed' }
  | { readonly kind: 'job.ended'; readonly jobId: string }
  | { readonly kind: 'proposal.changed'; readonly proposalId: string }
  | { readonly kind: 'alert.changed'; readonly episodeId: string };
