import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIALECTS } from '../../src/api/dialects.ts';
import { openApiDocument } from '../../src/api/openapi/document.ts';
import { commandsOf } from '../../src/cli/commands.ts';
import type { OpenApi } from '../../src/cli/document.ts';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { GROUPS } from '../../src/cli/groups.ts';
import { createProgram } from '../../src/cli/program.ts';
import { placeOfCredential } from '../../src/core/credentials/credential.ts';
import { REFUSALS } from '../../src/core/refusals.ts';
import type { RefusalKind } from '../../src/core/refusals/kind.ts';
import { JOB_ROUTES } from '../../src/proxy/jobs/routes.ts';
import { ADMIN_KEY, openDoor } from '../api/door.ts';
import type { Door } from '../api/door.ts';
import { BIN, runWith } from './cli-run.ts';
import type { Done } from './cli-run.ts';

const DOCUMENT = openApiDocument(DIALECTS, 'http://localhost', JOB_ROUTES) as unknown as OpenApi;

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  await run(
    'organizations',
    'create',
    '--organization-id',
    'acme',
    '--name',
    'Acme',
    '--create-default-team=false',
  );
  const team = ['--team-id', 'acme-prod', '--organization-id', 'acme'];
  const terms = ['--access-groups', 'gpt-models', '--credits-allocated', '100'];
  await run('teams', 'create', ...team, ...terms);
});
afterAll(async () => door.close());

/** A team without anything. */
const TOLD = ['--organization-id', 'acme', '--access-groups', 'gpt-models'];

const run = async (...words: string[]): Promise<Done> =>
  runWith({ QUARTERMASTER_URL: door.url, QUARTERMASTER_ADMIN_KEY: ADMIN_KEY }, words);

test('what the API lists stands in columns, and whole as JSON', async () => {
  const { out, code } = await run('teams', 'list');
  expect(code).toBe(0);
  expect(out).toMatch(/team id .*\n.*acme-prod/);
  const { out: json } = await run('teams', 'list', '--json');
  expect(JSON.parse(json)).toMatchObject([{ team_id: 'acme-prod' }]);
});

test('a change is done once and what came of it is told', async () => {
  const wish = ['--team-id', 'acme-prod', '--amount', '25', '--description', 'Invoice 17'];
  const { out, code } = await run('credits', 'add', ...wish);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('125') });
  const { out: json } = await run('credits', 'balance', '--team-id', 'acme-prod', '--json');
  expect(JSON.parse(json)).toMatchObject({ credits_remaining: 125 });
});

test('one of them is told by what it holds: no list that is empty, and what lies within it by both names', async () => {
  const made = await run('teams', 'create', '--team-id', 'told', ...TOLD);
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^team id +told\n/) });
  expect(made.out).not.toMatch(/no models|\{|\[/);
  const { out } = await run('teams', 'usage', 'told');
  expect(out).toMatch(/^summary total jobs +0$/m);
  const limits = await run('teams', 'limits', 'told');
  expect(limits.out).toMatch(/^no limits\n\nno budgets\n\nsubject +team:told/);
});

test('a list that goes on says where', async () => {
  await run('teams', 'create', '--team-id', 'another', ...TOLD);
  const { out, complaint } = await run('teams', 'list', '--limit', '1');
  expect(out).toContain('acme-prod');
  expect(complaint).toBe('There are more: go on with --after acme-prod\n');
});

test('a body that is a list is typed by the name of what it lists', async () => {
  const words = ['teams', 'access-groups', 'acme-prod'];
  const done = await run(...words, '--access-groups', 'gpt-models');
  expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/access groups +gpt-models/) });
  expect(await run(...words)).toMatchObject({
    code: 2,
    complaint: expect.stringContaining('--access-groups'),
  });
});

test('a version that was shown is compared, and a key of one’s own keeps a script that runs twice from doing it twice', async () => {
  const [, version = ''] = /^version +(\d+)$/m.exec((await run('teams', 'show', 'told')).out) ?? [];
  const rename = ['teams', 'update', 'told', '--team-alias'];
  expect((await run(...rename, 'One', '--if-match', version)).code).toBe(0);
  const stale = await run(...rename, 'Two', '--if-match', version);
  expect(stale).toMatchObject({ code: 1, complaint: expect.stringContaining('changed meanwhile') });
  const add = ['credits', 'add', '--team-id', 'told', '--amount', '5', '--idempotency-key', 'inv'];
  const twice = [await run(...add), await run(...add)];
  expect(twice.map(({ out }) => /credits remaining +(\d+)/.exec(out)?.[1])).toEqual(['5', '5']);
});

test('what takes away is asked about, and where nobody can be asked it needs --yes', async () => {
  for (const words of [
    ['teams', 'suspend', 'acme-prod'],
    ['teams', 'pause', 'acme-prod'],
    ['organizations', 'status', 'acme', '--status', 'deleted'],
  ]) {
    const refused = await run(...words);
    expect(refused).toMatchObject({ code: 2, complaint: expect.stringContaining('--yes') });
  }
  const done = await run('teams', 'suspend', 'acme-prod', '--yes', '--reason', 'unpaid');
  expect(done.code).toBe(0);
  const { out } = await run('teams', 'show', 'acme-prod');
  expect(out).toMatch(/status +suspended/);
  expect((await run('teams', 'resume', 'acme-prod')).code).toBe(0);
});

