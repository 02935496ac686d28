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
}

/** On top of the form in which a button was pressed (`onTop`), or on its own. */
export function createScreen(client: WebClient, triggerId: string, onTop = false): Screen {
  let viewId: string | undefined;
  const open = onTop ? client.views.push.bind(client.views) : client.views.open.bind(client.views);
  return {
    async show(view) {
      try {
        if (viewId !== undefined) {
          await client.views.update({ view_id: viewId, view });
        } else {
          const opened = await open({ trigger_id: triggerId, view });
          viewId = opened.view?.id;
        }
        return 'shown';
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

function outcomeOf(error: unknown): Shown {
  switch (error instanceof WebAPIPlatformError ? error.data.error : undefined) {
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
