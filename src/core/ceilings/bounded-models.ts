import { complaintAboutUnservedModels } from '../models/known-models.ts';
import type { Refusal } from '../refusals.ts';
import type { Records } from '../stores.ts';
import type { Ceilings } from './ceilings.ts';

/** Refuses a ceiling for a model that nobody serves; what stood there before may stay, though its model went. */
export async function complaintAboutAddedModels(
  records: Pick<Records, 'accessGroups'>,
  before: Ceilings,
  after: Ceilings,
): Promise<Refusal | undefined> {
  const known = modelsIn(before);
  const names = modelsIn(after).filter((model) => !known.includes(model));
  return complaintAboutUnservedModels(records, { field: 'model', names });
}

function modelsIn({ limits, budgets }: Ceilings): string[] {
  return [...limits, ...budgets].flatMap(({ model }) => model ?? []);
}
