// A model: who serves it and at what price, and what is said when it changes.

import type { Button } from '@slack/types';
import type { ListedModel } from '../../core/models/listed-models.ts';
import type { StoredModel } from '../../core/models/stored-model.ts';
import { quoted } from '../commands/words.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { cancelButton } from './cancel-button.ts';
import { formButton } from './form-button.ts';
import { actions, context, fields, header, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';

const STATUS_TEXTS = {
  active: '🟢 active',
  inactive: '⚪ inactive: requests for it get 404',
  deprecated: '🟡 deprecated: served as before',
} as const;

/** One model; with what it was before, where it was just made or changed. */
export function modelCard(
  model: ListedModel,
  change?: { readonly before: ListedModel | undefined },
): Speech {
  const { alias, groups, stored } = model;
  const done = change === undefined ? undefined : doneText(model, change.before);
  const undo = change?.before === undefined ? undefined : undoButton(change.before, model);
  const granted =
    groups.length === 0
      ? mrkdwn`none; teams are given it by its name`
      : joined(groups.map(code), ' ');
  const name = stored?.displayName ?? alias;
  return speech(done ?? mrkdwn`Model ${alias}`, [
    ...(done === undefined ? [] : [section(done)]),
    header(name === alias ? alias : `${name} (${alias})`),
    context(
      stored === undefined
        ? mrkdwn`🟢 active  ·  from the configuration file, and changed there`
        : joined(notesOf(stored), '  ·  '),
    ),
    ...(stored === undefined ? [] : [fields(fieldsOf(stored))]),
    section(mrkdwn`*Access groups*  ${granted}`),
    ...(stored === undefined ? [] : [actions(...steps(stored, undo))]),
  ]);
}

function doneText({ alias }: ListedModel, before: ListedModel | undefined): Mrkdwn {
  return before === undefined
    ? mrkdwn`✅ Model ${code(alias)} is made: it is served from the next request on.`
    : mrkdwn`✅ Model ${code(alias)} is changed, from the next request on.`;
}

function notesOf({ status, description }: StoredModel): Mrkdwn[] {
  return [
    mrkdwn`${STATUS_TEXTS[status]}`,
    ...(description === null ? [] : [mrkdwn`${description}`]),
  ];
}

function fieldsOf(model: StoredModel): Mrkdwn[] {
  const { provider, upstreamModel, price, credentialName, apiBase, sealedKey } = model;
  const paid =
    price === null
      ? mrkdwn`as the price list says`
      : mrkdwn`${usdPerMillion(price.inputPicoUsdPerToken)} in, ${usdPerMillion(price.outputPicoUsdPerToken)} out`;
  const key =
    sealedKey === null
      ? mrkdwn`${credentialName ?? 'any of the provider'}`
      : mrkdwn`a key of its own`;
  return [
    mrkdwn`*Served by*\n${provider} ${code(upstreamModel)}`,
    mrkdwn`*Price of a million tokens*\n${paid}`,
    mrkdwn`*Credential*\n${key}`,
    ...(apiBase === null ? [] : [mrkdwn`*Address*\n${code(apiBase)}`]),
    ...(model.maxOutputTokens === null
      ? []
      : [mrkdwn`*Most output tokens*\n${model.maxOutputTokens.toLocaleString('en')}`]),
  ];
}

const PICO_PER_USD_PER_MILLION = 1_000_000;
/** Prices of a million tokens have at most this many digits behind the point. */
const PRICE_DIGITS = 6;

export function usdPerMillion(picoUsdPerToken: bigint): string {
  const usd = Number(picoUsdPerToken) / PICO_PER_USD_PER_MILLION;
  return `$${usd.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: PRICE_DIGITS })}`;
}

function steps({ alias, status }: StoredModel, undo: Button | undefined): Button[] {
  const to = status === 'inactive' ? 'active' : 'inactive';
  const label = status === 'inactive' ? 'Switch on' : 'Switch off';
  return [
    formButton('Change …', `/models edit ${quoted(alias)}`),
    ...(undo === undefined
      ? [runButton(label, `/models edit ${quoted(alias)} status=${to}`)]
      : [undo]),
    runButton('Delete …', `/models delete ${quoted(alias)}`),
  ];
}

/** The same the other way round; nothing where what was empty can't be emptied again. */
function undoButton(before: ListedModel, after: ListedModel): Button | undefined {
  const [was, is] = [before.stored, after.stored];
  if (was === undefined || is === undefined) {
    return undefined;
  }
  const pairs: readonly (readonly [name: string, was: string | null, is: string | null])[] = [
    ['title', was.displayName, is.displayName],
    ['provider', was.provider, is.provider],
    ['upstream', was.upstreamModel, is.upstreamModel],
    ['groups', before.groups.join(',') || null, after.groups.join(',') || null],
    ['input', priceOf(was, 'inputPicoUsdPerToken'), priceOf(is, 'inputPicoUsdPerToken')],
    ['output', priceOf(was, 'outputPicoUsdPerToken'), priceOf(is, 'outputPicoUsdPerToken')],
    ['max-output', numberOf(was.maxOutputTokens), numberOf(is.maxOutputTokens)],
    ['credential', was.credentialName, is.credentialName],
    ['base', was.apiBase, is.apiBase],
    ['description', was.description, is.description],
    ['status', was.status, is.status],
  ];
  const changed = pairs.filter(([, one, other]) => one !== other);
  if (changed.length === 0 || changed.some(([, one]) => one === null)) {
    return undefined;
  }
  const words = changed.map(([name, one]) => `${name}=${quoted(one ?? '')}`);
  return runButton('Undo', `/models edit ${quoted(after.alias)} ${words.join(' ')}`);
}

function priceOf(
  { price }: StoredModel,
  side: 'inputPicoUsdPerToken' | 'outputPicoUsdPerToken',
): string | null {
  return price === null ? null : usdPerMillion(price[side]);
}

function numberOf(count: number | null): string | null {
  return count === null ? null : String(count);
}

/** Asks before a model goes. */
export function modelQuestion({ alias, groups, stored }: ListedModel, once: string): Speech {
  const out = groups.length === 0 ? mrkdwn`` : mrkdwn` It goes out of ${joined(groups.map(code))}.`;
  const key =
    stored?.sealedKey === null ? mrkdwn`` : mrkdwn` Its own key for the provider is forgotten.`;
  return sentence(
    mrkdwn`Delete the model ${code(alias)}? Requests for it get 404 from the next one on.${out}${key} To keep it for later, switch it off.`,
    actions(
      runButton('Delete', `/models delete ${quoted(alias)} sure=yes`, { once, style: 'danger' }),
      runButton('Switch it off', `/models edit ${quoted(alias)} status=inactive`, { once }),
      cancelButton(),
    ),
  );
}

/** It is gone; the button makes it again, if all of it is known here. */
export function modelGoneSpeech({ alias, groups, stored }: ListedModel): Speech {
  const said = mrkdwn`✅ Model ${code(alias)} is deleted.`;
  if (stored === undefined || stored.sealedKey !== null) {
    return sentence(said);
  }
  const optional: readonly (readonly [name: string, value: string | null])[] = [
    ['title', stored.displayName],
    ['groups', groups.join(',') || null],
    ['input', priceOf(stored, 'inputPicoUsdPerToken')],
    ['output', priceOf(stored, 'outputPicoUsdPerToken')],
    ['max-output', numberOf(stored.maxOutputTokens)],
    ['credential', stored.credentialName],
    ['base', stored.apiBase],
    ['description', stored.description],
  ];
  const words = optional.flatMap(([name, value]) =>
    value === null ? [] : [`${name}=${quoted(value)}`],
  );
  const command = `/models new ${quoted(alias)} provider=${quoted(stored.provider)} upstream=${quoted(stored.upstreamModel)} ${words.join(' ')}`;
  return sentence(said, actions(runButton('Undo', command)));
}
