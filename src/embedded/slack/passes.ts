import { secret } from './ids.ts';
import {
  RESPONSE_URL_LIFETIME_MS,
  RESPONSE_URL_USES_MAX,
  SOCKET_TICKET_LIFETIME_MS,
  TRIGGER_LIFETIME_MS,
} from './limits.ts';

/**
 * What the workspace hands out to be shown again: triggers (3 s, once), response addresses
 * (30 min, five uses), connection tickets (30 s, once).
 *
 * States of a trigger: fresh → exchanged; fresh → expired. A trigger that is exchanged late is
 * expired, one that is shown twice is exchanged, as Slack says it.
 */
type Trigger = { userId: string; issuedAtMs: number; used: boolean };

export type ResponsePass = {
  channel: string;
  userId: string;
  issuedAtMs: number;
  uses: number;
  /** The message whose button was clicked; a command has none. */
  messageTs?: string;
};

type TriggerError = 'invalid_trigger_id' | 'exchanged_trigger_id' | 'expired_trigger_id';

export type Passes = {
  issueTrigger(userId: string): string;
  exchangeTrigger(id: string): { ok: true; trigger: Trigger } | { ok: false; error: TriggerError };
  issueResponsePass(pass: Omit<ResponsePass, 'issuedAtMs' | 'uses'>): string;
  useResponsePass(
    id: string,
  ): { ok: true; pass: ResponsePass } | { ok: false; error: 'expired_url' | 'used_url' };
  /** Looks at one without using it up: what is answered at once is not counted. */
  peekResponsePass(id: string): ResponsePass | undefined;
  issueSocketTicket(): string;
  useSocketTicket(id: string): boolean;
};

export function createPasses(now: () => number): Passes {
  const triggers = new Map<string, Trigger>();
  const responses = new Map<string, ResponsePass>();
  const tickets = new Map<string, number>();

  // A day's worth of stale passes would be small, a month's would not.
  function forgetOld(): void {
    const oldest = now() - RESPONSE_URL_LIFETIME_MS;
    for (const passes of [triggers, responses]) {
      for (const [id, pass] of passes) {
        if (pass.issuedAtMs < oldest) {
          passes.delete(id);
        }
      }
    }
  }

  return {
    issueTrigger(userId) {
      forgetOld();
      const id = `${now()}.${secret()}`;
      triggers.set(id, { userId, issuedAtMs: now(), used: false });
      return id;
    },
    exchangeTrigger(id) {
      const trigger = triggers.get(id);
      if (!trigger) {
        return { ok: false, error: 'invalid_trigger_id' };
      }
      if (trigger.used) {
        return { ok: false, error: 'exchanged_trigger_id' };
      }
      if (now() - trigger.issuedAtMs > TRIGGER_LIFETIME_MS) {
        return { ok: false, error: 'expired_trigger_id' };
      }
      trigger.used = true;
      return { ok: true, trigger };
    },
    issueResponsePass(pass) {
      const id = secret();
      responses.set(id, { ...pass, issuedAtMs: now(), uses: 0 });
      return id;
    },
    useResponsePass(id) {
      const pass = responses.get(id);
      if (!pass || now() - pass.issuedAtMs > RESPONSE_URL_LIFETIME_MS) {
        return { ok: false, error: 'expired_url' };
      }
      if (pass.uses >= RESPONSE_URL_USES_MAX) {
        return { ok: false, error: 'used_url' };
      }
      pass.uses += 1;
      return { ok: true, pass };
    },
    peekResponsePass: (id) => responses.get(id),
    issueSocketTicket() {
      const id = secret();
      tickets.set(id, now());
      return id;
    },
    useSocketTicket(id) {
      const issuedAtMs = tickets.get(id);
      tickets.delete(id);
      return issuedAtMs !== undefined && now() - issuedAtMs <= SOCKET_TICKET_LIFETIME_MS;
    },
  };
}
