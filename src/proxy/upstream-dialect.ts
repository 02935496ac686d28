import type { UsageTokens } from '../core/pricing/price.ts';

/** What differs, from dialect to dialect, in what comes back from an upstream. */
export interface UpstreamDialect {
  readonly stream: StreamDialect;
  /** Whether this is what a model answered, and not an error that calls itself a success. */
  readonly isAnswer: (body: Buffer) => boolean;
  /** The provider's own numbers from a whole plain answer. */
  readonly usageOf: (answer: Buffer) => UsageTokens | undefined;
  readonly texts: TextsOf;
}

export interface StreamDialect {
  /** An event without any of these needs no look inside. */
  readonly marks: readonly Buffer[];
  /** Notes what an event tells; answers whether it is to be passed on. */
  look(event: Buffer, reading: StreamReading): boolean;
}

/** What is known of a stream so far. */
export interface StreamReading {
  readonly hideUsage: boolean;
  /** The event that ends the answer. */
  heldBack: Buffer | undefined;
  /** What its dialect notes on the way. */
  notes: unknown;
  /** What was told of the prompt before there was an answer. */
  begun: UsageTokens | undefined;
  usage: UsageTokens | undefined;
  /** Whether the provider said that the answer is whole. */
  finished: boolean;
  /** Whether it told an error. */
  erred: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** Where the words stand that count, for where we have to count them. */
export interface TextsOf {
  readonly prompt: (request: Json) => unknown;
  /** Of a whole answer, or of one event of a stream. */
  readonly answer: (told: Json) => unknown;
}
