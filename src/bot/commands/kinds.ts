// What an argument may be: how it is read, and what is said when it can't be.

import { complaintAboutId, complaintAboutName } from '../../core/ids.ts';
import { creditsFromText, MAX_CREDITS, MAX_MICROCREDITS } from '../../core/money.ts';
import { BUDGET_MODES } from '../../core/teams/terms.ts';
import { shortened } from '../escape.ts';
import { nearest } from '../nearest.ts';
import { CEILING_READERS } from './ceiling-kinds.ts';
import type { CeilingKindValues } from './ceiling-kinds.ts';
import { USAGE_READERS } from './usage-kinds.ts';
import type { UsageKindValues } from './usage-kinds.ts';

/** The value that each kind of argument is read into. */
export interface KindValues extends CeilingKindValues, UsageKindValues {
  /** Free text, such as a reason. */
  readonly text: string;
  /** The id of a team. */
  readonly team: string;
  /** The id of an organization. */
  readonly org: string;
  /** Microcredits, more than 0. */
  readonly credits: bigint;
  /** Names of access groups. */
  readonly groups: readonly string[];
  /** Names of anything, with commas between. */
  readonly names: readonly string[];
  readonly mode: (typeof BUDGET_MODES)[number];
  /** The id of a channel. */
  readonly channel: string;
  /** The name of a subcommand. */
  readonly word: string;
}

export type Kind = keyof KindValues;

/** Why something can't be read: what was read, what is allowed, the cure. */
export interface Unreadable {
  readonly complaint: string;
}

export type ReadValue<K extends Kind> = KindValues[K] | Unreadable;

type Readers = { readonly [K in Kind]: (typed: string) => ReadValue<K> };

const READERS: Readers = {
  ...CEILING_READERS,
  ...USAGE_READERS,
  text: (typed) => checked(typed, complaintAboutName(typed)),
  team: (typed) => checked(typed, complaintAboutId(typed)),
  org: (typed) => checked(typed, complaintAboutId(typed)),
  credits: readCredits,
  groups: readGroups,
  names: readNames,
  mode: readMode,
  channel: readChannel,
  word: (typed) => typed.toLowerCase(),
};

/** Reads what was typed for an argument of this kind. */
export function readKind<K extends Kind>(kind: K, typed: string): ReadValue<K> {
  return READERS[kind](typed.trim());
}

export function isUnreadable(value: unknown): value is Unreadable {
  return typeof value === 'object' && value !== null && 'complaint' in value;
}

function checked(typed: string, complaint: string | undefined): string | Unreadable {
  return complaint === undefined
    ? typed
    : { complaint: `“${echo(typed)}” can't be taken: ${complaint}` };
}

const MULTIPLIERS: Readonly<Record<string, bigint>> = { k: 1_000n, m: 1_000_000n };

function readCredits(typed: string): bigint | Unreadable {
  const match = /^(.*\d)\s*([km])?(?:\s*credits?)?$/i.exec(typed);
  const factor = MULTIPLIERS[match?.[2]?.toLowerCase() ?? ''] ?? 1n;
  const base = creditsFromText(match?.[1] ?? typed, { allowNegative: true });
  if (typeof base !== 'bigint') {
    return { complaint: factor === 1n ? base.reason : `${base.reason}, or 5k for 5,000` };
  }
  const amount = base * factor;
  if (amount > MAX_MICROCREDITS) {
    return {
      complaint: `“${echo(typed)}” is above the ${MAX_CREDITS.toLocaleString('en')} credits that are allowed`,
    };
  }
  return amount <= 0n
    ? { complaint: `“${echo(typed)}” can't be taken: it must be more than 0` }
    : amount;
}

function readGroups(typed: string): readonly string[] | Unreadable {
  const names = typed.split(',').map((name) => name.trim());
  const given = [...new Set(names.filter((name) => name !== ''))];
  return given.length === 0
    ? { complaint: 'no group is named; write their names with commas: gpt-models,claude-models' }
    : given;
}

function readNames(typed: string): readonly string[] | Unreadable {
  const names = typed.split(',').map((name) => name.trim());
  const given = names.filter((name) => name !== '');
  return given.length === 0
    ? { complaint: 'nothing is named; write several with commas: one,two' }
    : given;
}

function readMode(typed: string): KindValues['mode'] | Unreadable {
  const wanted = typed.toLowerCase().replaceAll('-', '_');
  const mode = BUDGET_MODES.find((each) => each === wanted);
  const [near] = nearest(wanted, BUDGET_MODES, 1);
  const cure = near === undefined ? '' : `; did you mean “${near}”?`;
  return (
    mode ?? {
      complaint: `“${echo(typed)}” is no budget mode, there are ${BUDGET_MODES.join(', ')}${cure}`,
    }
  );
}

function readChannel(typed: string): string | Unreadable {
  const match = /^<#([CG][A-Z0-9]+)(?:\|[^>]*)?>$|^([CG][A-Z0-9]{2,})$/.exec(typed);
  const id = match?.[1] ?? match?.[2];
  return (
    id ?? {
      complaint: `“${echo(typed)}” is no channel that Slack knows; type # and choose it from the list`,
    }
  );
}

function echo(typed: string): string {
  const longestEcho = 40;
  return shortened(typed, longestEcho);
}
