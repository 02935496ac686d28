// The gate as a plain program in memory: what it must answer, derived from what was done to it. It shares
// with the gate the arithmetic of periods alone, which has proofs of its own.

import { parseDuration } from '../../src/core/budgets/duration.ts';
import { periodAt } from '../../src/core/budgets/period.ts';
import { meterOfBudget, meterOfLimit } from '../../src/core/ceilings/ceilings.ts';
import type { Ceilings } from '../../src/core/ceilings/ceilings.ts';
import type { Budget } from '../../src/core/budgets/budget.ts';
import type { Limit } from '../../src/core/limits/limit.ts';

const WINDOW_SECONDS = 60;

export interface ModelSubject {
  readonly name: string;
  status: string;
  ceilings: Ceilings;
  /** What each meter of a sliding window counted, by the second. */
  readonly windows: Map<string, { second: number; count: number }[]>;
}

export interface ModelTeam extends ModelSubject {
  funded: bigint;
  charged: bigint;
  overdraft: bigint;
}

export interface ModelCall {
  readonly id: string;
  readonly team: ModelTeam;
  readonly held: bigint;
  readonly taken: readonly {
    subject: ModelSubject;
    meter: string;
    stamp: number;
    amount: number;
  }[];
  deadlineMs: number;
  marked: { charge: bigint; cost: number; tokens: number };
  state: 'open' | 'lapsed' | 'ended';
  /** Whether what it was charged when it lapsed stands in the records. */
  isDrained: boolean;
}

export interface ModelKey extends ModelSubject {
  expiresAtMs: number | undefined;
  readonly team: ModelTeam;
  readonly people: readonly ModelSubject[];
}

/** A call as the gate is asked: an exact cost, no cap that could be shortened. */
export interface ModelAsk {
  readonly id: string;
  readonly endUser: ModelSubject | undefined;
  readonly cost: number;
  readonly tokens: number;
}

export interface ModelHit {
  readonly subject: string;
  readonly meter: string;
  readonly used: number;
  readonly wait: number | undefined;
}

export type ModelVerdict =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly code: string; readonly hit?: ModelHit };

export const CREDIT = 1_000_000n;
/** A reservation's life without a mark. */
export const DEADLINE_MS = 15_000;

export class GateModel {
  nowMs: number;
  readonly organization: ModelSubject;
  readonly calls: ModelCall[] = [];
  /** What budgets spent, by subject, meter and period. */
  readonly spends = new Map<string, number>();

  constructor(nowMs: number, organization: ModelSubject) {
    this.nowMs = nowMs;
    this.organization = organization;
  }

