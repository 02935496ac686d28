import type { CustomerRecords } from '../../core/customers/customer-records.ts';
import type { Customer } from '../../core/customers/customer.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';
import { columnsOf } from './columns.ts';

export function customersIn(scope: PostgresScope): CustomerRecords {
  return {
    async find(organizationId, id) {
      const where = { organizationId_id: { organizationId, id } };
      const row = await scope.customer.findUnique({ where });
      return row === null ? undefined : customerFrom(row);
    },
    async search({ organizationId, ids, offset, limit }) {
      const where = {
        ...(organizationId === undefined ? {} : { organizationId }),
        ...(ids === undefined ? {} : { id: { in: [...ids] } }),
      };
      const [found, total] = await Promise.all([
        scope.customer.findMany({
          where,
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
          skip: offset,
          take: limit,
        }),
        scope.customer.count({ where }),
      ]);
      return { rows: found.map(customerFrom), total };
    },
    insert: async (customer) => {
      const data = columnsOf(customer);
      return (await scope.customer.createMany({ data, skipDuplicates: true })).count === 1;
    },
    update: async (organizationId, id, change) => {
      const where = { organizationId_id: { organizationId, id } };
      await scope.customer.update({ where, data: columnsOf(change) });
    },
    remove: async (organizationId, id) => {
      await scope.customer.delete({ where: { organizationId_id: { organizationId, id } } });
    },
  };
}

function customerFrom(row: rows.Customer): Customer {
  return { ...row, metadata: row.metadata as Customer['metadata'] };
}
