/**
 * What happened and must be known outside the database. Written in the transaction of the change,
 * told by the outbox relay afterwards, at least once: whoever listens must bear hearing it twice.
 */
export type DomainEvent =
  | { readonly kind: 'organization.changed'; readonly organizationId: string }
  | { readonly kind: 'team.changed'; readonly teamId: string }
  | { readonly kind: 'key.changed'; readonly keyId: string }
  | { readonly kind: 'credits.posted'; readonly teamId: string }
  | { readonly kind: 'catalog.changed' }
  | { readonly kind: 'alert.changed'; readonly episodeId: string };
