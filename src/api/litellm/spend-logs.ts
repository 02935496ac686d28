// What was spent call by call, or added up by day, as LiteLLM's logs tell it.

import { z } from 'zod';
import { timeOfId } from '../../core/ids.ts';
import { parseUsdAmount, usdToNumber } from '../../core/money.ts';
import type { Caller, Within } from '../../core/permission/caller.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { DAY_MS } from '../../core/time.ts';
import type { CallSearch, UsedCall } from '../../core/usage/used-call.ts';
import type { UsageDimension, UsageRangeRow } from '../../core/usage/usage-range.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { DAYS, grouped, metricsOf, rangeOf } from './activity.ts';
import type { DayRange } from './activity.ts';
import { shownOrganization } from './default-organization.ts';
import { findKey } from './find-key.ts';
import { keySightOf } from './key-lists.ts';
import { flagField, given } from './list-query.ts';
import { pageField, pagesOf, partOf, sizeField } from './paging.ts';
import { scopesToSum } from './usage-scopes.ts';
import { CALL_PAGE, LOGS } from './answers/logs.ts';
import type { CALL, DAY_LOG } from './answers/logs.ts';
import type { Told } from '../told.ts';

/** As many as LiteLLM's own list holds; pages have no end. */
const LOGS_MAX = 10_000;

export const spendLogsEndpoint = endpoint({
  summary: 'What was spent on each day, by person, model and key; or single calls',
  action: 'team.usage',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({
    ...DAYS,
    api_key: z.string().optional(),
    user_id: z.string().optional(),
    request_id: z.string().optional(),
    summarize: flagField(),
  }),
  answer: LOGS,
  async handle({ stores, query, caller, within }) {
    const { request_id: callId } = query;
    if (callId !== undefined) {
      const [call] = await callsOf(stores, caller, within, oneCall(callId));
      return [call ?? null];
    }
    const range = rangeOf(query, stores.clock());
    if (isRefusal(range)) {
      return range;
    }
    if (query.summarize ?? !asksForCalls(query)) {
      return dayLogs(stores, within, range, query);
    }
    const keyId = await keyIdOf(stores, query.api_key);
    const asked = given<Partial<CallSearch>>({ userId: query.user_id, keyId });
    return callsOf(stores, caller, within, { ...asked, ...range, offset: 0, limit: LOGS_MAX });
  },
});

/** As LiteLLM has it: of a key or a person, without dates, single calls are told. */
function asksForCalls(query: {
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
  readonly api_key?: string | undefined;
  readonly user_id?: string | undefined;
}): boolean {
  const isDated = query.start_date !== undefined || query.end_date !== undefined;
  return !isDated && (query.api_key !== undefined || query.user_id !== undefined);
}

/** Ids tell when they were made; one that does not is no call's. */
function oneCall(callId: string): CallSearch {
  const made = timeOfId(callId) ?? new Date(0);
  const to = new Date(made.getTime() + 1);
  return { callId, from: made, to, offset: 0, limit: 1 };
}

/** By its secret or its id; one that is unknown made no call. */
async function keyIdOf(stores: Stores, text: string | undefined): Promise<string | undefined> {
  return text === undefined ? undefined : ((await findKey(stores, text))?.id ?? text);
}

/** Who may not read the keys of others sees the calls of their own. */
function sightOf(caller: Caller, within: Within): Partial<CallSearch> {
  const { userId, ids } = keySightOf(caller, within);
  return given<Partial<CallSearch>>({ ...within, userId, keyId: ids?.[0] });
}

async function callsOf(
  stores: Stores,
  caller: Caller,
  within: Within,
  search: CallSearch,
): Promise<Told<typeof CALL>[]> {
  const sight = sightOf(caller, within);
  if (isOutOfSight(search, sight)) {
    return [];
  }
  const { rows } = await stores.records.usage.calls({ ...search, ...sight });
  return rows.map(callView);
}

/** Whether a filter asks for what the caller does not see. */
function isOutOfSight(search: Partial<CallSearch>, sight: Partial<CallSearch>): boolean {
  return (['organizationId', 'teamId', 'userId', 'keyId'] as const).some(
    (name) =>
      search[name] !== undefined && sight[name] !== undefined && search[name] !== sight[name],
  );
}

const CALL_TYPES: Readonly<Record<string, string>> = {
  chat: 'acompletion',
  completion: 'atext_completion',
  embedding: 'aembedding',
  messages: 'anthropic_messages',
};

function callView(call: UsedCall): Told<typeof CALL> {
  return {
    request_id: call.id,
    call_type: CALL_TYPES[call.jobType] ?? call.jobType,
    api_key: call.keyId,
    spend: usdToNumber(call.costNanoUsd),
    total_tokens: Number(call.inputTokens + call.outputTokens),
    prompt_tokens: Number(call.inputTokens),
    completion_tokens: Number(call.outputTokens),
    startTime: call.startedAt.toISOString(),
    endTime: call.endedAt.toISOString(),
    completionStartTime: null,
    request_duration_ms: call.endedAt.getTime() - call.startedAt.getTime(),
    model: call.model,
    model_id: call.deployment,
    model_group: call.model,
    custom_llm_provider: null,
    api_base: '',
    user: call.userId ?? '',
    end_user: call.endUserId ?? '',
    team_id: call.teamId,
    organization_id: shownOrganization(call.organizationId),
    metadata: {},
    cache_hit: 'False',
    cache_key: '',
    request_tags: call.tags,
    requester_ip_address: null,
    messages: {},
    response: {},
    session_id: null,
    status: call.outcome === 'completed' ? 'success' : 'failure',
  };
}

