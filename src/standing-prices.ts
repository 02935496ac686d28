// The prices of the package, as a process charges by them: those that the records hold, so that all processes
// charge alike, whichever version of the package they came with. A call keeps the price that it was admitted with.

import { servedBy } from './config/models.ts';
import type { Deployment, ModelConfig } from './config/models.ts';
import { isSamePrice } from './core/pricing/price-json.ts';
import type { ModelPrice } from './core/pricing/price.ts';
import type { Records } from './core/stores.ts';
import { SECOND_MS } from './core/time.ts';
import { catalogNameText } from './pricing-catalog/price-of.ts';
import type { Services } from './services.ts';

/** Prices change a few times a year; looking costs one read of a few rows. */
const READ_EVERY_MS = 30 * SECOND_MS;

export interface StandingPrices {
  /** By alias; a model whose price changes is replaced, and never changed. */
  readonly models: ReadonlyMap<string, ModelConfig>;
  stop(): void;
}

/** Reads them now and then again and again. What can't be read stays as it is. */
export async function keepStandingPrices({
  config,
  stores,
  log,
}: Pick<Services, 'config' | 'stores' | 'log'>): Promise<StandingPrices> {
  const models = new Map(config.models.map((model) => [model.alias, model]));
  const read = async (): Promise<void> => {
    try {
      await readPrices(stores.records, models);
    } catch (error) {
      log.warn({ err: error }, 'the prices that hold could not be read, the last known stay');
    }
  };
  await read();
  const timer = setInterval(() => void read(), READ_EVERY_MS);
  return { models, stop: () => clearInterval(timer) };
}

/** Replaces each model of which the records hold another price than it has. */
export async function readPrices(
  { prices }: Pick<Records, 'prices'>,
  models: Map<string, ModelConfig>,
): Promise<void> {
  const kept = new Map((await prices.list()).map(({ name, price }) => [name, price]));
  for (const model of models.values()) {
    const deployments = model.deployments.map((each) => repriced(each, kept));
    if (deployments.some((each, index) => each !== model.deployments[index])) {
      models.set(model.alias, { ...model, ...servedBy(deployments) });
    }
  }
}

function repriced(deployment: Deployment, kept: ReadonlyMap<string, ModelPrice>): Deployment {
  const { catalogName } = deployment;
  const price = catalogName && kept.get(catalogNameText(catalogName));
  return price === undefined || isSamePrice(price, deployment.price)
    ? deployment
    : { ...deployment, price };
}
