// Prices where JSON stands: rates as digits, because JSON's numbers end at 2^53.

import type { ModelPrice } from './price.ts';

/** What priceToJson made of a price. */
export interface PriceJson {
  readonly [field: string]: string | number | readonly PriceJson[];
}

/** A price in JSON. Equal prices make equal texts, whatever the order of their fields was. */
export function priceToJson({ tiers, ...rates }: ModelPrice): PriceJson {
  const fields = Object.entries(rates)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : value] as const);
  return {
    ...(Object.fromEntries(fields) as PriceJson),
    ...(tiers === undefined ? {} : { tiers: tiers.map(priceToJson) }),
  };
}

/** The price again. Only priceToJson makes such JSON, so its shape is known. */
export function priceFromJson(json: PriceJson): ModelPrice {
  const fields = Object.entries(json).map(([name, value]) => {
    if (typeof value === 'string') {
      return [name, BigInt(value)];
    }
    return [name, typeof value === 'number' ? value : value.map(priceFromJson)];
  });
  return Object.fromEntries(fields);
}

/** Whether two prices charge every call alike. */
export function isSamePrice(one: ModelPrice | undefined, other: ModelPrice | undefined): boolean {
  return textOf(one) === textOf(other);
}

function textOf(price: ModelPrice | undefined): string {
  return price === undefined ? '' : JSON.stringify(priceToJson(price));
}
