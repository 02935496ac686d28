import type { Services } from './services.ts';

/** Makes the records and the gate hold the models and access groups of the configuration. */
export async function applyCatalog({ config, stores }: Services): Promise<void> {
  const { records, gate } = stores;
  await records.change(async (inside) => {
    const aliases = config.models.map((model) => model.alias);
    const dialects = new Map(config.models.map((model) => [model.alias, model.dialects]));
    if (await inside.accessGroups.replace(config.accessGroups, aliases, dialects)) {
      await inside.outbox.add({ kind: 'catalog.changed' });
    }
    return undefined;
  });
  await gate.project({ catalog: true });
}
