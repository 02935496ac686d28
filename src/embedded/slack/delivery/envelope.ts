/** What travels from the workspace to the app, whichever way. */

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api';

export type Envelope = {
  envelope_id: string;
  type: EnvelopeType;
  payload: Record<string, unknown>;
  /** Whether what the app answers is read: for commands, submissions and typeahead. */
  accepts_response_payload: boolean;
  retry_attempt?: number;
  retry_reason?: string;
};

/**
 * What became of it. `late`: no acknowledgement within 3 s; one that comes later changes nothing.
 * `unreachable`: nobody is connected, or the app answered with an error status.
 */
export type Receipt =
  | { outcome: 'acknowledged'; body: unknown; tookMs: number }
  | { outcome: 'late'; tookMs: number }
  | { outcome: 'unreachable'; detail: string };
