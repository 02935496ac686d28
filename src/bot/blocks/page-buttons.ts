import type { Button, KnownBlock } from '@slack/types';
import type { Page, PagePath } from '../paging.ts';
import { actions, button } from './kit.ts';
import { objectIn } from './run-button.ts';

/** Slack's own limit on what a button carries. */
const BUTTON_VALUE_MAX = 2000;

const LABELS = {
  time: { back: 'Newer', on: 'Older', first: 'Newest' },
  name: { back: 'Previous', on: 'Next', first: 'First' },
} as const;

/** Turns a list in place; nothing where one page is all. `by` is what it is sorted by. */
export function pageButtons(
  { path, next, text }: Omit<Page<unknown>, 'rows'>,
  by: keyof typeof LABELS,
): KnownBlock[] {
  const labels = LABELS[by];
  const buttons = [
    ...(path.length > 1 ? [turn(labels.first, text, [])] : []),
    ...(path.length > 0 ? [turn(labels.back, text, path.slice(0, -1))] : []),
    ...(next === undefined ? [] : [turn(labels.on, text, [...path, next])]),
  ].filter((each) => each !== undefined);
  return buttons.length === 0 ? [] : [actions(...buttons)];
}

/** Of a long way, the beginning is forgotten: going back then ends at the first page earlier. */
function turn(label: string, text: string, path: PagePath): Button | undefined {
  for (let from = 0; from <= path.length; from += 1) {
    const value = JSON.stringify({ text, path: path.slice(from) });
    const hasPlace = path.length === 0 || from < path.length;
    if (hasPlace && value.length <= BUTTON_VALUE_MAX) {
      return button({ id: `page:${label}`, label, value });
    }
  }
  return undefined;
}

export interface PageTurn {
  readonly text: string;
  readonly path: PagePath;
}

/** Which page of what a button asks for; undefined of one from before pages were turned like this. */
export function pageTurnOf(value: string | undefined): PageTurn | undefined {
  const { text, path } = objectIn(value) ?? {};
  const places = Array.isArray(path) ? (path as readonly unknown[]) : [];
  return typeof text === 'string' && places.every((each) => typeof each === 'string')
    ? { text, path: places }
    : undefined;
}
