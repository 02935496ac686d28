import type { CallEnd } from '../core/gateway/settlement.ts';
import type { UsageTokens } from '../core/pricing/price.ts';
import type { CallBody } from './call-body.ts';
import { UPSTREAM_DIALECTS } from './dialects.ts';
import { estimateUsage } from './estimate.ts';
import type { Attempt } from './exchange.ts';

/** What was used, and whether we had to count. */
export type Used = Pick<CallEnd, 'usage' | 'estimated'>;

type OnFault = (message: string, error?: unknown) => void;

/** What an attempt used, by the provider's numbers or by our own count. */
export async function concluded(
  body: CallBody,
  result: Attempt,
  onFault: OnFault,
): Promise<Pick<CallEnd, 'outcome'> & { usage?: Used }> {
  switch (result.kind) {
    case 'failed':
      return { outcome: 'failed' };
    case 'left':
      return { outcome: 'failed', usage: await counted(onFault, body, [], 0) };
    case 'answered': {
      const usage = UPSTREAM_DIALECTS[body.dialect].usageOf(result.body);
      return {
        outcome: 'completed',
        usage:
          usage === undefined
            ? await counted(onFault, body, [result.body], result.body.length)
            : { usage, estimated: false },
      };
    }
    case 'streamed': {
      const { relay, end } = result;
      const delivered = relay.relayedBytes() > 0;
      const completed = end === 'client_left' ? delivered : end === 'complete' && relay.isWhole();
      const usage = relay.usage();
      const counts = usage !== undefined || delivered;
      return {
        outcome: completed ? 'completed' : 'failed',
        ...(counts
          ? {
              usage:
                usage === undefined
                  ? withBeginning(
                      await counted(onFault, body, relay.kept(), relay.relayedBytes()),
                      relay.begun(),
                    )
                  : { usage, estimated: false },
            }
          : {}),
      };
    }
  }
}

/** What the provider told of the prompt is better than our count of it. */
function withBeginning(used: Used, begun: UsageTokens | undefined): Used {
  return begun === undefined
    ? used
    : {
        usage: { ...begun, output: Math.max(begun.output, used.usage?.output ?? 0) },
        estimated: true,
      };
}

async function counted(
  onFault: OnFault,
  body: CallBody,
  kept: readonly Buffer[],
  relayedBytes: number,
): Promise<Used> {
  try {
    const { texts } = UPSTREAM_DIALECTS[body.dialect];
    const usage = await estimateUsage(body.text, { kept, relayedBytes }, texts);
    return { usage, estimated: true };
  } catch (error) {
    onFault('Counting tokens of a call without usage', error);
    const input = Math.min(body.bytes.length, body.shape.promptTokensUpperBound);
    return { usage: { input, output: 0 }, estimated: true };
  }
}