  spendable(team: ModelTeam): bigint {
    const held = this.#open().reduce(
      (sum, call) => sum + (call.team === team ? call.held : 0n),
      0n,
    );
    return team.funded - team.charged - held;
  }

  admit(key: ModelKey, ask: ModelAsk): ModelVerdict {
    const { team } = key;
    const status = this.#statusRefusal(key, ask);
    if (status !== undefined) {
      return { admitted: false, code: status };
    }
    const named = ask.endUser === undefined ? [] : [ask.endUser];
    const subjects = [key, team, this.organization, ...key.people, ...named];
    const hit = this.#worstHit(subjects, ask);
    if (hit !== undefined) {
      return { admitted: false, code: 'ceiling_reached', hit };
    }
    if (this.spendable(team) + team.overdraft < CREDIT) {
      return { admitted: false, code: 'credits_exhausted' };
    }
    this.calls.push({
      id: ask.id,
      team,
      held: CREDIT,
      taken: subjects.flatMap((subject) => this.#take(subject, ask)),
      deadlineMs: this.nowMs + DEADLINE_MS,
      marked: { charge: 0n, cost: 0, tokens: 0 },
      state: 'open',
      isDrained: false,
    });
    return { admitted: true };
  }

  /** Answers what was charged. */
  settle(call: ModelCall, charge: bigint, cost: number, tokens: number): bigint {
    if (call.state === 'ended') {
      return 0n;
    }
    if (call.state === 'lapsed') {
      const rest = charge - call.marked.charge;
      const left = this.spendable(call.team);
      const charged = max(0n, rest < left ? rest : max(0n, left));
      call.team.charged += charged;
      this.#spend(call, Math.max(0, cost - call.marked.cost));
      call.state = 'ended';
      return charged;
    }
    return this.#end(call, charge, cost, tokens);
  }

  /** The worker's look at what nobody ended; answers the calls that it resolved. */
  reap(): ModelCall[] {
    const lapsed = this.#open().filter((call) => call.deadlineMs <= this.nowMs);
    for (const call of lapsed) {
      const { charge, cost, tokens } = call.marked;
      const charged = this.#end(call, charge, cost, tokens);
      call.marked = { charge: charged, cost, tokens };
      call.state = 'lapsed';
    }
    return lapsed;
  }

  mark(call: ModelCall, charge: bigint, cost: number, tokens: number): void {
    if (call.state === 'open') {
      call.marked = { charge, cost, tokens };
      call.deadlineMs = this.nowMs + DEADLINE_MS;
    }
  }

  /** The worker writes down what stands in the stream. */
  drain(): void {
    for (const call of this.calls) {
      call.isDrained ||= call.state === 'lapsed';
    }
  }

  /**
   * Redis loses everything. Proxies know what they settled and what they hold; nobody knows marks, the rates of
   * the last minute, and what the reaper charged and the records do not have: such a call is open again.
   */
  forget(subjects: readonly ModelSubject[]): void {
    for (const call of this.calls) {
      if (call.state === 'lapsed' && call.isDrained) {
        call.state = 'ended';
      } else if (call.state === 'lapsed') {
        call.team.charged -= call.marked.charge;
        this.#spend(call, -call.marked.cost);
        call.state = 'open';
      }
      call.marked = { charge: 0n, cost: 0, tokens: 0 };
      call.deadlineMs = this.nowMs + DEADLINE_MS;
    }
    for (const subject of subjects) {
      subject.windows.clear();
    }
  }

  /** What each meter of a subject must read. */
  readings(subject: ModelSubject): { meter: string; max: number; used: number; held: number }[] {
    return [
      ...subject.ceilings.limits.map((limit) => {
        const meter = meterOfLimit(limit);
        const used =
          limit.kind === 'parallel'
            ? this.#takenOf(subject, meter).length
            : sumOf(this.#window(subject, meter));
        return { meter, max: limit.max, used, held: 0 };
      }),
      ...subject.ceilings.budgets.map((budget) => {
        const { meter, used, held } = this.#budget(subject, budget);
        return { meter, max: Number(budget.maxNanoUsd), used, held };
      }),
    ];
  }

  #statusRefusal(key: ModelKey, { endUser }: ModelAsk): string | undefined {
    if (key.status !== 'active') {
      return `key_${key.status}`;
    }
    if (key.expiresAtMs !== undefined && key.expiresAtMs <= this.nowMs) {
      return 'key_expired';
    }
    if (this.organization.status !== 'active') {
      return `organization_${this.organization.status}`;
    }
    if (key.team.status !== 'active') {
      return `team_${key.team.status}`;
    }
    return endUser?.status === 'blocked' ? 'end_user_blocked' : undefined;
  }

  #open(): ModelCall[] {
    return this.calls.filter((call) => call.state === 'open');
  }

  #second(): number {
    return Math.floor(this.nowMs / 1_000);
  }

  #window(subject: ModelSubject, meter: string): { second: number; count: number }[] {
    const all = subject.windows.get(meter) ?? [];
    return all.filter(({ second }) => second > this.#second() - WINDOW_SECONDS);
  }

  #takenOf(subject: ModelSubject, meter: string): { stamp: number; amount: number }[] {
    return this.#open().flatMap((call) =>
      call.taken.filter((one) => one.subject === subject && one.meter === meter),
    );
  }

  #budget(subject: ModelSubject, budget: Budget) {
    const meter = meterOfBudget(budget);
    const { from, to } = this.#period(budget);
    const held = this.#takenOf(subject, meter)
      .filter(({ stamp }) => stamp === from)
      .reduce((sum, { amount }) => sum + amount, 0);
    return {
      meter,
      from,
      to,
      held,
      used: this.spends.get(`${subject.name} ${meter} ${from}`) ?? 0,
    };
  }

  #period({ duration, anchorMs }: Budget): { from: number; to: number | undefined } {
    const parsed = duration === null ? undefined : parseDuration(duration);
    if (parsed === undefined || 'complaint' in parsed) {
      return { from: 0, to: undefined };
    }
    const { startsAtMs, endsAtMs } = periodAt(parsed, anchorMs, 'UTC', this.nowMs);
    return { from: startsAtMs, to: endsAtMs };
  }

  #worstHit(subjects: readonly ModelSubject[], ask: ModelAsk): ModelHit | undefined {
    const waitOf = ({ wait }: ModelHit): number => wait ?? Number.POSITIVE_INFINITY;
    return subjects
      .flatMap((subject) => this.#hits(subject, ask))
      .reduce<ModelHit | undefined>(
        (worst, hit) => (worst === undefined || waitOf(hit) > waitOf(worst) ? hit : worst),
        undefined,
      );
  }

  #hits(subject: ModelSubject, ask: ModelAsk): ModelHit[] {
    const { name } = subject;
    const ofLimits = subject.ceilings.limits.flatMap((limit) => {
      const meter = meterOfLimit(limit);
      const wanted = limit.kind === 'usage_tokens' ? ask.tokens : 1;
      const entries = this.#window(subject, meter);
      const used =
        limit.kind === 'parallel' ? this.#takenOf(subject, meter).length : sumOf(entries);
      const wait = limit.kind === 'parallel' ? 1 : this.#wait(entries, used + wanted - limit.max);
      return used + wanted > limit.max
        ? [{ subject: name, meter, used, wait: wanted > limit.max ? undefined : wait }]
        : [];
    });
    const ofBudgets = subject.ceilings.budgets.flatMap((budget) => {
      const { meter, to, held, used } = this.#budget(subject, budget);
      const largest = Number(budget.maxNanoUsd);
      const wait = to === undefined ? undefined : Math.ceil((to - this.nowMs) / 1_000);
      return used + held + ask.cost > largest
        ? [{ subject: name, meter, used: used + held, wait: ask.cost > largest ? undefined : wait }]
        : [];
    });
    return [...ofLimits, ...ofBudgets];
  }

  #wait(entries: readonly { second: number; count: number }[], amount: number): number | undefined {
    let left = 0;
    for (const { second, count } of entries) {
      left += count;
      if (left >= amount) {
        return second + WINDOW_SECONDS - this.#second();
      }
    }
    return undefined;
  }

  #take(subject: ModelSubject, ask: ModelAsk): ModelCall['taken'] {
    const { limits, budgets } = subject.ceilings;
    return [
      ...limits.map((limit) => this.#takeLimit(subject, limit, ask)),
      ...budgets.map((budget) => {
        const { meter, from } = this.#budget(subject, budget);
        return { subject, meter, stamp: from, amount: ask.cost };
      }),
    ];
  }

  #takeLimit(subject: ModelSubject, limit: Limit, ask: ModelAsk): ModelCall['taken'][number] {
    const meter = meterOfLimit(limit);
    if (limit.kind === 'parallel') {
      return { subject, meter, stamp: 0, amount: 1 };
    }
    const amount = limit.kind === 'usage_tokens' ? ask.tokens : 1;
    const entries = this.#window(subject, meter);
    const last = entries.at(-1);
    const second = this.#second();
    if (last?.second === second) {
      last.count += amount;
    } else {
      entries.push({ second, count: amount });
    }
    subject.windows.set(meter, entries);
    return { subject, meter, stamp: second, amount };
  }

  #end(call: ModelCall, wanted: bigint, cost: number, tokens: number): bigint {
    const charge = wanted < call.held ? wanted : call.held;
    call.state = 'ended';
    call.team.charged += charge;
    this.#spend(call, cost);
    for (const { subject, meter, stamp, amount } of call.taken) {
      const entry = subject.windows.get(meter)?.find(({ second }) => second === stamp);
      if (meter.startsWith('usage_tokens') && entry !== undefined) {
        entry.count = Math.max(0, entry.count + tokens - amount);
      }
    }
    return charge;
  }

  #spend(call: ModelCall, cost: number): void {
    for (const { subject, meter, stamp } of call.taken) {
      if (meter.startsWith('budget-')) {
        const place = `${subject.name} ${meter} ${stamp}`;
        this.spends.set(place, (this.spends.get(place) ?? 0) + cost);
      }
    }
  }
}

function sumOf(entries: readonly { count: number }[]): number {
  return entries.reduce((sum, { count }) => sum + count, 0);
}

function max(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
