import { overdraftOf } from '../teams/team.ts';
import type { Team } from '../teams/team.ts';

/** How far below 0 the balance of a team may fall at a moment, in microcredits. */
export function overdraftAt(
  team: Pick<Team, 'limitPolicy' | 'overdraft' | 'graceUntil'>,
  nowMs: number,
): bigint {
  const { microcredits, untilMs } = overdraftOf(team);
  return untilMs === 0 || nowMs < untilMs ? microcredits : 0n;
}
