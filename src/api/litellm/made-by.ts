/** LiteLLM's name for whoever holds the admin key. */
export const MASTER_USER = 'default_user_id';

/** For rows whose makers LiteLLM's types want named: who it was stands in the audit trail. */
export const MADE_BY = { created_by: MASTER_USER, updated_by: MASTER_USER } as const;
