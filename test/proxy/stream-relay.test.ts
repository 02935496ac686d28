import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { countUsageTokens } from '../../src/core/usage/count-usage-tokens.ts';
import { OPENAI } from '../../src/proxy/openai-dialect.ts';
import { createStreamRelay } from '../../src/proxy/stream-relay.ts';
import type { StreamRelay } from '../../src/proxy/stream-relay.ts';

const event = (value: object, end = '\n\n'): string => `data: ${JSON.stringify(value)}${end}`;
const delta = (content: string, more: object = {}): object => ({
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
  usage: null,
  ...more,
});
const usage = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 } };
const finish = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null };

/** Sends pieces through a real response and answers what the client got. */
async function relayed(
  pieces: readonly string[],
  hideUsage: boolean,
): Promise<{ text: string; relay: StreamRelay }> {
  const found: StreamRelay[] = [];
  const server = createServer((_, res) => {
    const relay = createStreamRelay(res, OPENAI.stream, { hideUsage });
    found.push(relay);
    for (const piece of pieces) {
      relay.take(Buffer.from(piece));
    }
    relay.finish();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const text = await (await fetch(`http://127.0.0.1:${port}`)).text();
  server.close();
  return { text, relay: found[0] as StreamRelay };
}

describe('a relayed stream', () => {
  const whole = [
    event(delta('Once')),
    event(delta(' upon "usage":{ a [DONE] time, data: [DONE]')),
    event(finish),
    event(usage),
    'data: [DONE]\n\n',
  ];
  const shown = whole.filter((_, at) => at !== 3).join('');

  test.each([
    ['in one piece', [whole.join('')]],
    ['event by event', whole],
    ['byte by byte', whole.join('').split('')],
    ['cut in the middle of a mark', [whole.join('').slice(0, -7), whole.join('').slice(-7)]],
  ])('is the same but for the usage chunk, when it comes %s', async (_, pieces) => {
    const { text, relay } = await relayed(pieces, true);
    expect(text).toBe(shown);
    expect(relay.usage()).toMatchObject({ input: 3, output: 5 });
    expect(relay.isWhole()).toBe(true);
  });

  test('keeps the usage chunk for a client that asked for it', async () => {
    expect((await relayed([whole.join('')], false)).text).toBe(whole.join(''));
  });

  test('with line ends of two bytes is understood, too', async () => {
    const pieces = [
      event(delta('a'), '\r\n\r\n'),
      event(finish, '\r\n\r\n'),
      event(usage, '\r\n\r\n'),
    ];
    const { text, relay } = await relayed([`${pieces.join('')}data: [DONE]\r\n\r\n`], true);
    expect(text).toBe(`${pieces.slice(0, 2).join('')}data: [DONE]\r\n\r\n`);
    expect(relay.usage()).toMatchObject({ output: 5 });
  });

  test('that tells an error is not whole, and the error is not passed on', async () => {
    const secret = event({ error: { message: 'Incorrect API key sk-live-123' } });
    const { text, relay } = await relayed([event(delta('a')), secret], true);
    expect(text).toBe(event(delta('a')));
    expect(relay.isWhole()).toBe(false);
  });

  test('that just ends is not whole', async () => {
    expect((await relayed([event(delta('a'))], true)).relay.isWhole()).toBe(false);
  });
});

describe('counting what nobody told', () => {
  test('is exact for what a person would write', async () => {
    const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
    const text = 'Once upon a time there was a lighthouse keeper, far out at sea. '.repeat(40);
    const exact = countTokens(text);
    expect(Math.abs((await countUsageTokens(text)) - exact)).toBeLessThanOrEqual(exact * 0.02);
  });

  test('hands the event loop back every thousand characters, and stops counting at a bound', async () => {
    await countUsageTokens('warm');
    const turnsFor = async (length: number) => {
      let turns = 0;
      let beat = setImmediate(function next() {
        turns += 1;
        beat = setImmediate(next);
      });
      const counted = await countUsageTokens('a'.repeat(length));
      clearImmediate(beat);
      return { turns, counted };
    };
    expect((await turnsFor(4_096)).turns).toBeGreaterThanOrEqual(4);
    const long = await turnsFor(16_384);
    expect(long.turns).toBeGreaterThanOrEqual(16);
    const endless = await turnsFor(2_000_000);
    expect(endless.counted).toBeGreaterThan(100_000);
    expect(endless.turns).toBeLessThanOrEqual(long.turns + 1);
  });
});
