import type { Button } from '@slack/types';
import { button } from './kit.ts';

/** What a button that runs a command carries. */
export interface RunValue {
  /** The command as it would be typed, with its name. */
  readonly text: string;
  /** Names the one effect it may have, however often and from how many messages it is pressed. */
  readonly once?: string;
}

/** Slack's own limit on what a button carries. */
export const BUTTON_VALUE_MAX = 2000;

interface RunOptions {
  readonly once?: string;
  /** Tells the button from others of the same block. */
  readonly suffix?: string;
  readonly style?: 'primary' | 'danger';
}

/** A button that does what the typed command would. */
export function runButton(label: string, commandText: string, options: RunOptions = {}): Button {
  const { once, suffix, style } = options;
  const value: RunValue = { text: commandText, ...(once === undefined ? {} : { once }) };
  return button({
    id: `run:${suffix ?? commandText.slice(0, 100)}`,
    label,
    value: JSON.stringify(value),
    ...(style === undefined ? {} : { style }),
  });
}

/** Reads what the button carries; undefined of anything else. */
export function runValueOf(value: string | undefined): RunValue | undefined {
  const parsed = objectIn(value);
  return typeof parsed?.['text'] === 'string' ? (parsed as unknown as RunValue) : undefined;
}

/** The object that a button or a form carries as JSON; undefined of anything else. */
export function objectIn(json: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(json ?? '');
    return typeof parsed === 'object' && parsed !== null
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
