// What an argument may be: how it is read, and what is said when it can't be.

import { complaintAboutId, complaintAboutName } from '../../core/ids.ts';
import { endFromText } from '../../core/end-text.ts';
import { creditsFromText, MAX_CREDITS, MAX_MICROCREDITS } from '../../core/money.ts';
import { BUDGET_MODES } from '../../core/teams/terms.ts';
import { DEFAULT_TIME_ZONE } from '../../core/time-zone.ts';
import { shortened } from '../escape.ts';
import { nearest } from '../../core/nearest.ts';
import { dollarsComplaint, isDollars } from './dollar-words.ts';
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
  readonly credits_or_off: bigint | 'off';
  /** Microcredits for one of something; never dollars. */
  readonly rate: bigint;
  /** The name of an access group. */
  readonly group: string;
  /** Names of access groups. */
  readonly groups: readonly string[];
  /** The name of a plan. */
  readonly plan: string;
  /** Names of anything, with commas between. */
  readonly names: readonly string[];
  readonly mode: (typeof BUDGET_MODES)[number];
  /** The id of a channel. */
  readonly channel: string;
  /** One word in small letters. */
  readonly word: string;
  /** Basis points from 0 up. */
  readonly percent: number;
  readonly channel_or_off: string;
  /** The id of a channel, or `team`: that of whom it is about. */
  readonly channel_or_own: string;
  /** The id of a person (U…, W…) or of a user group (S…). */
  readonly holder: string;
  /** The id of a person, or `none`. */
  readonly person_or_none: string;
  /** The id of a user group. */
  readonly user_group: string;
  /** The name of a model, or a beginning with *. */
  readonly model: string;
  /** The name of a model or of an access group. */
  readonly model_or_group: string;
  /** Names of models or access groups, or beginnings with *. */
  readonly models: readonly string[];
  /** A person of the customer, by id. */
  readonly person: string;
  /** A person in the team, by id. */
  readonly member: string;
  /** A key of the team, by its last four characters, its name or its id. */
  readonly key: string;
  /** When something ends, as it was typed: it is read in the customer's time zone. */
  readonly end: string;
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
  rate: readCredits,
  credits_or_off: (typed) => (/^(off|none)$/i.test(typed) ? 'off' : readCredits(typed)),
  group: (typed) => checked(typed, complaintAboutName(typed)),
  groups: readGroups,
  plan: (typed) => checked(typed, complaintAboutName(typed)),
  names: readNames,
  mode: readMode,
  channel: readChannel,
  word: (typed) => typed.toLowerCase(),
  model: (typed) => checked(typed, complaintAboutName(typed)),
  model_or_group: (typed) => checked(typed, complaintAboutName(typed)),
  models: readNames,
  person: (typed) => checked(typed, complaintAboutName(typed)),
  member: (typed) => checked(typed, complaintAboutName(typed)),
  key: (typed) => checked(typed, complaintAboutName(typed)),
  end: readEnd,
  percent: readPercent,
  holder: readHolder,
  user_group: readHolder,
  person_or_none: (typed) => (/^(none|off|nobody)$/i.test(typed) ? 'none' : readPerson(typed)),
  channel_or_own: (typed) =>
    /^(team|org|own|none|off)$/i.test(typed) ? 'team' : readChannel(typed),
  channel_or_off: (typed) => (/^(off|none)$/i.test(typed) ? 'off' : readChannel(typed)),
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
  if (isDollars(typed)) {
    return { complaint: dollarsComplaint(typed) };
  }
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

/** Days, hours and dates, and the words for no end at all and for no time at all. */
const ENDLESS = /^(never|none|off|now|0[smhd]?)$/i;

function readEnd(typed: string): string | Unreadable {
  const end = ENDLESS.test(typed) ? undefined : endFromText(typed, 0, DEFAULT_TIME_ZONE);
  return end !== undefined && 'complaint' in end ? end : typed;
}

const BASIS_POINTS_PER_PERCENT = 100;

function readPercent(typed: string): number | Unreadable {
  const number = /^(\d{1,5}(?:\.\d{1,2})?)\s*%?$/.exec(typed)?.[1];
  return number === undefined
    ? { complaint: `“${echo(typed)}” is no percentage from 0 up; write it like 12.5%` }
    : Math.round(Number(number) * BASIS_POINTS_PER_PERCENT);
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

function readPerson(typed: string): string | Unreadable {
  const id = readHolder(typed);
  return typeof id === 'string' && id.startsWith('S')
    ? { complaint: `“${echo(typed)}” is a user group; name one person, with @` }
    : id;
}

function readHolder(typed: string): string | Unreadable {
  const match =
    /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$|^<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>$|^([UWS][A-Z0-9]{2,})$/.exec(
      typed,
    );
  const id = match?.[1] ?? match?.[2] ?? match?.[3];
  return (
    id ?? {
      complaint: `“${echo(typed)}” is nobody that Slack knows; type @ and choose from the list`,
    }
  );
}

function echo(typed: string): string {
  const longestEcho = 40;
  // As it was typed, and not as Slack hands it on.
  return shortened(typed.replaceAll(/<#(?:\w+\|)?([^>|]+)\|?>/g, '#$1'), longestEcho);
}
