import type { ModelConfig } from '../config/models.ts';
import type { OfferedPrices } from '../core/pricing/refresh-prices.ts';
import { catalogNameText, priceOf } from './price-of.ts';
import type { CatalogName } from './price-of.ts';
import { catalogVersion } from './version.ts';

/** What the package says now of every model that has no price by hand; of what it does not know, nothing. */
export function offeredPrices(models: readonly ModelConfig[], nowMs: number): OfferedPrices {
  const byName = new Map<string, { asked: CatalogName; models: Set<string> }>();
  for (const { alias, deployments } of models) {
    for (const { catalogName } of deployments) {
      if (catalogName !== undefined) {
        const name = catalogNameText(catalogName);
        const known = byName.get(name) ?? { asked: catalogName, models: new Set() };
        byName.set(name, known);
        known.models.add(alias);
      }
    }
  }
  const prices = [...byName].flatMap(([name, { asked, models: aliases }]) => {
    const price = priceOf({ ...asked, at: new Date(nowMs) });
    return price === undefined ? [] : [{ name, price, models: [...aliases] }];
  });
  return { version: catalogVersion(), prices };
}
