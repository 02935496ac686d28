import { describe, expect, it } from 'vitest';
import type { FileConfig } from '../src/config/file.ts';
import { readConfigText } from '../src/config/file.ts';
import type { ConfigProblem } from '../src/config/problems.ts';
import { ConfigError } from '../src/config/problems.ts';

const env = { DEMO_PROVIDER_URL: 'http://127.0.0.1:4002/v1', DEMO_PROVIDER_KEY: 'sk-provider' };

function load(yaml: string): FileConfig {
  const result = readConfigText('quartermaster.yaml', yaml, env);
  if ('problems' in result) {
    throw new ConfigError(result.problems);
  }
  return result.config;
}

function problemsOf(yaml: string): readonly ConfigProblem[] {
  const result = readConfigText('quartermaster.yaml', yaml, env);
  return 'problems' in result ? result.problems : [];
}

function model(lines: string): string {
  return `models:\n  gpt-4o:\n    deployments:\n      - ${lines}\n`;
}

const GOOD = model('{ base_url: "http://localhost/v1", api_key: os.environ/DEMO_PROVIDER_KEY }');

describe("LiteLLM's file", () => {
  const litellm = `
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
      api_base: http://one/v1
      api_key: os.environ/DEMO_PROVIDER_KEY
      rpm: 100
    model_info: { id: east, access_groups: [gpt-models] }
  - model_name: gpt-4o
    litellm_params: { model: openai/gpt-4o, input_cost_per_token: 3e-6, output_cost_per_token: 0.00002 }
litellm_settings: { drop_params: true }
general_settings: { master_key: sk-very-secret-master }
`;

  it('is read, entries of one name as deployments of one alias', () => {
    const { models, accessGroups } = load(litellm);
    expect(models).toHaveLength(1);
    expect(models[0]?.deployments).toMatchObject([
      { id: 'east', baseUrl: 'http://one/v1', upstreamModel: 'gpt-4o' },
      { id: 'gpt-4o-2', baseUrl: 'https://api.openai.com/v1', upstreamModel: 'gpt-4o' },
    ]);
    expect(models[0]?.price).toMatchObject({
      inputPicoUsdPerToken: 3_000_000n,
      outputPicoUsdPerToken: 20_000_000n,
    });
    expect(accessGroups).toEqual([
      { name: 'gpt-models', displayName: 'gpt-models', aliases: ['gpt-4o'] },
    ]);
  });

  it('warns by name of what has no effect', () => {
    const warnings = load(litellm).warnings.join('\n');
    expect(warnings).toContain('"litellm_settings"');
    expect(warnings).toContain('"general_settings"');
    expect(warnings).toContain('litellm_params not used: rpm');
    expect(warnings).not.toContain('very-secret');
  });

  it.each([
    ['', 'https://api.anthropic.com/v1'],
    [', api_base: "https://proxy.example"', 'https://proxy.example/v1'],
    [', api_base: "https://proxy.example/a/v1/"', 'https://proxy.example/a/v1'],
    [', api_base: "https://proxy.example/v1/messages"', 'https://proxy.example/v1'],
  ])("speaks to Anthropic's models in Anthropic's dialect (%#)", (more, baseUrl) => {
    const { models } = load(`
model_list:
  - { model_name: sonnet, litellm_params: { model: anthropic/claude-sonnet-4-5${more} } }
`);
    expect(models[0]).toMatchObject({
      dialects: ['anthropic'],
      deployments: [{ baseUrl, upstreamModel: 'claude-sonnet-4-5', dialect: 'anthropic' }],
      price: { longCacheWritePicoUsdPerToken: 6_000_000n },
    });
  });

  it('asks for an address where the provider has a dialect of its own', () => {
    const yaml = `
model_list:
  - model_name: titan
    litellm_params: { model: bedrock/amazon.titan }
`;
    expect(problemsOf(yaml)).toMatchObject([
      {
        line: 4,
        path: 'model_list[0].litellm_params.model',
        message: expect.stringContaining('api_base'),
      },
    ]);
  });
});

