import { admitCall } from '../../src/core/gateway/admission.ts';
import type { ServedModel } from '../../src/core/gateway/admission.ts';
import { newId } from '../../src/core/ids.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { createRemembering } from '../../src/storage/refusals/remembering.ts';
import type { BotUnderTest } from './bot-for-tests.ts';

const MODELS = new Map<string, ServedModel>(
  ['gpt-4o', 'claude-sonnet-4-5'].map((alias) => [
    alias,
    {
      alias,
      dialects: ['openai'],
      price: { inputPicoUsdPerToken: 2_500_000n, outputPicoUsdPerToken: 10_000_000n },
      maxInputTokens: undefined,
      maxOutputTokens: 1_000,
    },
  ]),
);

/** Asks the gate as a proxy does, and keeps what it refuses. Answers the ids of the refusals. */
export async function callsOf(
  subject: BotUnderTest,
  teamId: string,
  { model = 'gpt-4o', calls = 1 }: { readonly model?: string; readonly calls?: number } = {},
): Promise<string[]> {
  const { gate, stores, namespace } = subject;
  const [key] = await stores.records.keys.ofTeam(teamId);
  if (key === undefined) {
    throw new Error(`Call for ${teamId}: it has no key`);
  }
  const { redis } = gate.connection;
  const remembering = createRemembering({
    redis,
    namespace,
    clock: stores.clock,
    onComplaint: (complaint) => {
      throw new Error(complaint);
    },
  });
  const identity = { ...key, keyId: key.id, userId: undefined };
  const refused: string[] = [];
  for (let call = 0; call < calls; call += 1) {
    const admission = await admitCall(
      { gate, models: MODELS, minOutputTokens: 16, clock: stores.clock },
      identity,
      {
        reservationId: newId(),
        asked: model,
        endpoint: 'chat',
        dialect: 'openai',
        address: '0'.repeat(32),
        jobId: undefined,
        jobType: 'chat',
        shape: { promptTokensUpperBound: 10 },
        outputCap: 100,
        unbounded: null,
      },
    );
    if (isRefusal(admission)) {
      const id = newId();
      remembering.remember(id, admission);
      refused.push(id);
    }
  }
  await remembering.stop();
  return refused;
}
