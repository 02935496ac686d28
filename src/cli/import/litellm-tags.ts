// Tags of a LiteLLM proxy: what is said of them. Keys bear theirs in their own rows.

import type { LiteLlmRows } from './litellm-rows.ts';
import { differenceOf, fieldOf, post, thereIf } from './step.ts';
import type { Step } from './step.ts';

export function tagStep({ name, description }: LiteLlmRows['tags'][number]): Step {
  return {
    kind: 'tag',
    name,
    look: post('/tag/info', { names: [name] }),
    progress: (status) => thereIf(status === 200),
    difference: (answer) => differenceOf({ description }, fieldOf(answer, name)),
    make: post('/tag/new', { name, description }),
  };
}
