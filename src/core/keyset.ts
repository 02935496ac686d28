// Pages that stay right while rows change: each goes on behind a row, by the value that the row had when it was told.

/** The row that a page goes on behind. */
export interface Behind<Value = string | Date | null> {
  /** What rows are in the order of, as it was told. */
  readonly value: Value;
  /** What orders rows of one value. */
  readonly id: string;
}

/** One page of rows in the order of a field, rows of one value by their ids. Rows without a value come last. */
export interface Page<Field extends string> {
  readonly sort: Field;
  readonly descending: boolean;
  readonly after?: Behind | undefined;
  readonly limit: number;
}
