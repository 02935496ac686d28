import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import type { Role } from '../src/config/environment.ts';
import { ConfigError } from '../src/config/problems.ts';
import { Secret } from '../src/config/secret.ts';

const DEMO = join(import.meta.dirname, '..', 'quartermaster.demo.yaml');
const SEED_GROUPS = ['gpt-models', 'claude-models', 'gemini-models', 'fast-models', 'smart-models'];
const PROVIDER_KEY = 'sk-provider-0123456789';

const complete = {
  DATABASE_URL: 'postgres://user:hunter2@localhost:5432/app',
  REDIS_URL: 'redis://localhost:6379',
  QUARTERMASTER_ADMIN_KEY: 'sk-admin-0123456789abcdef',
  QUARTERMASTER_KEY_PEPPER: 'pepper-0123456789abcdef',
  DEMO_PROVIDER_URL: 'http://127.0.0.1:4002/v1/',
  DEMO_PROVIDER_KEY: PROVIDER_KEY,
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(yaml: string, env: Record<string, string> = {}, role: Role = 'api') {
  const file = join(folder, 'quartermaster.yaml');
  writeFileSync(file, yaml);
  return loadConfig({ ...complete, QUARTERMASTER_CONFIG: file, ...env }, { role });
}

function errorOf(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) {
      return error;
    }
    throw error;
  }
  throw new Error('Expected a ConfigError: nothing was thrown');
}

function model(lines: string): string {
  return `models:\n  gpt-4o:\n    deployments:\n      - ${lines}\n`;
}

const GOOD = model('{ base_url: "http://localhost/v1", api_key: os.environ/DEMO_PROVIDER_KEY }');

function demo() {
  return loadConfig({ ...complete, QUARTERMASTER_CONFIG: DEMO }, { role: ['api', 'worker'] });
}

describe('the demonstration file', () => {
  it('is accepted without a warning and prices every deployment', () => {
    const config = demo();
    expect(config.warnings).toEqual([]);
    const deployments = config.models.flatMap((each) => each.deployments);
    expect(deployments.filter((each) => each.price === undefined)).toEqual([]);
    expect(config.models.filter((each) => each.price === undefined)).toEqual([]);
  });

  it('has every access group that the documentation names', () => {
    expect(demo().accessGroups.map((group) => group.name)).toEqual(SEED_GROUPS);
  });

  it('takes the address and key of the provider from the environment', () => {
    const [first] = demo().models;
    expect(first?.deployments.map((each) => each.baseUrl)).toEqual([
      'http://127.0.0.1:4002/v1',
      'http://127.0.0.1:4002/v1',
    ]);
    expect(first?.deployments[0]?.apiKey?.reveal()).toBe(PROVIDER_KEY);
  });
});

