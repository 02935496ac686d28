// A person's form. Slack allows to open one within 3 s of what they did, once; after that it can only be
// changed. States: none → open. A request that is delivered twice finds its permission used.

import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { WebAPIPlatformError } from '@slack/web-api';

/** `repeated`: another delivery of the same request shows it. `late`: the 3 s are over. */
export type Shown = 'shown' | 'repeated' | 'late';

export interface Screen {
  /** Opens a form; if this screen shows one already, puts the new one in its place. */
  show(view: ModalView): Promise<Shown>;
  /** Whether a form of this screen is open, as far as is known. */
  isOpen(): boolean;
}

/** A screen on its own, or on top of the form in which a button was pressed. */
export function createScreen(client: WebClient, triggerId: string, onTopOf?: string): Screen {
  let viewId: string | undefined;

  async function open(view: ModalView): Promise<void> {
    const given = { trigger_id: triggerId, view };
    const opened =
      onTopOf === undefined ? await client.views.open(given) : await client.views.push(given);
    viewId = opened.view?.id;
  }

  async function openOrReplace(view: ModalView): Promise<void> {
    try {
      await open(view);
    } catch (error) {
      // Slack piles up three forms at most: then the one below gives way.
      if (codeOf(error) !== 'push_limit_reached' || onTopOf === undefined) {
        throw error;
      }
      await client.views.update({ view_id: onTopOf, view });
      viewId = onTopOf;
    }
  }

  return {
    isOpen: () => viewId !== undefined,
    async show(view) {
      try {
        await (viewId === undefined
          ? openOrReplace(view)
          : client.views.update({ view_id: viewId, view }));
        return 'shown';
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}

function outcomeOf(error: unknown): Shown {
  switch (codeOf(error)) {
    case 'exchanged_trigger_id':
      return 'repeated';
    case 'expired_trigger_id':
    case 'trigger_expired':
      return 'late';
    // The person closed it in the meantime, and needs no other.
    case 'not_found':
    case 'view_not_found':
      return 'shown';
    default:
      throw error;
  }
}
