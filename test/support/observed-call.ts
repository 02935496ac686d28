// A call as its client sees it, while it goes on.

/** How a call ended for its client. */
export interface CallSeen {
  readonly stream: boolean;
  /** What the call is named in the records; undefined where the client was not told. */
  readonly id: string | undefined;
  /** Undefined where no answer began. */
  readonly status: number | undefined;
  /** Whether the whole answer came. */
  readonly delivered: boolean;
  readonly text: string;
}

export interface ObservedCall {
  /** Of the answer, so far. */
  readonly bytes: () => number;
  readonly stream: boolean;
  /** Never throws: a call that breaks off was not delivered. */
  readonly ended: Promise<CallSeen>;
}

/** A client that waits for longer has been forgotten by its test. */
const TIMEOUT_MS = 30_000;

/** Calls a chat model. */
export function observeCall(
  url: string,
  secretKey: string,
  body: { readonly stream: boolean } & Readonly<Record<string, unknown>>,
): ObservedCall {
  let text = '';
  const run = async (): Promise<CallSeen> => {
    const seen = { stream: body.stream, id: undefined as string | undefined };
    let status: number | undefined;
    try {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secretKey}` },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      status = response.status;
      seen.id = response.headers.get('x-quartermaster-call') ?? undefined;
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk as Uint8Array).toString('utf8');
      }
      const whole = body.stream ? text.includes('data: [DONE]') : text.endsWith('}');
      return { ...seen, status, text, delivered: status === 200 && whole };
    } catch {
      return { ...seen, status, text, delivered: false };
    }
  };
  return { stream: body.stream, bytes: () => text.length, ended: run() };
}
