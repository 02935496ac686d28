import type { ModelConfig } from '../config/models.ts';
import type { StoredModel } from '../core/models/stored-model.ts';
import type { OfferedPrices } from '../core/pricing/refresh-prices.ts';
import { catalogNameText, priceOf } from './price-of.ts';
import type { CatalogName } from './price-of.ts';
import { catalogVersion } from './version.ts';

/** Models of the file, and those that people made. */
export interface PricedModels {
  readonly ofFile: readonly ModelConfig[];
  readonly made: readonly StoredModel[];
}

/** What the package says now of every model that has no price by hand; of what it does not know, nothing. */
export function offeredPrices(models: PricedModels, nowMs: number): OfferedPrices {
  const asked = Map.groupBy(askedOf(models), ({ name }) => catalogNameText(name));
  const prices = [...asked].flatMap(([text, all]) => {
    const [first] = all;
    const price = first && priceOf({ ...first.name, at: new Date(nowMs) });
    return price === undefined ? [] : [{ name: text, price, models: aliasesOf(all) }];
  });
  return { version: catalogVersion(), prices };
}

interface Asked {
  readonly alias: string;
  readonly name: CatalogName;
}

function askedOf({ ofFile, made }: PricedModels): Asked[] {
  return [
    ...ofFile.flatMap(({ alias, deployments }) =>
      deployments.flatMap(({ catalogName }) =>
        catalogName === undefined ? [] : [{ alias, name: catalogName }],
      ),
    ),
    ...made.flatMap(({ alias, provider, upstreamModel, price }) =>
      price === null ? [{ alias, name: { provider, model: upstreamModel } }] : [],
    ),
  ];
}

function aliasesOf(asked: readonly Asked[]): string[] {
  return [...new Set(asked.map(({ alias }) => alias))];
}
