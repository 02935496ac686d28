/** How often somebody tried a passphrase at a reveal link: one count for all replicas. */
export interface RevealGuesses {
  /** How many there were. Throws GateUnavailable. */
  count(linkId: string): Promise<number>;
  /** Notes one more before it is looked at, and answers how many that makes. Throws GateUnavailable. */
  take(linkId: string): Promise<number>;
}
