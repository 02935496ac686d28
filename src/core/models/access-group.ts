/** A named set of model aliases that a team may be given. */
export interface AccessGroup {
  readonly name: string;
  readonly displayName: string;
  readonly aliases: readonly string[];
}
