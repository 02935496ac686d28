import type { AccessGroupRecords } from '../stores.ts';
import type { Dialect } from './dialect.ts';

/** The call that a client tries first. */
export interface FirstCall {
  readonly model: string;
  readonly dialect: Dialect;
}

/** Stands where nothing can be called yet. */
export const SOME_CALL: FirstCall = { model: 'your-model', dialect: 'openai' };

/** Anthropic's dialect asks for one; long enough for a greeting. */
export const FIRST_CALL_TOKENS = 500;

/** What is sent, in the words of its dialect. */
export function bodyOfCall({ model, dialect }: FirstCall): object {
  const bound = dialect === 'anthropic' ? { max_tokens: FIRST_CALL_TOKENS } : {};
  return { model, ...bound, messages: [{ role: 'user', content: 'Hello' }] };
}

/**
 * Of the models that a client may call, the first by name that OpenAI's clients reach, else the first that is served at
 * all; undefined where none of them is.
 */
export async function firstCallOf(
  accessGroups: Pick<AccessGroupRecords, 'dialectsOf'>,
  models: readonly string[],
): Promise<FirstCall | undefined> {
  const served = await accessGroups.dialectsOf(models);
  const calls = models
    .toSorted()
    .flatMap((model) => (served.get(model) ?? []).map((dialect) => ({ model, dialect })));
  return calls.find(({ dialect }) => dialect === 'openai') ?? calls[0];
}
