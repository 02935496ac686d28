import type { Dialect } from '../core/models/dialect.ts';
import { ANTHROPIC } from './messages/anthropic-dialect.ts';
import { OPENAI } from './openai-dialect.ts';
import type { UpstreamDialect } from './upstream-dialect.ts';

/** What comes back, by what was asked. */
export const UPSTREAM_DIALECTS: Readonly<Record<Dialect, UpstreamDialect>> = {
  openai: OPENAI,
  anthropic: ANTHROPIC,
};
