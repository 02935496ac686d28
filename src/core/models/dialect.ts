/** How a deployment is spoken to, and a route of the proxy answers. Nothing is translated between them. */
export const DIALECTS = ['openai', 'anthropic'] as const;

export type Dialect = (typeof DIALECTS)[number];

/** Where a client calls a model in each, for the sentence that sends it there. */
export const ROUTE_OF: Readonly<Record<Dialect, string>> = {
  openai: '/v1/chat/completions',
  anthropic: '/v1/messages',
};
