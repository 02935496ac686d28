import type { Tag, TagRecords } from '../../core/tags/tag.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';
import { columnsOf } from './columns.ts';

export function tagsIn(scope: PostgresScope): TagRecords {
  return {
    async list(names) {
      const where = names === undefined ? {} : { name: { in: [...names] } };
      return (await scope.tag.findMany({ where, orderBy: { name: 'asc' } })).map(tagFrom);
    },
    insert: async (tag) => {
      const data = columnsOf(tag);
      return (await scope.tag.createMany({ data, skipDuplicates: true })).count === 1;
    },
    update: async (name, change) => {
      const data = { ...columnsOf(change), updatedAt: new Date() };
      return (await scope.tag.updateMany({ where: { name }, data })).count === 1;
    },
    remove: async (name) => (await scope.tag.deleteMany({ where: { name } })).count === 1,
  };
}

function tagFrom(row: rows.Tag): Tag {
  return { ...row, metadata: row.metadata as Tag['metadata'] };
}
