import { newId } from '../../core/ids.ts';
import type { PostgresScope } from '../postgres/client.ts';
import { accountIdOf, postUsage } from '../postgres/ledger.ts';
import { writeUsage } from '../postgres/write-usage.ts';
import type { UsageToWrite } from '../postgres/write-usage.ts';
import type { Batch, DrainedEvent } from './batch.ts';
import { complaintAboutData } from './data-errors.ts';

/** Writes a batch, as long as nothing in it is refused by the database; then it throws, and nothing is to be kept. */
export async function writeBatch(scope: PostgresScope, shard: number, batch: Batch): Promise<void> {
  await setAsideStrangers(scope, batch);
  await writeEvents(scope, batch.events);
  await writeSetAside(scope, shard, batch);
}

/**
 * The same for a batch of which the database refused something: what it has already is skipped, and what it refuses
 * is found by halves and set aside with its words.
 */
export async function writeBatchWithCare(
  scope: PostgresScope,
  shard: number,
  batch: Batch,
): Promise<void> {
  await setAsideStrangers(scope, batch);
  const ids = batch.events.map((event) => event.id);
  const known = await scope.usageEvent.findMany({
    where: { id: { in: ids } },
    select: { id: true },
  });
  const written = new Set(known.map((row) => row.id));
  const [again, rest] = partition(batch.events, (event) => written.has(event.id));
  for (const { organization } of again) {
    batch.repeated.add(organization);
  }
  batch.events = await writeByHalves(scope, rest, batch.setAside);
  await writeSetAside(scope, shard, batch);
}

function partition<Item>(items: readonly Item[], is: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(is), items.filter((item) => !is(item))];
}

/** Answers what was written. */
async function writeByHalves(
  scope: PostgresScope,
  events: readonly DrainedEvent[],
  setAside: Batch['setAside'],
): Promise<DrainedEvent[]> {
  const complaint = await attempt(scope, async () => writeEvents(scope, events));
  const [first] = events;
  if (complaint === undefined || first === undefined) {
    return [...events];
  }
  if (events.length === 1) {
    setAside.push({ entry: first.entry, complaint });
    return [];
  }
  const middle = Math.ceil(events.length / 2);
  return [
    ...(await writeByHalves(scope, events.slice(0, middle), setAside)),
    ...(await writeByHalves(scope, events.slice(middle), setAside)),
  ];
}

/** Does all of it, or nothing and answers why the database refused a value. */
async function attempt(
  scope: PostgresScope,
  work: () => Promise<void>,
): Promise<string | undefined> {
  await scope.$executeRaw`SAVEPOINT attempt`;
  try {
    await work();
    await scope.$executeRaw`RELEASE SAVEPOINT attempt`;
    return undefined;
  } catch (error) {
    const complaint = complaintAboutData(error);
    if (complaint === undefined) {
      throw error;
    }
    await scope.$executeRaw`ROLLBACK TO SAVEPOINT attempt`;
    return complaint;
  }
}

/**
 * An event of a team without an account can't be posted, and one from before the calls of its organization were
 * removed may have been posted long ago: neither may hold up the others.
 */
async function setAsideStrangers(scope: PostgresScope, batch: Batch): Promise<void> {
  const teamIds = [...new Set(batch.events.map((event) => event.team))];
  const found = await scope.$queryRaw<{ id: string; kept_from: Date | null }[]>`
    SELECT a.team_id AS id, p.before AS kept_from
    FROM credit_accounts AS a JOIN teams AS t ON t.id = a.team_id
    LEFT JOIN usage_prunings AS p ON p.organization_id = t.organization_id
    WHERE a.id = ANY(${teamIds.map(accountIdOf)})`;
  const keptFrom = new Map(found.map((row) => [row.id, row.kept_from?.getTime() ?? 0]));
  const events: DrainedEvent[] = [];
  for (const event of batch.events) {
    const from = keptFrom.get(event.team);
    if (from === undefined) {
      batch.setAside.push({ entry: event.entry, complaint: `There is no team ${event.team}` });
    } else if (event.started < from) {
      const complaint = `It is from before ${new Date(from).toISOString()}: whether it was charged is not known any more`;
      batch.setAside.push({ entry: event.entry, complaint });
    } else {
      events.push(event);
    }
  }
  batch.events = events;
}

interface Posting {
  readonly teamId: string;
  readonly postingId: string;
  charged: bigint;
}

async function writeEvents(scope: PostgresScope, events: readonly DrainedEvent[]): Promise<void> {
  if (events.length === 0) {
    return;
  }
  const postings = new Map<string, Posting>();
  // In the order of their ids, in which a refund finds its place among them.
  const inOrder = events.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  await writeUsage(
    scope,
    inOrder.map((event) => ({ ...event, ...postedBy(postings, event) })),
  );
  await postUsage(scope, [...postings.values()]);
}

/** One posting for each team and batch takes what all of its events were charged. */
function postedBy(
  postings: Map<string, Posting>,
  { team, charge }: DrainedEvent,
): Pick<UsageToWrite, 'posting' | 'ahead'> {
  if (charge === '0') {
    return { posting: null, ahead: '0' };
  }
  let posting = postings.get(team);
  if (posting === undefined) {
    posting = { teamId: team, postingId: newId(), charged: 0n };
    postings.set(team, posting);
  }
  const ahead = String(posting.charged);
  posting.charged += BigInt(charge);
  return { posting: posting.postingId, ahead };
}

async function writeSetAside(scope: PostgresScope, shard: number, batch: Batch): Promise<void> {
  if (batch.setAside.length === 0) {
    return;
  }
  const data = batch.setAside.map(({ entry: { position, packed, spent }, complaint }) => ({
    shard,
    position,
    fields: storable({ packed, ...(spent === undefined ? {} : { spent }) }),
    complaint: complaint.slice(0, COMPLAINT_MAX_LENGTH),
  }));
  await scope.setAsideEvent.createMany({ data, skipDuplicates: true });
}

/** The database's own words may quote the whole value. */
const COMPLAINT_MAX_LENGTH = 500;

/** Postgres takes every character but one, which is all that made some of them end here. */
function storable<Fields extends Record<string, string>>(fields: Fields): Fields {
  return JSON.parse(JSON.stringify(fields).replaceAll('\\u0000', '\\ufffd')) as Fields;
}
