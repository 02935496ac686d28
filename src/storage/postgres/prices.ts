import { priceFromJson, priceToJson } from '../../core/pricing/price-json.ts';
import type { PriceJson } from '../../core/pricing/price-json.ts';
import type { KeptPrice, PriceRecords } from '../../core/pricing/refresh-prices.ts';
import { Prisma } from '../generated/client.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

export function pricesIn(scope: PostgresScope): PriceRecords {
  const list = async (): Promise<KeptPrice[]> =>
    (await scope.catalogPrice.findMany({ orderBy: { name: 'asc' } })).map(priceFrom);
  return {
    list,
    async locked() {
      await scope.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('catalog_prices', 0))`;
      return list();
    },
    async put({ name, price, offered, version, since }) {
      const data = {
        price: priceToJson(price),
        offered: offered === null ? Prisma.DbNull : priceToJson(offered),
        version,
        since,
      };
      const where = { name };
      await scope.catalogPrice.upsert({ where, create: { name, ...data }, update: data });
    },
  };
}

function priceFrom({ price, offered, ...row }: rows.CatalogPrice): KeptPrice {
  return {
    ...row,
    price: priceFromJson(price as PriceJson),
    offered: offered === null ? null : priceFromJson(offered as PriceJson),
  };
}
