import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundNanoUsd, boundOf, maxPrice } from '../../src/core/pricing/bound.ts';
import type { CallShape } from '../../src/core/pricing/bound.ts';
import { costNanoUsd } from '../../src/core/pricing/price.ts';
import type { ModelPrice, UsageTokens } from '../../src/core/pricing/price.ts';

const rate = fc.bigInt({ min: 0n, max: 600_000_000n });
const rates = {
  inputPicoUsdPerToken: rate,
  outputPicoUsdPerToken: rate,
  cachedInputPicoUsdPerToken: rate,
  cacheWritePicoUsdPerToken: rate,
  longCacheWritePicoUsdPerToken: rate,
  inputAudioPicoUsdPerToken: rate,
  outputAudioPicoUsdPerToken: rate,
  inputImagePicoUsdPerToken: rate,
  outputImagePicoUsdPerToken: rate,
};
const needed = {
  requiredKeys: ['inputPicoUsdPerToken', 'outputPicoUsdPerToken'],
} satisfies { requiredKeys: [keyof typeof rates, keyof typeof rates] };
const tier = fc
  .tuple(fc.integer({ min: 1, max: 50_000 }), fc.record(rates, needed))
  .map(([aboveInputTokens, each]) => ({ ...each, aboveInputTokens }));
const price: fc.Arbitrary<ModelPrice> = fc
  .tuple(
    fc.record({ ...rates, perRequestNanoUsd: rate, perWebSearchNanoUsd: rate }, needed),
    fc.uniqueArray(tier, { maxLength: 3, selector: (each) => each.aboveInputTokens }),
  )
  .map(([base, tiers]) => ({
    ...base,
    tiers: tiers.sort((a, b) => a.aboveInputTokens - b.aboveInputTokens),
  }));

interface Call {
  readonly shape: CallShape;
  readonly cap: number;
  readonly usage: UsageTokens;
}

/** A call and what it may come to use: parts of the input and output that never pass their bounds. */
const call: fc.Arbitrary<Call> = fc
  .record({
    parts: fc.tuple(...Array.from({ length: 6 }, () => fc.integer({ min: 0, max: 20_000 }))),
    outputParts: fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 0, max: 5_000 }))),
    slack: fc.integer({ min: 0, max: 10_000 }),
    answers: fc.integer({ min: 1, max: 4 }),
    inputAudio: fc.boolean(),
    outputAudio: fc.boolean(),
    inputImages: fc.boolean(),
    outputImages: fc.boolean(),
    cacheWrites: fc.boolean(),
    webSearches: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ parts, outputParts, slack, webSearches, ...flags }) => {
    const [plain = 0, cachedInput = 0, write = 0, long = 0, sound = 0, image = 0] = parts;
    const cacheWrite = flags.cacheWrites ? write : 0;
    const longCacheWrite = flags.cacheWrites ? long : 0;
    const inputAudio = flags.inputAudio ? sound : 0;
    const inputImage = flags.inputImages ? image : 0;
    const input = plain + cachedInput + cacheWrite + longCacheWrite + inputAudio + inputImage;
    const [text = 0, soundOut = 0, imageOut = 0] = outputParts;
    const outputAudio = flags.outputAudio ? soundOut : 0;
    const outputImage = flags.outputImages ? imageOut : 0;
    const output = text + outputAudio + outputImage;
    return {
      shape: {
        ...flags,
        promptTokensUpperBound: input + slack,
        webSearchesUpperBound: webSearches,
      },
      cap: Math.ceil(output / flags.answers),
      usage: {
        input,
        cachedInput,
        cacheWrite,
        longCacheWrite,
        inputAudio,
        inputImage,
        output,
        outputAudio,
        outputImage,
        webSearches,
      },
    };
  });

describe('the bound of a call', () => {
  it('is never below what a call within it costs', () => {
    fc.assert(
      fc.property(price, call, (model, { shape, cap, usage }) => {
        const bound = boundOf(model, shape);
        fc.pre(!('unpriced' in bound));
        expect(boundNanoUsd(bound, cap) >= costNanoUsd(model, usage)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('of the dearest price holds for every deployment of an alias', () => {
    fc.assert(
      fc.property(
        fc.array(price, { minLength: 1, maxLength: 3 }),
        call,
        (prices, { shape, cap, usage }) => {
          const bound = boundOf(maxPrice(prices), shape);
          fc.pre(!('unpriced' in bound));
          for (const each of prices) {
            expect(boundNanoUsd(bound, cap) >= costNanoUsd(each, usage)).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes no tier that the prompt cannot reach', () => {
    const model = {
      inputPicoUsdPerToken: 3_000_000n,
      outputPicoUsdPerToken: 15_000_000n,
      tiers: [
        {
          aboveInputTokens: 200_000,
          inputPicoUsdPerToken: 6_000_000n,
          outputPicoUsdPerToken: 22_500_000n,
        },
      ],
    };
    expect(boundOf(model, { promptTokensUpperBound: 200_000 })).toEqual({
      inputNanoUsd: 600_000_000n,
      outputPicoUsdPerToken: 15_000_000n,
    });
    expect(boundOf(model, { promptTokensUpperBound: 200_001 })).toEqual({
      inputNanoUsd: 1_200_006_000n,
      outputPicoUsdPerToken: 22_500_000n,
    });
  });

  it('does not exist for sound or web search without a price', () => {
    const model = { inputPicoUsdPerToken: 1n, outputPicoUsdPerToken: 1n };
    const prompt = { promptTokensUpperBound: 10 };
    expect(boundOf(model, { ...prompt, inputAudio: true })).toEqual({ unpriced: 'audio' });
    expect(boundOf(model, { ...prompt, outputAudio: true })).toEqual({ unpriced: 'audio' });
    expect(boundOf(model, { ...prompt, webSearchesUpperBound: 1 })).toEqual({
      unpriced: 'web_search',
    });
  });
});

describe('the cost of a call', () => {
  it('is rounded up once', () => {
    const model = { inputPicoUsdPerToken: 150_001n, outputPicoUsdPerToken: 600_001n };
    // 150,001 + 600,001 pico-USD are 750.002 nano-USD.
    expect(costNanoUsd(model, { input: 1, output: 1 })).toBe(751n);
  });

  it('counts cached and written input at their own rates and the rest at the plain one', () => {
    const model = {
      inputPicoUsdPerToken: 3_000_000n,
      outputPicoUsdPerToken: 15_000_000n,
      cachedInputPicoUsdPerToken: 300_000n,
      cacheWritePicoUsdPerToken: 3_750_000n,
    };
    const usage = { input: 1_000, cachedInput: 600, cacheWrite: 300, output: 10, reasoning: 4 };
    expect(costNanoUsd(model, usage)).toBe(180_000n + 1_125_000n + 300_000n + 150_000n);
  });
});
