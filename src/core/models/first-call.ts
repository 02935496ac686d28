import type { AccessGroupRecords } from '../stores.ts';
import type { Dialect } from './dialect.ts';

/** The call that a client tries first. */
export interface FirstCall {
  readonly model: string;
  readonly dialect: Dialect;
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
