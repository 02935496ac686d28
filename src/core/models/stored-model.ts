// Models and access groups that people make at the management door. Those of the configuration file stand beside
// them in rows of their own: what the file says anew at each start never touches what was made here.

export const MODEL_STATUSES = ['active', 'inactive', 'deprecated'] as const;
/** A deprecated model is served as before; an inactive one is not. */
export type ModelStatus = (typeof MODEL_STATUSES)[number];

/** A name that clients ask for, and the one upstream that serves it. */
export interface StoredModel {
  readonly alias: string;
  readonly displayName: string;
  /** Whose credential is used, and where it answers unless `apiBase` says otherwise. */
  readonly provider: string;
  readonly upstreamModel: string;
  readonly description: string | null;
  /** Undefined where the price catalogue's holds. */
  readonly price: StoredPrice | null;
  readonly status: ModelStatus;
  /** Only a credential of this name is used; null for any of the provider. */
  readonly credentialName: string | null;
  readonly apiBase: string | null;
  /** A key of its own, used for everybody; opened for its place, `model:<alias>`, alone. */
  readonly sealedKey: Uint8Array<ArrayBuffer> | null;
  readonly maxOutputTokens: number | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface StoredPrice {
  readonly inputPicoUsdPerToken: bigint;
  readonly outputPicoUsdPerToken: bigint;
}

/** A named set of aliases; where the file has one of this name, what is added to that. */
export interface StoredGroup {
  readonly name: string;
  readonly displayName: string;
  readonly description: string | null;
  /** An inactive group grants nothing. */
  readonly active: boolean;
  readonly aliases: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Where the key of a model is sealed to. */
export function placeOfModelKey(alias: string): string {
  return `model:${alias}`;
}