describe('what goes wrong is said with its cure, and by the exit code:', () => {
  const elsewhere = { QUARTERMASTER_URL: 'http://127.0.0.1:9', QUARTERMASTER_ADMIN_KEY: ADMIN_KEY };

  test.each<[string, number, string[], string]>([
    ['a refusal of the API', 1, ['teams', 'show', 'acme-prd'], 'acme-prd'],
    ['a command with the one that was meant', 2, ['teams', 'suspnd', 'acme-prod'], 'suspend'],
    ['a field that must be there', 2, ['credits', 'add', '--amount', '5'], '--team-id'],
    ['a field that is unknown', 2, ['teams', 'list', '--statuss', 'active'], '--status'],
    ['a value of another kind', 2, ['teams', 'list', '--limit', 'many'], '--limit'],
  ])('%s (%i)', async (_, code, words, part) => {
    const done = await run(...words);
    expect(done).toEqual({ code, out: '', complaint: expect.stringContaining(part) });
  });

  test('in commands of the terminal, and in none of Slack', async () => {
    const { complaint } = await run('teams', 'show', 'acme-prd');
    expect(complaint).toContain('Check the id with `quartermaster teams list`.');
    const stranger = await run(
      'teams',
      'members',
      'update',
      'acme-prod',
      'nobody',
      '--role',
      'user',
    );
    expect(stranger.complaint).toContain('`quartermaster teams members acme-prod`');
    const withSlack = Object.entries<RefusalKind>(REFUSALS)
      // What a client's developer is to pass on is for somebody in Slack.
      .filter(([, { cure }]) => /"\//.test(cure) && !cure.includes('account manager'));
    expect(withSlack).toEqual([]);
  });

  test('no server (2), one that is away (3)', async () => {
    const none = await runWith({}, ['teams', 'list']);
    const cure = expect.stringMatching(/QUARTERMASTER_URL.*profile add/);
    expect(none).toEqual({ code: 2, out: '', complaint: cure });
    const away = await runWith(elsewhere, ['teams', 'list']);
    const hint = expect.stringContaining('Is Quartermaster running at http://127.0.0.1:9?');
    expect(away).toEqual({ code: 3, out: '', complaint: hint });
  });

  test('a server that says "come later" (3), and one that is broken (4)', () => {
    expect([503, 429, 500, 403, 200].map(exitCodeOf)).toEqual([3, 3, 4, 1, 0]);
  });

  test('a wrong key (1), which is not repeated', async () => {
    const server = { QUARTERMASTER_URL: door.url, QUARTERMASTER_ADMIN_KEY: 'sk-wrong' };
    const { code, complaint } = await runWith(server, ['teams', 'list']);
    expect(code).toBe(1);
    expect(complaint).not.toContain('sk-wrong');
  });
});

describe('a secret', () => {
  const WORDS = ['provider-credentials', 'create', '--organization-id', 'acme'];
  const credential = (provider: string): string[] => [
    ...WORDS,
    '--provider',
    provider,
    '--credential-name',
    'Main',
  ];

  test('that is typed as an argument is warned of, with the cure, and done what was asked', async () => {
    const done = await run(...credential('openai'), '--api-key', 'sk-provider-0123456789');
    expect(done.code).toBe(0);
    expect(done.complaint).toMatch(/^Warning: .*--api-key -.*\n$/);
    expect(done.complaint).not.toContain('0123456789');
    const key = await run('keys', 'show', 'sk-0123456789abcdef');
    expect(key.complaint).toMatch(/^Warning: .*keys list/);
  });

  test('comes on standard input where - stands in its place', async () => {
    const env = { QUARTERMASTER_URL: door.url, QUARTERMASTER_ADMIN_KEY: ADMIN_KEY };
    const words = [...credential('anthropic'), '--api-key', '-'];
    const done = await runWith(env, words, { input: 'sk-ant-0123456789\n' });
    expect(done).toMatchObject({ code: 0, complaint: '' });
    const stored = await door.stores.records.credentials.list({
      provider: 'anthropic',
      activeOnly: false,
    });
    const opened = stored.map(({ id, sealed }) =>
      door.stores.sealer.open(sealed, placeOfCredential(id)),
    );
    expect(opened).toEqual(['sk-ant-0123456789']);
  });
});

describe('the help', () => {
  test('says what each group is about, and how a command ends', async () => {
    const { out } = await run('--help');
    expect(out).toMatch(/teams +who calls models/);
    expect(out).toContain('Exit codes: 0 done, 1 refused');
    expect(out).not.toContain('(choices: )');
    const none = await runWith({}, ['--help']);
    expect(none).toMatchObject({ code: 0, out: expect.stringContaining('profile') });
  });

  test('has words for every group of the API, and flags of ours are no field of it', () => {
    const specs = commandsOf(DOCUMENT);
    const groups = new Set(
      specs.flatMap(({ words }) => words.slice(1).map((_, at) => words.slice(0, at + 1).join(' '))),
    );
    expect(Object.keys(GROUPS)).toEqual(expect.arrayContaining([...groups]));
    expect(Object.keys(GROUPS).filter((group) => !groups.has(group))).toEqual(['import']);
    const fields = new Set(specs.flatMap(({ flags }) => flags.map(({ typed }) => `--${typed}`)));
    const ours = createProgram([]).options.map(({ long }) => long ?? '');
    expect(ours.filter((flag) => fields.has(flag))).toEqual([]);
  });
});

test('a shell is told what may come next: words, then fields', async () => {
  expect((await run('complete', '--', 'te')).out.trim()).toBe('teams');
  expect((await run('complete', '--', 'teams', 'sus')).out.trim()).toBe('suspend');
  expect((await run('complete', '--', 'teams', 'create', '--team')).out).toContain('--team-id');
  const { out } = await runWith({}, ['completion', 'bash'], { main: BIN });
  expect(out).toContain('complete -o default -F _quartermaster');
});
