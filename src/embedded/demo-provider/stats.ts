/** What the provider has seen since its start or the last reset; tests compare it with what was charged. */
export interface ProviderStats {
  calls: number;
  /** Answered in full. */
  answered: number;
  /** The client left before the end. */
  aborted: number;
  /** Refused or broken on purpose. */
  faulted: number;
  /** Waiting or streaming right now. */
  open: number;
  /** Usage of the calls answered in full. */
  promptTokens: number;
  completionTokens: number;
  callsByModel: Record<string, number>;
}

export function emptyStats(): ProviderStats {
  return {
    calls: 0,
    answered: 0,
    aborted: 0,
    faulted: 0,
    open: 0,
    promptTokens: 0,
    completionTokens: 0,
    callsByModel: {},
  };
}
