import { GateUnavailable } from '../../core/faults.ts';
import { WITHHELD_LIFE_MS } from '../../core/gateway/withholding.ts';
import type { Withheld, WithholdAsk, Withholding } from '../../core/gateway/withholding.ts';
import type { GateConnection } from './connection.ts';
import type { Ending } from './owed.ts';
import { runOf } from './connection.ts';
import type { Projections } from './projections.ts';
import type { Settling } from './settling.ts';
import { shardOf } from './shards.ts';
import type { ShardKeys } from './shards.ts';

/** A new epoch, a missing record, and a change meanwhile. */
const TRIES_MAX = 3;

export function createWithholding(
  connection: GateConnection,
  projections: Projections,
  settling: Settling,
  shards: readonly ShardKeys[],
): Withholding {
  return {
    async withhold(ask) {
      // shardOf draws below the number of shards.
      const keys = shards[shardOf(ask.organizationId)] as ShardKeys;
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        const names = [keys.epoch, keys.team(ask.teamId), keys.open];
        const answer = (await connection.script(
          'withhold',
          names,
          valuesOf(connection, ask),
        )) as string;
        if (answer === 'epoch') {
          await projections.renew(keys.shard);
        } else if (answer === 'missing') {
          await projections.project({ teamId: ask.teamId });
        } else if (answer === 'waiting') {
          throw new GateUnavailable(
            `Withholding credits of team ${ask.teamId}: the gate began anew and learns what calls hold, try again`,
          );
        } else {
          return withheldFrom(answer);
        }
      }
      throw new GateUnavailable(`Withholding credits of team ${ask.teamId}: the gate lacks it`);
    },
    async release({ organizationId, teamId, reservationId }) {
      const [ended] = await settling.end(shardOf(organizationId), [
        discardOf(teamId, reservationId),
      ]);
      if (ended instanceof Error) {
        throw ended;
      }
    },
  };
}

/** The end of what was withheld: the reservation alone goes, because nothing was used. */
export function discardOf(teamId: string, reservationId: string): Ending {
  return {
    teamId,
    reservationId,
    manner: 'discard',
    charge: '0',
    most: '0',
    cost: '0',
    usageTokens: 0,
    taken: '',
    event: '',
  };
}

function valuesOf(connection: GateConnection, ask: WithholdAsk): (string | number)[] {
  const { reservationId, teamId, amount, floor, orLess } = ask;
  const change = reservationId.slice(0, reservationId.lastIndexOf(':') + 1);
  const amounts = [String(amount), String(floor), orLess ? 1 : 0];
  return [runOf(connection), reservationId, teamId, ...amounts, WITHHELD_LIFE_MS, change];
}

function withheldFrom(answer: string): Withheld {
  const [verdict, first = '', reserved = '', underway] = answer.split(' ');
  return verdict === 'held'
    ? { withheld: true, amount: BigInt(first) }
    : {
        withheld: false,
        spendable: BigInt(first),
        reserved: BigInt(reserved),
        underway: underway === '1',
      };
}
