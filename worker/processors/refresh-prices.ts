import { refreshPrices } from '../../src/core/pricing/refresh-prices.ts';
import { offeredPrices } from '../../src/pricing-catalog/offered.ts';
import type { WorkerParts } from '../parts.ts';

/** Brings the prices of the records up to those of the package. */
export async function refreshModelPrices({ services }: WorkerParts): Promise<void> {
  const { config, stores, log } = services;
  const made = await stores.records.catalog.models();
  const offered = offeredPrices({ ofFile: config.models, made }, stores.clock());
  const changes = await refreshPrices(stores, offered, config.priceRefresh);
  if (changes.length > 0) {
    const { version } = offered;
    const names = changes.map(({ name }) => name);
    log.info({ version, names, refresh: config.priceRefresh }, 'the price package changed prices');
  }
}
