import type { Button } from '@slack/types';
import { button } from './kit.ts';

/** What a button that runs a command carries. */
export interface RunValue {
  /** The command as it would be typed, with its name. */
  readonly text: string;
  /** Names the one effect it may have, however often and from how many messages it is pressed. */
  readonly once?: string;
  /** It is the very request that `once` names, not a new one of the button. */
  readonly isSame?: boolean;
  /** Where it was asked for, if the button stands elsewhere. */
  readonly channelId?: string;
}

/** Slack's own limit on what a button carries. */
const BUTTON_VALUE_MAX = 2000;
/** Slack's own limit is 255; a part of the command tells buttons of one block apart. */
const ACTION_TAIL_MAX = 100;

interface RunOptions {
  readonly once?: string;
  readonly isSame?: boolean;
  readonly channelId?: string | undefined;
  readonly style?: 'primary' | 'danger';
}

/** A button that does what the typed command would. */
export function runButton(label: string, commandText: string, options: RunOptions = {}): Button {
  const { once, isSame, channelId, style } = options;
  const value = JSON.stringify({ text: commandText, once, isSame, channelId });
  return button({
    id: `run:${commandText.slice(0, ACTION_TAIL_MAX)}`,
    label,
    // Too much to carry: then the form asks for it again.
    value: value.length <= BUTTON_VALUE_MAX ? value : JSON.stringify({ text: bare(commandText) }),
    ...(style === undefined ? {} : { style }),
  });
}

/** The command and its subcommand alone. */
function bare(commandText: string): string {
  return commandText.split(/\s+/, 2).join(' ');
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
