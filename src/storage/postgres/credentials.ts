import type { Credential, CredentialRecords, Provider } from '../../core/credentials/credential.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

export function credentialsIn(scope: PostgresScope): CredentialRecords {
  return {
    async find(id) {
      const row = await scope.providerCredential.findUnique({ where: { id } });
      return row === null ? undefined : credentialFrom(row);
    },
    async list({ organizationId, provider, activeOnly }) {
      const found = await scope.providerCredential.findMany({
        where: {
          ...(organizationId === undefined ? {} : { organizationId }),
          ...(provider === undefined ? {} : { provider }),
          ...(activeOnly ? { active: true } : {}),
        },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      });
      return found.map(credentialFrom);
    },
    insert: async (credential) => {
      await scope.providerCredential.create({ data: credential });
    },
    update: async (id, change) => {
      const data = { ...change, updatedAt: new Date() };
      await scope.providerCredential.update({ where: { id }, data });
    },
    remove: async (id) => {
      await scope.providerCredential.deleteMany({ where: { id } });
    },
  };
}

function credentialFrom(row: rows.ProviderCredential): Credential {
  return { ...row, provider: row.provider as Provider, sealed: new Uint8Array(row.sealed) };
}
