import type { Services } from './services.ts';

/** Makes the records and the gate hold the models and access groups of the configuration. */
export async function applyCatalog({ config, stores }: Services): Promise<void> {
  const { records, gate } = stores;
  await records.change(async (inside) => {
    const aliases = config.models.map((model) => model.alias);
    if (await inside.accessGroups.replace(config.accessGroups, aliases)) {
      await inside.outbox.add({ kind: 'catalog.changed' });
    }
    return undefined;
  });
  await gate.project({ catalog: true });
}
