// What differs between the two sides of an audit line, in words.

import { creditsToText } from '../../core/money.ts';
import type { ChangeNews } from '../../core/posts/change-news.ts';
import { channelLink, code, joined, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { budgetNameInText } from './ceilings-words.ts';
import { moment } from './words.ts';

const DIFFERENCES_SHOWN = 6;
const VALUE_SHOWN_MAX = 80;

/** `access groups `gpt-models` → `gpt-models, claude``, and so on. */
export function differences({ before, after }: Pick<ChangeNews, 'before' | 'after'>): Mrkdwn {
  const names = Object.keys({ ...before, ...after });
  const changed = names.flatMap((name) => differenceOf(name, before?.[name], after?.[name]));
  const shown = changed.slice(0, DIFFERENCES_SHOWN);
  const hidden = changed.length - shown.length;
  const more = hidden > 0 ? [mrkdwn`${hidden} more`] : [];
  return shown.length === 0 ? mrkdwn`nothing that shows` : joined([...shown, ...more], '; ');
}

function differenceOf(name: string, before: unknown, after: unknown): Mrkdwn[] {
  if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) {
    return [];
  }
  if (isItems(before) || isItems(after)) {
    return itemDifferences(isItems(before) ? before : [], isItems(after) ? after : []);
  }
  const now = valueIn(name, after);
  return before === undefined || before === null
    ? [mrkdwn`${nameText(name)} ${now}`]
    : [mrkdwn`${nameText(name)} ${valueIn(name, before)} → ${now}`];
}

/** `accessGroups` is read as `access groups`; units stand with the value. */
function nameText(name: string): string {
  return name
    .replace(/Microcredits$|Usd$|(?<=^channel)Id$/, '')
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Fields of ours that hold a channel; what people wrote is never read as one. */
const CHANNELS: ReadonlySet<string> = new Set(['channelId', 'warnings', 'critical']);
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** Moments in the reader's zone, channels by their names, all else as it is. */
function valueIn(name: string, value: unknown): Mrkdwn {
  if (typeof value === 'string' && ISO_TIME.test(value)) {
    return moment(new Date(value));
  }
  return typeof value === 'string' && CHANNELS.has(name) && /^[CG][A-Z0-9]+$/.test(value)
    ? channelLink(value)
    : code(valueText(name, value));
}

function valueText(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') {
    return 'none';
  }
  if (name.endsWith('Microcredits') && /^-?\d+$/.test(textIn(value))) {
    return `${creditsToText(BigInt(textIn(value)))} credits`;
  }
  const text = Array.isArray(value) ? value.map(textIn).join(', ') || 'none' : textIn(value);
  return shortened(text, VALUE_SHOWN_MAX);
}

/** A value of JSON as people read it. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

type Item = Readonly<Record<string, unknown>>;

/** Ceilings: lists of objects, where what differs is one of them. */
function isItems(value: unknown): value is readonly Item[] {
  return Array.isArray(value) && value.some((each) => typeof each === 'object' && each !== null);
}

function itemDifferences(before: readonly Item[], after: readonly Item[]): Mrkdwn[] {
  const names = [...new Set([...before, ...after].map(itemName))];
  return names.flatMap((name) => {
    const was = before.find((item) => itemName(item) === name);
    const is = after.find((item) => itemName(item) === name);
    if (JSON.stringify(was) === JSON.stringify(is)) {
      return [];
    }
    if (is === undefined) {
      return [mrkdwn`${name} removed`];
    }
    return was === undefined
      ? [mrkdwn`${name} ${itemText(is)}`]
      : [mrkdwn`${name} ${itemText(was)} → ${itemText(is)}`];
  });
}

const LIMITS: Readonly<Record<string, string>> = {
  requests: 'requests a minute',
  usage_tokens: 'tokens a minute',
  parallel: 'calls at once',
};

function itemName({ kind, duration, model }: Item): string {
  const what =
    typeof kind === 'string' ? (LIMITS[kind] ?? kind) : budgetNameInText(durationIn(duration));
  return typeof model === 'string' ? `${what} for ${model}` : what;
}

function durationIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function itemText({ max, maxUsd, softUsd, shadow, boost }: Item): Mrkdwn {
  const most = maxUsd === undefined ? Number(max).toLocaleString('en') : `$${textIn(maxUsd)}`;
  const soft = typeof softUsd === 'string' ? mrkdwn`, soft ${code(`$${softUsd}`)}` : mrkdwn``;
  const only = shadow === true ? mrkdwn`, only counted` : mrkdwn``;
  return mrkdwn`${code(most)}${soft}${only}${boostText(boost)}`;
}

function boostText(boost: unknown): Mrkdwn {
  if (typeof boost !== 'object' || boost === null) {
    return mrkdwn``;
  }
  const { by, byUsd, until } = boost as Item;
  const more = byUsd === undefined ? `+${textIn(by)}` : `+$${textIn(byUsd)}`;
  return mrkdwn`, ${code(more)} until ${valueIn('until', until)}`;
}
