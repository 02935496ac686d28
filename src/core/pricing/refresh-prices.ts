// Prices that nobody gave by hand come from a package, and packages get newer. What the records hold is what
// calls are charged by; this brings it up to what the package says, or tells that it says something else.

import { SYSTEM } from '../audit/audit.ts';
import { OPERATORS } from '../posts/post.ts';
import { isRefusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { rateChanges } from './price-change.ts';
import type { RateChange } from './price-change.ts';
import { isSamePrice, priceToJson } from './price-json.ts';
import type { ModelPrice } from './price.ts';

/** The price of a model by the package, in force until the package says something else. */
export interface KeptPrice {
  /** Provider and model, as the package is asked: `openai/gpt-4o`. */
  readonly name: string;
  readonly price: ModelPrice;
  /** What the package says, and was told of, where it is not applied. */
  readonly offered: ModelPrice | null;
  /** The newest version of the package that looked. */
  readonly version: string;
  readonly since: Date;
}

export interface PriceRecords {
  list(): Promise<KeptPrice[]>;
  /** As `list`, and nobody else refreshes prices until this change is over. */
  locked(): Promise<KeptPrice[]>;
  put(price: KeptPrice): Promise<void>;
}

/** What the package of this process says. */
export interface OfferedPrices {
  readonly version: string;
  readonly prices: readonly {
    readonly name: string;
    readonly price: ModelPrice;
    /** The aliases that are charged by it. */
    readonly models: readonly string[];
  }[];
}

/** `apply`: calls are charged by it from then on. `hold`: it is told, and nothing changes. */
export type PriceRefresh = 'apply' | 'hold';

/** A price that is another one than before, with the aliases that are charged by it. */
export interface PriceChange {
  readonly name: string;
  readonly models: readonly string[];
  readonly rates: readonly RateChange[];
}

/**
 * Compares what the package says with what holds. Each change is told once, in the operators' channel. A price that
 * is seen for the first time is written and not told; an older package than the last one changes nothing.
 */
export async function refreshPrices(
  { records, clock }: Pick<Stores, 'records' | 'clock'>,
  offered: OfferedPrices,
  refresh: PriceRefresh,
): Promise<readonly PriceChange[]> {
  const done = await records.change(async (inside) => {
    const kept = await inside.prices.locked();
    if (kept.some(({ version }) => isNewer(version, offered.version))) {
      return [];
    }
    const changes: PriceChange[] = [];
    for (const { models, ...now } of offered.prices) {
      const before = kept.find(({ name }) => name === now.name);
      const after = next(before, { ...now, version: offered.version }, refresh, new Date(clock()));
      if (before === undefined || !isSameRow(before, after)) {
        await inside.prices.put(after);
      }
      if (before !== undefined && isNews(before, after)) {
        const rates = rateChanges(before.price, now.price);
        changes.push({ name: now.name, models, rates });
        await audit(inside, before, after);
      }
    }
    if (changes.length > 0 && refresh === 'apply') {
      // Whoever serves models that people made reads them anew.
      await inside.catalog.lockForChange();
      await inside.outbox.add({ kind: 'catalog.changed' });
    }
    if (changes.length > 0) {
      const facts = { version: offered.version, isApplied: refresh === 'apply', changes };
      await inside.posts.add({ place: OPERATORS, kind: 'prices.changed', facts });
    }
    return changes;
  });
  return isRefusal(done) ? [] : done;
}

function next(
  before: KeptPrice | undefined,
  now: Pick<KeptPrice, 'name' | 'price' | 'version'>,
  refresh: PriceRefresh,
  at: Date,
): KeptPrice {
  if (before === undefined || (refresh === 'apply' && !isSamePrice(before.price, now.price))) {
    return { ...now, offered: null, since: at };
  }
  const offered = isSamePrice(before.price, now.price) ? null : now.price;
  return { ...before, version: now.version, offered };
}

function isSameRow(one: KeptPrice, other: KeptPrice): boolean {
  return (
    one.version === other.version &&
    isSamePrice(one.price, other.price) &&
    isSamePrice(one.offered ?? undefined, other.offered ?? undefined)
  );
}

/** Another price holds, or another one is offered than was told. */
function isNews(before: KeptPrice, after: KeptPrice): boolean {
  return (
    !isSamePrice(before.price, after.price) ||
    (after.offered !== null && !isSamePrice(before.offered ?? undefined, after.offered))
  );
}

async function audit(records: Records, before: KeptPrice, after: KeptPrice): Promise<void> {
  await records.audit.write({
    actor: SYSTEM,
    action: after.offered === null ? 'price.refreshed' : 'price.held',
    target: `price:${after.name}`,
    before: { price: priceToJson(before.price), version: before.version },
    after: { price: priceToJson(after.offered ?? after.price), version: after.version },
  });
}

/** By the numbers of the version: 0.1.10 is newer than 0.1.9. */
function isNewer(one: string, other: string): boolean {
  return one.localeCompare(other, 'en', { numeric: true }) > 0;
}