describe('a deployment', () => {
  it('speaks the OpenAI dialect unless it says otherwise', () => {
    const { models } = load(`${GOOD}      - { base_url: "http://h/v1", dialect: anthropic }\n`);
    expect(models[0]).toMatchObject({
      dialects: ['openai', 'anthropic'],
      byDialect: { openai: [{ id: 'gpt-4o-1' }], anthropic: [{ id: 'gpt-4o-2' }] },
    });
    expect(problemsOf(model('{ base_url: "http://h/v1", dialect: latin }'))).toMatchObject([
      { message: expect.stringContaining('openai, anthropic') },
    ]);
  });

  it('may have a price of its own for what is kept in the cache for an hour', () => {
    const price = 'price: { input: 3, output: 15, cache_write: 3.75, cache_write_1h: 6 }';
    const { models } = load(model(`{ base_url: "http://h/v1", ${price} }`));
    expect(models[0]?.price).toMatchObject({ longCacheWritePicoUsdPerToken: 6_000_000n });
  });
});

describe('mistakes in the file', () => {
  it('are all named at once, with line, place and cure', () => {
    const yaml = `
modles: {}
models:
  gpt-4o:
    max_output_tokens: many
    deployments:
      - base_url: http://localhost/v1
        api_kye: sk-secret-in-the-wrong-place
access_groups:
  gpt-models: { models: gpt-4o }
slack:
  roles: { managers: [maya] }
`;
    const problems = problemsOf(yaml).toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
    expect(problems).toMatchObject([
      { line: 2, path: 'modles', message: '"modles" is not known, did you mean "models"?' },
      { line: 5, path: 'models.gpt-4o.max_output_tokens', message: expect.any(String) },
      {
        line: 8,
        path: 'models.gpt-4o.deployments[0].api_kye',
        message: '"api_kye" is not known, did you mean "api_key"?',
      },
      { line: 10, path: 'access_groups.gpt-models.models', message: 'must be a list, not a text' },
      { line: 12, path: 'slack.roles.managers[0]', message: expect.stringContaining('Slack') },
    ]);
  });

  it('in one section hide none in another, and none that they caused is added', () => {
    const yaml = `
models:
  gpt-4o:
    max_output_tokens: many
    deployments:
      - { base_url: ftp://elsewhere }
      - { id: twin, base_url: "http://h/v1", model: home-made }
  gpt-4:
    price: { input: dear, output: 1 }
    deployments: [{ base_url: "http://h/v1", model: home-made, id: twin }]
model_list:
  - { model_name: 7, litellm_params: { model: openai/gpt-4o } }
  - { model_name: titan, litellm_params: { model: bedrock/amazon.titan } }
access_groups:
  gpt-models: { display_name: 7, models: [gpt-4o, gtp-4, gpt-4, titan] }
limits: { mark_every_ms: 9000, body_max_bytes: 16777216 }
slack:
  roles: { managers: [os.environ/NOT_SET_HERE] }
`;
    expect(problemsOf(yaml).map(({ line, path }) => [line, path])).toEqual([
      [3, 'models.gpt-4o'],
      [4, 'models.gpt-4o.max_output_tokens'],
      [6, 'models.gpt-4o.deployments[0].base_url'],
      [8, 'models.gpt-4'],
      [9, 'models.gpt-4.price.input'],
      [12, 'model_list[0].model_name'],
      [13, 'model_list[1].litellm_params.model'],
      [15, 'access_groups.gpt-models.display_name'],
      [15, 'access_groups.gpt-models.models[1]'],
      [16, 'limits.mark_every_ms'],
      [18, 'slack.roles.managers[0]'],
    ]);
    const said = problemsOf(yaml).map(({ message }) => message);
    expect(said[0]).toContain('no price is known for gpt-4o');
    expect(said[3]).toContain('two deployments have the id twin');
    expect(said[10]).toContain('NOT_SET_HERE is not set');
  });

  it('hold an alias that does not exist, with the one that was meant', () => {
    const yaml = `${GOOD}access_groups:\n  gpt-models: { models: [gpt-4o, gpt4o] }\n`;
    expect(problemsOf(yaml)).toEqual([
      {
        file: 'quartermaster.yaml',
        line: 6,
        path: 'access_groups.gpt-models.models[1]',
        message: 'there is no model gpt4o, did you mean "gpt-4o"?',
      },
    ]);
  });

  it('hold a variable that is not set, and nothing else about it', () => {
    const problems = problemsOf(
      model('{ base_url: os.environ/MISSING_URL, api_key: os.environ/DEMO_PROVIDER_KYE }'),
    );
    expect(problems).toMatchObject([
      { line: 4, message: expect.stringContaining('MISSING_URL is not set') },
      { line: 4, message: expect.stringContaining('did you mean "DEMO_PROVIDER_KEY"?') },
    ]);
  });

  it('hold a variable that is not set once, however often it is asked for', () => {
    const url = 'base_url: os.environ/MISSING_URL';
    const problems = problemsOf(model(`{ id: a, ${url} }\n      - { id: b, ${url} }`));
    expect(problems).toMatchObject([{ message: expect.stringContaining('needed at 2 places') }]);
  });

  it('hold a key that stands twice', () => {
    expect(problemsOf(`${GOOD}alerts: {}\nalerts: {}\n`)).toMatchObject([
      { line: 6, message: expect.stringContaining('the key alerts stands twice') },
    ]);
  });

  it('hold aliases that lead nowhere, to themselves, or multiply', () => {
    const doubled = Array.from({ length: 12 }, (_, level) =>
      level === 0 ? 'x-0: &a0 [x, x]' : `x-${level}: &a${level} [*a${level - 1}, *a${level - 1}]`,
    ).join('\n');
    expect(problemsOf('x-a: *nowhere')).toMatchObject([{ line: 1 }]);
    expect(problemsOf('x-a: &a\n  b: [*a]')).toMatchObject([{ line: 2 }]);
    expect(problemsOf(doubled)).toMatchObject([{ message: expect.stringContaining('multiply') }]);
  });

  it('hold no models at all', () => {
    expect(problemsOf('')).toMatchObject([{ message: expect.stringContaining('no models') }]);
  });

  it('hold marks that come too rarely for the deadline', () => {
    expect(problemsOf(`${GOOD}limits: { mark_every_ms: 9000 }\n`)).toMatchObject([
      { line: 5, path: 'limits.mark_every_ms', message: expect.stringContaining('at most 7500') },
    ]);
  });

  it('hold two deployments of one id', () => {
    const same = '{ id: one, base_url: "http://h/v1" }';
    expect(problemsOf(`${model(same)}      - ${same}\n`)).toMatchObject([
      { message: expect.stringContaining('two deployments have the id one') },
    ]);
  });

  it.each([
    model('{ base_url: 7, api_key: [sk-hidden-value] }'),
    model('{ base_url: sk-hidden-value }'),
    model('{ base_url: "http://h/v1", api_key: "sk-hidden-value'),
    model('{ base_url: "http://h/v1", provider: sk-hidden-value }'),
    'models: sk-hidden-value',
    'sk-hidden-value',
    '- sk-hidden-value: [',
    'api_key: "a" sk-hidden-value',
    '%sk-hidden-value\n---\n',
    'api_key: *sk-hidden-value',
    'api_key: !sk-hidden-value x',
  ])('never repeat a value (%#)', (yaml) => {
    const problems = problemsOf(yaml);
    expect(problems.length).toBeGreaterThan(0);
    expect(new ConfigError(problems).message).not.toContain('hidden');
  });
});
