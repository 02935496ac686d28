// A process that dies: from one of its steps on, nothing of what it does happens. A step is a call of the
// records (also inside of a change, which is then undone) or of the gate.

class Died extends Error {
  override name = 'Died';
}

type Call = (...given: unknown[]) => unknown;

/** Wraps stores so that the step of this number and all after it fail. */
export function mortal(atStep: number) {
  let steps = 0;
  const step = (): void => {
    steps += 1;
    if (steps >= atStep) {
      throw new Died(`died at step ${atStep}`);
    }
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
        return async (...given: unknown[]) => {
          step();
          const work = given[0];
          const inside: unknown[] =
            name === 'change' ? [async (records: object) => (work as Call)(wrap(records))] : given;
          return (value as Call).apply(target, inside);
        };
      },
    });
  return { wrap, isDead: () => steps >= atStep };
}
