import { usdToText } from '../../core/money.ts';
import type { Post } from '../../core/posts/post.ts';
import { isFee } from '../../core/pricing/price-change.ts';
import type { RateChange, RateName } from '../../core/pricing/price-change.ts';
import type { PriceChange } from '../../core/pricing/refresh-prices.ts';
import type { Stores } from '../../core/stores.ts';
import { context, firstOf, section, sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';

/** More are counted: who cares for all of them looks into the audit trail. */
const MODELS_SHOWN = 15;

/** Which models cost something else from now on, by how much. */
export async function changedPricesPost(
  _stores: Stores,
  [first]: readonly Post<'prices.changed'>[],
): Promise<Speech | undefined> {
  if (first === undefined) {
    return undefined;
  }
  const { version, isApplied, changes } = first.facts;
  const { shown, more } = firstOf(changes, MODELS_SHOWN);
  const count = changes.length === 1 ? '1 model' : `${changes.length} models`;
  const verb = changes.length === 1 ? 'costs' : 'cost';
  return sentence(
    isApplied
      ? mrkdwn`💲 *${count}* ${verb} something else by the price package ${version}. New calls are charged by it.`
      : mrkdwn`💲 *${count}* ${verb} something else by the price package ${version}. Nothing has changed: prices are held.`,
    ...shown.map((change) => section(changeLine(change))),
    context(
      mrkdwn`${more === undefined ? '' : `${more}. `}Dollars per million usage tokens. ${isApplied ? APPLIED : HELD}`,
    ),
  );
}

const APPLIED = mrkdwn`Calls under way keep the price they began with. ${code('price')} at a model in the file overrides the package.`;
const HELD = mrkdwn`${code('prices: { refresh: apply }')} in the file takes them over; ${code('price')} at a model sets one by hand.`;

function changeLine({ name, models, rates }: PriceChange): Mrkdwn {
  const aliases = joined(models.map((model) => code(model)));
  const others = models.length === 1 && name.endsWith(`/${models[0]}`) ? '' : ` (${name})`;
  return mrkdwn`${aliases}${others}\n${joined(rates.map(rateLine), '\n')}`;
}

function rateLine({ rate, aboveInputTokens, before, after }: RateChange): Mrkdwn {
  const tier =
    aboveInputTokens === null ? '' : ` above ${aboveInputTokens.toLocaleString('en')} of input`;
  const shift = before === null || after === null ? '' : percentBetween(before, after);
  return mrkdwn`•  ${RATE_WORDS[rate]}${tier}: ${dollars(rate, before)} → *${dollars(rate, after)}*${shift}`;
}

const RATE_WORDS: Readonly<Record<RateName, string>> = {
  inputPicoUsdPerToken: 'input',
  outputPicoUsdPerToken: 'output',
  cachedInputPicoUsdPerToken: 'cached input',
  cacheWritePicoUsdPerToken: 'cache writes',
  longCacheWritePicoUsdPerToken: 'cache writes for an hour',
  inputAudioPicoUsdPerToken: 'sound in',
  outputAudioPicoUsdPerToken: 'sound out',
  inputImagePicoUsdPerToken: 'pictures in',
  outputImagePicoUsdPerToken: 'pictures out',
  perRequestNanoUsd: 'each request',
  perWebSearchNanoUsd: 'each web search',
};

/** A pico-USD per usage token is a thousand nano-USD per million of them. */
const NANO_PER_MILLION = 1_000n;

function dollars(rate: RateName, digits: string | null): string {
  if (digits === null) {
    return 'none of its own';
  }
  const value = BigInt(digits);
  return `$${usdToText(isFee(rate) ? value : value * NANO_PER_MILLION)}`;
}

/** ` (−20 %)`; nothing from nothing. */
function percentBetween(before: string, after: string): string {
  const was = Number(before);
  if (was === 0) {
    return '';
  }
  const percent = ((Number(after) - was) / was) * 100;
  const rounded =
    Math.abs(percent) < 1 ? Math.abs(percent).toFixed(1) : Math.abs(percent).toFixed(0);
  return ` (${percent < 0 ? '−' : '+'}${rounded} %)`;
}
