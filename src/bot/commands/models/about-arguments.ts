/** What people read of a model or an access group. */
export const TITLE = { name: 'title', kind: 'text', says: 'a name for people' } as const;
export const DESCRIPTION = { name: 'description', kind: 'text', says: 'what it is for' } as const;
