/** How the Web API is to fail, for as long or as often as was asked. */
export type Outage = {
  /** `silent`: no answer ever comes. */
  status: 429 | 500 | 503 | 'silent';
  /** Sent as `Retry-After`; 1 s if not given. */
  retryAfterSeconds?: number;
  /** Only these methods fail (`response_url`: the addresses to answer to); all, if not given. */
  methods?: readonly string[];
  /** So many calls fail, then the outage is over; until `end`, if not given. */
  count?: number;
  /** The call takes effect all the same: only its answer is lost. */
  losesAnswer?: boolean;
};

export type Outages = {
  begin(outage: Outage): () => void;
  endAll(): void;
  /** The outage that this call meets, if any; counts it. */
  meet(method: string): Outage | undefined;
};

export function createOutages(): Outages {
  const open = new Set<Outage & { left: number }>();
  return {
    begin(outage) {
      const entry = { ...outage, left: outage.count ?? Number.POSITIVE_INFINITY };
      open.add(entry);
      return () => open.delete(entry);
    },
    endAll() {
      open.clear();
    },
    meet(method) {
      const outage = [...open].find((one) => one.methods?.includes(method) ?? true);
      if (outage) {
        outage.left -= 1;
        if (outage.left <= 0) {
          open.delete(outage);
        }
      }
      return outage;
    },
  };
}
