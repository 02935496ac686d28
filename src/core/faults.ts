/** A broken promise: thrown, never returned. Its message says what was tried, what is, and the cure. */
export class Fault extends Error {
  override name = 'Fault';
}

/** Redis cannot answer. Doors turn it into 503: closed, never free. */
export class GateUnavailable extends Fault {
  override name = 'GateUnavailable';
}

/** Postgres cannot answer. Doors turn it into 503: nothing was changed. */
export class RecordsUnavailable extends Fault {
  override name = 'RecordsUnavailable';
}

/**
 * A change stands in the records, but the gate could not be told, so that calls may still pass by what was
 * before. It holds as soon as the gate can be reached; nobody has to do it again.
 */
export class NotYetInForce extends Fault {
  override name = 'NotYetInForce';
}
