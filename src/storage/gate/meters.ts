import { GateUnavailable } from '../../core/faults.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import { projectionOf } from '../../core/ceilings/subject-records.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import type { MeterReading } from '../../core/gateway/gate.ts';
import type { GateConnection } from './connection.ts';
import { runOf } from './connection.ts';
import type { Projections } from './projections.ts';
import type { ShardKeys } from './shards.ts';

/** A new epoch, a missing record, and a change meanwhile. */
const TRIES_MAX = 3;

/** What a subject's ceilings hold right now; loads its record first where the gate lacks it. */
export async function readMeters(
  connection: GateConnection,
  projections: Projections,
  keys: ShardKeys,
  subject: Subject,
): Promise<MeterReading[]> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const names = [keys.epoch, keys.subject(subject)];
    const answer = (await connection.script('read-meters', names, [runOf(connection)])) as string;
    if (answer === 'epoch') {
      await projections.renew(keys.shard);
    } else if (answer === 'missing') {
      await projections.project(projectionOf(subject));
    } else {
      return answer === '' ? [] : answer.split('\n').map(readingFrom);
    }
  }
  throw new GateUnavailable(`Reading the meters of ${subjectText(subject)}: the gate lacks it`);
}

function readingFrom(line: string): MeterReading {
  const [meter = '', max, used, held, ends, missed] = line.split(' ');
  const resetsAtMs = Number(ends);
  return {
    meter,
    max: Number(max),
    used: Number(used),
    held: Number(held),
    resetsAt: resetsAtMs === 0 ? undefined : new Date(resetsAtMs),
    missed: Number(missed),
  };
}