/** A date, or a moment in UTC as LiteLLM's pages write it. */
const MOMENT = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?$/, 'Input should be a valid datetime')
  .transform((text) => Date.parse(`${text.replace(' ', 'T').replace(/Z$/, '')}${zoneOf(text)}`))
  .refine((ms) => Number.isFinite(ms), 'Input should be a valid datetime');

/** A date alone is read as UTC anyway. */
function zoneOf(text: string): string {
  return text.length > 'YYYY-MM-DD'.length ? 'Z' : '';
}

const USUAL_DAYS = 30;
const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 1_000;

const PAGES = z.strictObject({
  start_date: MOMENT.optional(),
  end_date: MOMENT.optional(),
  api_key: z.string().optional(),
  user_id: z.string().optional(),
  team_id: z.string().optional(),
  request_id: z.string().optional(),
  end_user: z.string().optional(),
  model: z.string().optional(),
  min_spend: z.coerce.number().min(0).optional(),
  max_spend: z.coerce.number().min(0).optional(),
  status_filter: z.enum(['success', 'failure']).optional(),
  page: pageField(),
  page_size: sizeField(PAGE_SIZE_MAX),
  sort_by: z.enum(['startTime']).optional(),
  sort_order: z.enum(['desc']).optional(),
});

export const spendLogPagesEndpoint = endpoint({
  summary: 'Single calls, page by page, the latest first',
  action: 'team.usage',
  target: 'listed',
  body: NOTHING,
  query: PAGES,
  answer: CALL_PAGE,
  async handle({ stores, query, caller, within }) {
    const page = { page: query.page ?? 1, size: query.page_size ?? PAGE_SIZE };
    const searched = await searchOf(stores, query);
    const sight = sightOf(caller, within);
    const found = isOutOfSight(searched, sight)
      ? { rows: [], total: 0 }
      : await stores.records.usage.calls({ ...searched, ...sight, ...partOf(page) });
    return {
      data: found.rows.map(callView),
      total: found.total,
      page: page.page,
      page_size: page.size,
      total_pages: pagesOf(found.total, page),
    };
  },
});

/** A call whose proxy died is told as a failure, too. */
const OUTCOMES = { success: ['completed'], failure: ['failed', 'abandoned'] } as const;

async function searchOf(stores: Stores, query: z.output<typeof PAGES>): Promise<CallSearch> {
  const end = query.end_date ?? stores.clock() + 1;
  const { request_id: callId, status_filter: status } = query;
  const filters = given<Partial<CallSearch>>({
    keyId: await keyIdOf(stores, query.api_key),
    userId: query.user_id,
    teamId: query.team_id,
    endUserId: query.end_user,
    model: query.model,
    outcomes: status === undefined ? undefined : OUTCOMES[status],
    costAtLeast: nanoOf(query.min_spend),
    costAtMost: nanoOf(query.max_spend),
  });
  const range = {
    from: new Date(query.start_date ?? end - USUAL_DAYS * DAY_MS),
    to: new Date(end),
  };
  const whole = { ...range, offset: 0, limit: 0, ...filters };
  return callId === undefined ? whole : { ...whole, ...oneCall(callId) };
}

function nanoOf(usd: number | undefined): bigint | undefined {
  const amount = usd === undefined ? undefined : parseUsdAmount(usd);
  return typeof amount === 'bigint' ? amount : undefined;
}

async function dayLogs(
  stores: Stores,
  within: Within,
  range: DayRange,
  query: { readonly api_key?: string | undefined; readonly user_id?: string | undefined },
): Promise<Told<typeof DAY_LOG>[] | Refusal> {
  const scopes = await scopesToSum(stores, within);
  if (isRefusal(scopes)) {
    return scopes;
  }
  const rows: UsageRangeRow[] = [];
  for (const scope of scopes) {
    const by = ['key', 'model', 'user'] as const;
    const asked = { scope, ...range, step: 'day', by, withBrought: true } as const;
    rows.push(...(await stores.records.usage.range(asked)));
  }
  const key = query.api_key === undefined ? undefined : await findKey(stores, query.api_key);
  const wanted = rows.filter(
    ({ names }) =>
      (query.user_id === undefined || names.user === query.user_id) &&
      (query.api_key === undefined || (key !== undefined && names.key === key.id)),
  );
  const spends = (
    part: readonly UsageRangeRow[],
    by: UsageDimension,
  ): Readonly<Record<string, number>> =>
    Object.fromEntries(
      [...grouped(part, ({ names }) => names[by] ?? '')].map(([name, own]) => [
        name,
        metricsOf(own).spend,
      ]),
    );
  const days = new Map(grouped(wanted, ({ period }) => period));
  return daysFrom([...days.keys()], range).map((date) => {
    const part = days.get(date) ?? [];
    return {
      startTime: date,
      spend: metricsOf(part).spend,
      users: spends(part, 'user'),
      models: spends(
        // What a job is charged stands in the usage under no model.
        part.filter(({ names }) => names.model !== ''),
        'model',
      ),
      ...spends(part, 'key'),
    };
  });
}

/** Every day from the first of these to the end of the range: days without a call are told with nothing. */
function daysFrom(dates: readonly string[], { to }: DayRange): string[] {
  const [first] = dates.toSorted();
  const count = first === undefined ? 0 : (to.getTime() - Date.parse(first)) / DAY_MS;
  return Array.from({ length: count }, (_each, at) =>
    new Date(Date.parse(first ?? '') + at * DAY_MS).toISOString().slice(0, 10),
  );
}
