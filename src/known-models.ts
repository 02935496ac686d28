// What the configuration file and the catalogues know of models, for those who are told of them.

import type { ModelConfig } from './config/models.ts';
import type { KnownModels } from './core/models/model-facts.ts';
import { catalogNameText } from './pricing-catalog/price-of.ts';
import { upstreamFactsOf } from './pricing-catalog/upstream-facts.ts';

export function createKnownModels(
  models: readonly ModelConfig[],
  maxOutputTokens: number,
): KnownModels {
  const byAlias = new Map(models.map((model) => [model.alias, model]));
  return {
    maxOutputTokens,
    priceName: catalogNameText,
    ofUpstream: upstreamFactsOf,
    ofFile(alias) {
      const model = byAlias.get(alias);
      return (
        model && {
          maxInputTokens: model.maxInputTokens,
          maxOutputTokens: model.maxOutputTokens,
          told: model.told,
          // Field by field: what else a deployment holds is secret.
          deployments: model.deployments.map(
            ({ provider, upstreamModel, baseUrl, price, catalogName }) => ({
              provider,
              model: upstreamModel,
              apiBase: baseUrl,
              price,
              priceName: catalogName && catalogNameText(catalogName),
            }),
          ),
        }
      );
    },
  };
}
