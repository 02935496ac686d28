// What is to be asked of the management API to have here what another system has. Each step says how to see how far
// it is, so that an import may be repeated, and goes on where it broke off.

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly body?: unknown;
}

/** Of what is made by several requests: `unfinished` until the last of them. */
export type Progress = 'missing' | 'unfinished' | 'there';

export interface Step {
  readonly kind: string;
  readonly name: string;
  /** Why it can't be made; then nothing is asked. */
  readonly obstacle?: string | undefined;
  /** What must be there before; where that can't be, nothing is said of this. */
  readonly after?: Step;
  readonly look: ApiRequest;
  progress(status: number, answer: unknown): Progress;
  /** What of it is otherwise here, in words; undefined where nothing that is compared is. */
  difference?(answer: unknown): string | undefined;
  readonly make: ApiRequest;
  /** Whether `make` may be asked again where it was left unfinished; else only the rest is. */
  readonly isRepeatable?: boolean;
  /** What is to be asked after, one by one, given what `make` answered, or `look` where that is there already. */
  rest?(answer: unknown): readonly ApiRequest[];
}

export interface Plan {
  readonly steps: readonly Step[];
  /** What stays behind, and why. */
  readonly notes: readonly string[];
}

/** What is served here: the names that may be written down. */
export interface Served {
  readonly models: readonly string[];
  readonly groups: readonly string[];
}

/** What others of a plan may point to. */
export interface Known {
  /** Where those without an organization stand here. */
  readonly home: string;
  /** Organizations and teams that are brought over. */
  readonly organizations: ReadonlySet<string>;
  readonly teams: ReadonlySet<string>;
  /** Those that cannot be made. */
  readonly lostTeams: ReadonlySet<string>;
  /** The organization in which each person stands. */
  readonly homes: ReadonlyMap<string, string>;
  readonly served: Served;
}

export type Row = Readonly<Record<string, unknown>>;

/** Where those without an organization stand here, unless another is named. */
export const DEFAULT_ORGANIZATION = 'default';

/** The name in metadata by which what was begun is known, until it is finished. */
const BEGUN = 'import_unfinished';

export function begun(metadata: Row | null): Row {
  return { ...metadata, [BEGUN]: true };
}

export function progressBy(status: number, metadata: unknown): Progress {
  if (status !== 200) {
    return 'missing';
  }
  return fieldOf(metadata, BEGUN) === true ? 'unfinished' : 'there';
}

/** What the other system says now, beside what stands here: `models (there gpt-4o, here gpt-4o-mini)`. */
export function differenceOf(there: Row, here: unknown): string | undefined {
  const words = Object.entries(there).flatMap(([name, value]) => {
    const [said, found] = [spoken(value), spoken(fieldOf(here, name))];
    return said === found ? [] : [`${name} (there ${said}, here ${found})`];
  });
  return words.length === 0 ? undefined : words.join(', ');
}

function spoken(value: unknown): string {
  if (value === null || value === undefined || value === '') {
    return 'none';
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? 'none' : value.map(String).toSorted().join(' ');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function thereIf(isThere: boolean): Progress {
  return isThere ? 'there' : 'missing';
}

/** LiteLLM's words for sets of models. */
const SETS: readonly string[] = ['all-team-models', 'all-proxy-models', 'no-default-models'];

/** Names that nobody serves here would be refused; the same rule as core's (known-models.ts), told before. */
export function obstacleOf(served: Served, names: readonly string[]): string | undefined {
  const known = [...served.models, ...served.groups, ...SETS];
  const unknown = names.filter((name) => !name.endsWith('*') && !known.includes(name));
  return served.models.length === 0 || unknown.length === 0
    ? undefined
    : `nobody serves ${[...new Set(unknown)].join(', ')} here: make the model first, or an access group of that name`;
}

/** The same rule as core's (ids.ts), told before. */
export function obstacleOfId(id: string): string | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id)
    ? undefined
    : `its id ${id} is none here: only letters, digits, ".", "_" and "-", 64 at most`;
}

export function post(url: string, body: unknown): ApiRequest {
  return { method: 'POST', url, body };
}

export function get(url: string, fields: Readonly<Record<string, string>> = {}): ApiRequest {
  const query = new URLSearchParams(fields).toString();
  return { method: 'GET', url: query === '' ? url : `${url}?${query}` };
}

export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Row)[name] : undefined;
}

export function rowsOf(answer: unknown, name: string): readonly Row[] {
  const list = fieldOf(answer, name);
  return Array.isArray(list) ? (list as readonly Row[]) : [];
}

/** The texts among the values of an object. */
export function textsIn(values: Row): string[] {
  return Object.values(values).filter((value) => typeof value === 'string');
}