describe('a configuration', () => {
  it('has the documented defaults', () => {
    const config = load(GOOD);
    expect(config).toMatchObject({
      gateNamespace: 'qm',
      host: '127.0.0.1',
      port: 4000,
      publicUrl: 'http://127.0.0.1:4000',
      trustedProxies: [],
      logLevel: 'info',
      slack: { mode: 'socket' },
      alerts: { lowCreditPercent: 20, budgetPercents: [80], keyExpiryDays: [7, 1] },
      limits: { bodyMaxBytes: 16_777_216, reservationDeadlineMs: 15_000, markEveryMs: 2_000 },
      jobs: { chargeFailed: false, lifeMs: 86_400_000 },
      teamDefaults: {
        budgetMode: 'job_based',
        microcreditsPerUsd: 10_000_000n,
        tokensPerCredit: 10_000n,
        markupBasisPoints: 0,
      },
    });
  });

  it('believes the proxies that it names, and no mistyped one', () => {
    const given = { QUARTERMASTER_TRUSTED_PROXIES: ' 10.0.0.0/8, 2001:db8::1 ,' };
    expect(load(GOOD, given).trustedProxies).toEqual(['10.0.0.0/8', '2001:db8::1']);
    const wrong = { QUARTERMASTER_TRUSTED_PROXIES: '10.0.0.0/8,proxy.example' };
    expect(errorOf(() => load(GOOD, wrong)).problems).toMatchObject([
      {
        path: 'QUARTERMASTER_TRUSTED_PROXIES',
        message: expect.stringContaining('"proxy.example" is no address'),
      },
    ]);
  });

  it('can not be changed after it was read', () => {
    const config = load(GOOD);
    expect(() => Object.assign(config.limits, { markEveryMs: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.models[0] ?? {}, { alias: 'other' })).toThrow(TypeError);
  });

  it('shows no secret in JSON, text or inspection', () => {
    const config = load(GOOD);
    const shown = [
      inspect(config, { depth: 10, showHidden: true }),
      JSON.stringify(config, (_, value: unknown) => (typeof value === 'bigint' ? '' : value)),
      `${String(config.adminKey)} ${String(config.models[0]?.deployments[0]?.apiKey)}`,
    ].join('\n');
    expect(shown).toContain('[secret]');
    expect(shown).not.toContain(PROVIDER_KEY);
    expect(shown).not.toContain(complete.QUARTERMASTER_ADMIN_KEY);
    expect(shown).not.toContain(complete.QUARTERMASTER_KEY_PEPPER);
  });

  it('takes a given price in place of the catalogue and converts it exactly', () => {
    const config = load(
      model('{ base_url: "http://h/v1", model: mine, price: { input: 0.15, output: 0.6 } }'),
    );
    expect(config.models[0]?.price).toEqual({
      inputPicoUsdPerToken: 150_000n,
      outputPicoUsdPerToken: 600_000n,
    });
  });

  it('accepts a model without a price only where the file says so', () => {
    const unpriced = model('{ base_url: "http://h/v1", model: home-made }');
    expect(errorOf(() => load(unpriced)).problems).toMatchObject([
      { line: 2, path: 'models.gpt-4o', message: expect.stringContaining('no price is known') },
    ]);
    expect(load(`${unpriced}    unpriced: allow\n`).models[0]?.price).toBeUndefined();
  });
});

describe('mistakes in the environment', () => {
  it('are named with those in the file, and show no value', () => {
    const error = errorOf(() =>
      load('modles: {}', {
        DATABASE_URL: 'mysql://user:hunter2@host/db',
        REDIS_URL: '',
        QUARTERMASTER_ADMIN_KEY: 'short',
        QUARTERMASTER_PORT: '99999',
        QUARTERMASTER_LOG_LEVEL: 'inof',
      }),
    );
    expect(error.problems.map((problem) => problem.path)).toEqual([
      'DATABASE_URL',
      'REDIS_URL',
      'QUARTERMASTER_PORT',
      'QUARTERMASTER_ADMIN_KEY',
      'QUARTERMASTER_LOG_LEVEL',
      'modles',
    ]);
    expect(error.message).toContain('did you mean "info"?');
    expect(error.message).not.toContain('hunter2');
    expect(error.message).not.toContain('short');
  });

  it("ask for Slack's tokens only where the bot runs", () => {
    expect(load(GOOD, {}, 'worker').slack.botToken).toBeUndefined();
    const { problems } = errorOf(() => load(GOOD, {}, 'bot'));
    expect(problems.map((problem) => problem.path)).toEqual(['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']);
    const http = load(GOOD, { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's' }, 'bot');
    expect(http.slack.mode).toBe('http');
  });

  it('hold a file that is not there', () => {
    const file = join(folder, 'nowhere.yaml');
    const { message } = errorOf(() => loadConfig({ ...complete, QUARTERMASTER_CONFIG: file }));
    expect(message).toContain('there is no such file');
  });
});

describe('a secret', () => {
  it('is shown only where it is revealed', () => {
    const secret = new Secret('sk-hidden');
    expect(`${String(secret)} ${JSON.stringify({ secret })} ${inspect({ secret })}`).toBe(
      '[secret] {"secret":"[secret]"} { secret: [secret] }',
    );
    expect(secret.reveal()).toBe('sk-hidden');
  });
});
