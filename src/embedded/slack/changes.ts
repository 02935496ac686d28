/** What can change under somebody's eyes. `user`: only this person sees it. */
type Change = {
  kind: 'message' | 'views' | 'home' | 'connection' | 'notice';
  channel?: string;
  user?: string;
  /** Of a notice: what Slack would say. */
  text?: string;
};

export type Changes = {
  tell(change: Change): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (change: Change) => void): () => void;
};

export function createChanges(): Changes {
  const listeners = new Set<(change: Change) => void>();
  return {
    tell(change) {
      for (const listener of listeners) {
        listener(change);
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * Resolves with the first thing that `look` finds, now or after a change.
 * Rejects after `timeoutMs` with what `describe` says there is instead.
 */
export async function waitFor<T>(
  changes: Changes,
  look: () => T | undefined,
  timeoutMs: number,
  describe: () => string,
): Promise<T> {
  const found = look();
  if (found !== undefined) {
    return found;
  }
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      unsubscribe();
      settle();
    };
    const timer = setTimeout(() => {
      finish(() => reject(new Error(`Waited ${timeoutMs} ms in the workspace: ${describe()}`)));
    }, timeoutMs);
    const unsubscribe = changes.subscribe(() => {
      try {
        const later = look();
        if (later !== undefined) {
          finish(() => resolve(later));
        }
      } catch (thrown) {
        finish(() => reject(thrown instanceof Error ? thrown : new Error(String(thrown))));
      }
    });
  });
}
