import type { ReceiptRecords } from '../../core/stores.ts';
import type { PostgresScope } from './client.ts';

/** Receipts: first answers to requests that may be repeated. */
export function receiptsIn(scope: PostgresScope): ReceiptRecords {
  return {
    isClaimed: async (key) => (await scope.receipt.findUnique({ where: { key } })) !== null,
    claim: async (key) =>
      (await scope.$executeRaw`
        INSERT INTO receipts (key, fingerprint, answer) VALUES (${key}, '', '{}')
        ON CONFLICT (key) DO NOTHING`) === 1,
    async begin(key, fingerprint, { at, inFlightSince, answeredSince }) {
      // What is too old is taken over as if it had never been.
      const begun = await scope.$executeRaw`
        INSERT INTO receipts AS r (key, fingerprint, answer, created_at)
        VALUES (${key}, ${fingerprint}, '{}', ${at}::timestamptz)
        ON CONFLICT (key) DO UPDATE
          SET fingerprint = EXCLUDED.fingerprint, answer = '{}', created_at = EXCLUDED.created_at
          WHERE r.created_at < CASE WHEN r.answer = '{}'::jsonb
            THEN ${inFlightSince}::timestamptz ELSE ${answeredSince}::timestamptz END`;
      if (begun === 1) {
        return 'begun';
      }
      const row = await scope.receipt.findUnique({ where: { key } });
      // Gone in this moment: the first one failed, and whoever asks again begins anew.
      const { sealed } = (row?.answer ?? {}) as { readonly sealed?: string };
      return { fingerprint: row?.fingerprint ?? fingerprint, sealed };
    },
    keep: async (key, sealed) => {
      await scope.receipt.updateMany({ where: { key }, data: { answer: { sealed } } });
    },
    drop: async (key) => {
      await scope.receipt.deleteMany({ where: { key } });
    },
  };
}
