import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** What takes longest, longest first; the others in any order after them. */
const LONGEST = [
  'test/model/gate.test.ts',
  'test/journeys/crash-proxy.test.ts',
  'test/bot/every-item.test.ts',
  'test/bot/races.test.ts',
  'test/bot/slow-and-away.test.ts',
  'test/embedded/supervisor.test.ts',
  'test/journeys/crash-redis.test.ts',
  'test/journeys/crashes.test.ts',
  'test/journeys/crash-worker.test.ts',
  'test/worker/fleet.test.ts',
  'test/worker/credit-tasks.test.ts',
  'test/worker/team-tasks.test.ts',
  'test/worker/upkeep-tasks.test.ts',
  'test/journeys/crash-postgres.test.ts',
  'test/api/property.test.ts',
  'test/api/bad-values.test.ts',
];

/** Begins with the longest files, so that at the end no core waits for one of them alone. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = LONGEST.findIndex((file) => moduleId.endsWith(file));
      return place === -1 ? LONGEST.length : place;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
