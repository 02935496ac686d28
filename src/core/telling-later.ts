import { tell } from './change.ts';
import type { Gate, News, ProjectionSubject } from './gateway/gate.ts';
import type { Stores } from './stores.ts';

export interface TellingLater {
  /** The gate for operations inside of a change: told before the commit, it would read the state of before. */
  readonly gate: Gate;
  /** To be called when the change begins anew. */
  forget(): void;
  /** Tells all of it, each subject once. Throws NotYetInForce as tellGate does. */
  tell(): Promise<void>;
}

/** Collects what a change has to tell the gate until it is committed. */
export function tellingLater({ gate }: Pick<Stores, 'gate'>): TellingLater {
  const all = new Map<string, { readonly subject: ProjectionSubject; readonly news: News }>();
  return {
    gate: {
      ...gate,
      project: async (subject, news = 'changed') => {
        const name = JSON.stringify(subject);
        // The gate knows nothing wrong of what this very change made, whatever is changed of it after.
        const before = all.get(name)?.news;
        if (before === undefined || (before === 'more' && news === 'changed')) {
          all.set(name, { subject, news });
        }
      },
    },
    forget: () => all.clear(),
    async tell() {
      for (const news of ['new', 'more', 'changed'] as const) {
        const of = [...all.values()].filter((each) => each.news === news);
        await tell(
          { gate },
          of.map(({ subject }) => subject),
          news,
        );
      }
    },
  };
}
