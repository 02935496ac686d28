import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../src/core/time.ts';
import type { Rhythm } from '../src/queue/rhythm.ts';
import { TASK_NAMES, taskKind } from '../src/queue/tasks.ts';
import { FLEET_SCHEDULE } from './schedule.ts';

/** Every task in a line: its name, when it runs by itself, what it does. */
export function taskList(): string[] {
  const longest = Math.max(...TASK_NAMES.map((name) => name.length));
  return TASK_NAMES.map((name) => {
    const rhythm = rhythmText(FLEET_SCHEDULE[name]).padEnd(RHYTHM_WIDTH);
    return `${name.padEnd(longest)}  ${rhythm}  ${taskKind(name).does}`;
  });
}

const RHYTHM_WIDTH = 'when asked'.length;

const UNITS = [
  [DAY_MS, 'd'],
  [HOUR_MS, 'h'],
  [MINUTE_MS, 'min'],
  [SECOND_MS, 's'],
] as const;

function rhythmText(rhythm: Rhythm | undefined): string {
  if (rhythm === undefined) {
    return 'when asked';
  }
  const { everyMs } = rhythm;
  const [unitMs, unit] = UNITS.find(([ms]) => everyMs % ms === 0) ?? [1, 'ms'];
  return `each ${everyMs / unitMs} ${unit}`;
}
