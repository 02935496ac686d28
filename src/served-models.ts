// What the proxies serve: the models of the file, and those that people made, with the credentials of whoever calls.

import type { ModelConfig } from './config/models.ts';
import { Secret } from './config/secret.ts';
import type { Credential } from './core/credentials/credential.ts';
import { placeOfCredential } from './core/credentials/credential.ts';
import { DIALECTS } from './core/models/dialect.ts';
import { isWithin } from './core/models/organization-bounds.ts';
import { dialectOfProvider, PROVIDER_ADDRESSES } from './core/models/provider.ts';
import { placeOfModelKey } from './core/models/stored-model.ts';
import type { StoredModel } from './core/models/stored-model.ts';
import { HOUSE_ORGANIZATION } from './core/organizations/organization.ts';
import type { Stores } from './core/stores.ts';
import type { ModelPrice } from './core/pricing/price.ts';
import { catalogEntryOf, catalogNameText } from './pricing-catalog/price-of.ts';
import type { ModelRoutes, RoutedModel } from './proxy/parts.ts';
import type { Deployment } from './proxy/upstream.ts';

export interface ServedModels extends ModelRoutes {
  /** Loads what people made; answers the version of the catalog that it found. */
  load(): Promise<bigint>;
}

/** A model that people made: with which key it is called goes by the organization of the caller. */
interface MadeModel {
  readonly of: (organizationId: string) => RoutedModel;
}

export function createServedModels(
  stores: Pick<Stores, 'records' | 'sealer'>,
  ofFile: ReadonlyMap<string, ModelConfig>,
  defaults: {
    readonly maxOutputTokens: number;
    readonly onComplaint: (complaint: string) => void;
  },
): ServedModels {
  let made: ReadonlyMap<string, MadeModel> = new Map();
  let confined: ReadonlyMap<string, (alias: string) => boolean> = new Map();
  return {
    get(alias, organizationId) {
      const model = ofFile.get(alias) ?? made.get(alias)?.of(organizationId);
      const isAllowed = confined.size === 0 ? undefined : confined.get(organizationId);
      return model === undefined || isAllowed === undefined || isAllowed(alias)
        ? model
        : { ...model, dialects: [], isWithheld: true };
    },
    keys: () => [...ofFile.keys(), ...made.keys()],
    async load() {
      const { catalog, credentials, prices } = stores.records;
      // The version first: what is newer than it is loaded once more, what is older never passes for it.
      const version = await catalog.version();
      const [models, all, kept, organizations, groups] = await Promise.all([
        catalog.models(),
        credentials.list({ activeOnly: true }),
        prices.list(),
        catalog.confined(),
        stores.records.accessGroups.list(),
      ]);
      confined = new Map(
        organizations.map((each) => [each.organizationId, isWithin(each.models, groups)]),
      );
      const parts = {
        sealer: stores.sealer,
        credentials: all,
        standing: new Map(kept.map(({ name, price }) => [name, price])),
        ...defaults,
      };
      made = new Map(
        models
          .filter(({ status }) => status !== 'inactive')
          .flatMap((model) => {
            try {
              return [[model.alias, madeModel(parts, model)]];
            } catch (error) {
              defaults.onComplaint(
                `Model ${model.alias} is not served: ${(error as Error).message}`,
              );
              return [];
            }
          }),
      );
      return version;
    },
  };
}

interface Parts extends Pick<Stores, 'sealer'> {
  /** All that are active. */
  readonly credentials: readonly Credential[];
  /** What the records hold of prices, by the catalogue's names. */
  readonly standing: ReadonlyMap<string, ModelPrice>;
  readonly maxOutputTokens: number;
  readonly onComplaint: (complaint: string) => void;
}

function madeModel(parts: Parts, model: StoredModel): MadeModel {
  const { credentials, standing, maxOutputTokens } = parts;
  const listed = { provider: model.provider, model: model.upstreamModel };
  const entry = catalogEntryOf(listed);
  const price = model.price ?? standing.get(catalogNameText(listed)) ?? entry?.price;
  if (price === undefined) {
    throw new Error(`no price is known for ${model.upstreamModel}`);
  }
  const dialect = dialectOfProvider(model.provider);
  const common = {
    alias: model.alias,
    price,
    maxInputTokens: entry?.contextWindowTokens,
    maxOutputTokens: model.maxOutputTokens ?? maxOutputTokens,
  };
  const routed = (deployments: readonly Deployment[]): RoutedModel => ({
    ...common,
    dialects: deployments.length === 0 ? [] : DIALECTS.filter((each) => each === dialect),
    byDialect: { openai: [], anthropic: [], [dialect]: deployments },
  });
  const deployment = (id: string, apiKey: string, apiBase: string | null): Deployment => ({
    id,
    baseUrl: (apiBase ?? model.apiBase ?? PROVIDER_ADDRESSES[model.provider] ?? '').replace(
      /\/+$/,
      '',
    ),
    apiKey: new Secret(apiKey),
    upstreamModel: model.upstreamModel,
    dialect,
    price,
  });
  const withKey = (apiKey: string | undefined, id: string, apiBase: string | null): RoutedModel =>
    apiKey === undefined
      ? { ...routed([]), isUnreadable: true }
      : routed([deployment(id, apiKey, apiBase)]);
  if (model.sealedKey !== null) {
    const apiKey = opened(parts, model, model.sealedKey, placeOfModelKey(model.alias));
    const only = withKey(apiKey, model.alias, null);
    return { of: () => only };
  }
  const usable = new Map(
    credentials
      .filter(({ provider }) => provider === model.provider)
      .filter(({ name }) => model.credentialName === null || name === model.credentialName)
      .map((credential) => [credential.organizationId, credential]),
  );
  const none = routed([]);
  const ready = new Map<string, RoutedModel>();
  return {
    of(organizationId) {
      const credential = usable.get(organizationId) ?? usable.get(HOUSE_ORGANIZATION);
      if (credential === undefined) {
        return none;
      }
      let one = ready.get(credential.id);
      if (one === undefined) {
        const apiKey = opened(parts, model, credential.sealed, placeOfCredential(credential.id));
        one = withKey(apiKey, `${model.alias}@${credential.organizationId}`, credential.apiBase);
        ready.set(credential.id, one);
      }
      return one;
    },
  };
}

/** Undefined where it can't be opened, which whoever calls the model is told. */
function opened(
  { sealer, onComplaint }: Parts,
  { alias }: StoredModel,
  sealed: Uint8Array,
  place: string,
): string | undefined {
  try {
    return sealer.open(sealed, place);
  } catch (error) {
    onComplaint(`Model ${alias} is not served: ${(error as Error).message}`);
    return undefined;
  }
}
