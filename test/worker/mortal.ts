// A process that dies: from one of its steps on, nothing of what it does happens. A step is a call of the
// records or of Postgres (also inside of a change or a transaction, which is then undone), or of the gate.

class Died extends Error {
  override name = 'Died';
}

type Call = (...given: unknown[]) => unknown;

/** What is done inside of these is undone with them. */
const CHANGES: ReadonlySet<string | symbol> = new Set(['change', '$transaction']);

/** These begin what is sent later: they answer no promise. */
const BEGINNINGS: ReadonlySet<string | symbol> = new Set(['multi', 'pipeline']);

/** Wraps stores so that the step of this number and all after it fail. */
export function mortal(atStep: number) {
  let steps = 0;
  const isLast = (): boolean => {
    steps += 1;
    return steps >= atStep;
  };
  const wrap = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value === 'object' && value !== null) {
          return wrap(value);
        }
        if (typeof value !== 'function') {
          return value;
        }
        return (...given: unknown[]): unknown => {
          if (isLast()) {
            const died = new Died(`died at step ${atStep}`);
            if (BEGINNINGS.has(name)) {
              throw died;
            }
            // As the real ones fail: never before they have answered with a promise.
            return Promise.reject(died);
          }
          const [work, ...others] = given;
          const inside: unknown[] =
            CHANGES.has(name) && typeof work === 'function'
              ? [async (within: object) => (work as Call)(wrap(within)), ...others]
              : given;
          return (value as Call).apply(target, inside);
        };
      },
    });
  return { wrap, isDead: () => steps >= atStep };
}
