import { request as rawRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAAS_ROUTES } from '../../src/api/saas/routes.ts';
import { ADMIN_KEY, openDoor } from './door.ts';
import type { Door } from './door.ts';

let door: Door;

beforeAll(async () => {
  door = await openDoor();
  await door.ask('POST', '/api/organizations/create', { organization_id: 'acme', name: 'ACME' });
  await door.ask(
    'POST',
    '/api/teams/create',
    team({ team_id: 'acme-prod', credits_allocated: 10 }),
  );
});
afterAll(async () => door.close());

function team(given: object): object {
  return { organization_id: 'acme', team_id: 'acme-x', access_groups: ['gpt-models'], ...given };
}

describe('the admin key', () => {
  it.each(
    SAAS_ROUTES.filter(([, , { action }]) => action !== 'session.open').map(
      ([method, path]) => [method, path.replace(':id', 'acme-prod')] as const,
    ),
  )('is asked for by %s %s', async (method, path) => {
    const bare = await door.askBare(method, path);
    const wrong = await door.askBare(method, path, { authorization: 'Bearer sk-wrong' });
    for (const told of [bare, wrong]) {
      expect(told.status).toBe(401);
      expect(told.headers.get('www-authenticate')).toBe('Bearer');
      expect(told.json).toMatchObject({
        detail:
          "Authentication required. Provide either 'Authorization: Bearer <token>' or 'X-Admin-Key: <master_key>'",
        code: 'admin_key_required',
      });
    }
    expect(bare.json.cure).toContain('none was sent');
    expect(wrong.json.cure).toContain('another one');
  });

  it('is not evaded by another spelling of the path', async () => {
    for (const path of [
      '/%61pi/teams',
      '/api/teams?',
      '/api/teams/?x',
      '/api/%74eams',
      '//api/teams',
    ]) {
      const told = await door.askBare('GET', path);
      expect([path, told.status === 401 || told.status === 404]).toEqual([path, true]);
    }
    const head = await door.askBare('HEAD', '/api/teams');
    expect(head.status).toBe(401);
  });

  it('is taken from X-Admin-Key too', async () => {
    const told = await door.askBare('GET', '/api/teams', { 'x-admin-key': ADMIN_KEY });
    expect(told.status).toBe(200);
  });

  it('is asked for before the body is read', async () => {
    const status = await new Promise((resolve, reject) => {
      const request = rawRequest(`${door.url}/api/teams/create`, {
        method: 'POST',
        headers: { 'content-length': 1_000_000 },
      });
      request.on('response', (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on('error', reject);
      request.write('{');
    });
    expect(status).toBe(401);
  });
});

describe('rules', () => {
  it('tells duplicates in the documented words', async () => {
    const organization = await door.ask('POST', '/api/organizations/create', {
      organization_id: 'acme',
      name: 'Again',
    });
    expect(organization.status).toBe(400);
    expect(organization.json).toMatchObject({
      detail: "Organization 'acme' already exists",
      code: 'organization_exists',
    });
    const again = await door.ask('POST', '/api/teams/create', team({ team_id: 'acme-prod' }));
    expect(again.status).toBe(400);
    expect(again.json.detail).toBe("Team 'acme-prod' already exists");
    expect(again.text).not.toContain('sk-');
  });

  it('tells what is unknown in the documented words', async () => {
    const cases = [
      [
        'POST',
        '/api/teams/create',
        team({ organization_id: 'nobody' }),
        "Organization 'nobody' not found",
      ],
      [
        'POST',
        '/api/teams/create',
        team({ access_groups: ['x'] }),
        "Model access group 'x' not found",
      ],
      ['PUT', '/api/teams/acme-prod', { access_groups: ['x'] }, "Model access group 'x' not found"],
      ['GET', '/api/teams/nobody', undefined, "Team 'nobody' not found"],
      ['GET', '/api/teams/a%00b', undefined, "Team 'a\0b' not found"],
      ['GET', '/api/teams/nobody/usage', undefined, "Team 'nobody' not found"],
      ['POST', '/api/teams/nobody/suspend', undefined, "Team 'nobody' not found"],
      ['POST', '/api/credits/add', { team_id: 'nobody', amount: 1 }, "Team 'nobody' not found"],
      ['GET', '/api/credits/balance?team_id=nobody', undefined, "Team 'nobody' not found"],
      ['GET', '/api/organizations/nobody', undefined, "Organization 'nobody' not found"],
      ['GET', '/api/teams?organization_id=nobody', undefined, "Organization 'nobody' not found"],
    ] as const;
    for (const [method, path, body, detail] of cases) {
      const told = await door.ask(method, path, body);
      expect([method, path, told.status, told.json.detail]).toEqual([method, path, 404, detail]);
    }
  });

  it('refuses amounts that are none, and posts nothing', async () => {
    for (const amount of [0, -5, '-5', 1e-7, '0.0000001', 1e30, 1_000_000_001, '1,5', 'many', '']) {
      const told = await door.ask('POST', '/api/credits/add', { team_id: 'acme-prod', amount });
      expect([amount, told.status]).toEqual([amount, 400]);
      expect(told.json.detail).toMatch(/^amount is not acceptable: /);
      const made = await door.ask(
        'POST',
        '/api/teams/create',
        team({ credits_allocated: amount === 0 ? -1 : amount }),
      );
      expect([amount, made.status]).toEqual([amount, 400]);
      expect(made.json.detail).toMatch(/^credits_allocated is not acceptable: /);
    }
    const balance = await door.ask('GET', '/api/credits/balance?team_id=acme-prod');
    expect(balance.json.credits_allocated).toBe(10);
  });

  it('takes fractions of credits exactly, as number and as text', async () => {
    await door.ask(
      'POST',
      '/api/teams/create',
      team({ team_id: 'fraction', credits_allocated: 0.1 }),
    );
    await door.ask('POST', '/api/credits/add', { team_id: 'fraction', amount: 0.2 });
    const told = await door.ask('POST', '/api/credits/teams/fraction/add', { credits: '0.000001' });
    expect(told.json.credits_remaining).toBe(0.300001);
  });

  it('keeps and shows the terms of a team, and refuses those that are none', async () => {
    const terms = {
      budget_mode: 'consumption_usd',
      credits_per_dollar: 12.5,
      tokens_per_credit: 500,
      markup_percent: 12.34,
    };
    const told = await door.ask('POST', '/api/teams/create', team({ team_id: 'terms', ...terms }));
    expect(told.json).toMatchObject(terms);
    const mode = await door.ask('PUT', '/api/teams/terms', { budget_mode: 'free' });
    expect([mode.status, mode.json.detail]).toEqual([
      400,
      'Invalid budget_mode: free. Must be one of: job_based, consumption_usd, consumption_tokens',
    ]);
    for (const wrong of [
      { credits_per_dollar: 0 },
      { tokens_per_credit: 0 },
      { markup_percent: -1 },
      { markup_percent: 1.234 },
      { markup_percent: 1_000 },
    ]) {
      const refused = await door.ask('PUT', '/api/teams/terms', wrong);
      expect([wrong, refused.status]).toEqual([wrong, 400]);
    }
    expect((await door.ask('GET', '/api/teams/terms')).json).toMatchObject(terms);
  });

  it('refuses names that hide what they are, and ids that are none', async () => {
    for (const wrong of [
      { team_id: '' },
      { team_id: 'a b' },
      { team_id: '../x' },
      { team_id: 'a'.repeat(65) },
      { team_id: 'tëam' },
      { team_alias: ' ' },
      { team_alias: 'a\u202eb' },
      { team_alias: 'a\0b' },
      { metadata: { note: 'a\0b' } },
      { metadata: { note: 'x'.repeat(20_000) } },
      { metadata: nested(40) },
    ]) {
      const told = await door.ask('POST', '/api/teams/create', team(wrong));
      expect([wrong, told.status, told.json.code]).toEqual([wrong, 400, 'value_invalid']);
    }
    const friendly = team({
      team_id: 'Odd.name_1',
      team_alias: "O'Brien & <b>Söhne</b> 🚢 {team}",
    });
    const told = await door.ask('POST', '/api/teams/create', friendly);
    expect(told.json).toMatchObject(friendly);
  });

  it('refuses a period that is none', async () => {
    for (const period of ['2024-13', 'october', '2024', '2023-02-29', '', 'all']) {
      const told = await door.ask('GET', `/api/teams/acme-prod/usage?period=${period}`);
      expect([period, told.status]).toEqual([period, 400]);
      expect(told.json.detail).toContain('period is not acceptable');
    }
  });
});

function nested(depth: number): object {
  return depth === 0 ? {} : { in: nested(depth - 1) };
}

describe('shapes', () => {
  it('tells a misspelt field and what was meant', async () => {
    const told = await door.ask('POST', '/api/keys/create', { team_id: 'acme-prod', nmae: 'x' });
    expect(told.status).toBe(422);
    expect(told.json.detail).toEqual([
      {
        loc: ['body', 'nmae'],
        msg: '"nmae" is not known here, did you mean "name"?',
        type: 'extra_forbidden',
      },
    ]);
    const query = await door.ask('GET', '/api/teams?organisation_id=acme');
    expect(query.json.detail[0].msg).toContain('did you mean "organization_id"?');
  });

  it('passes over what it does not know where the other system does, and names it in a header', async () => {
    const body = team({ team_id: 'ailas', team_ailas: 'x', wörd: 1 });
    const told = await door.ask('POST', '/api/teams/create', body);
    expect(told.status).toBe(200);
    expect(told.headers.get('x-quartermaster-warning')).toBe(
      'ignored: team_ailas, did you mean "team_alias"?; w?rd',
    );
    const none = await door.ask('GET', '/api/teams/ailas');
    expect(none.headers.get('x-quartermaster-warning')).toBeNull();
  });

  it('passes over names that every object has, too', async () => {
    const body = { ...team({ team_id: 'heir' }), constructor: 1 };
    const told = await door.ask('POST', '/api/teams/create', body);
    expect(told.status).toBe(200);
    expect(told.headers.get('x-quartermaster-warning')).toBe('ignored: constructor');
  });

  it('names what a field takes, and not that it may be empty', async () => {
    const told = await door.ask('POST', '/team/new', { max_budget: 'ten' });
    expect(told.json.detail).toEqual([
      { loc: ['body', 'max_budget'], msg: 'Input should be a valid number', type: 'union_type' },
    ]);
  });

  it('names the fields of the part that a mistake is in', async () => {
    const limits = [{ kind: 'requests', max: 1, maxx: 2 }];
    const told = await door.ask('PUT', '/api/teams/acme-prod/limits', { limits, budgets: [] });
    expect(told.json.detail).toEqual([
      {
        loc: ['body', 'limits', 0, 'maxx'],
        msg: '"maxx" is not known here, did you mean "max"?',
        type: 'extra_forbidden',
      },
    ]);
  });

  it('tells where credits are changed to whoever tries to set them', async () => {
    const told = await door.ask('PUT', '/api/teams/acme-prod', { credits_allocated: 5_000 });
    expect(told.status).toBe(422);
    expect(told.json.detail[0].msg).toContain('POST /api/credits/add');
  });

  it('tells what is missing and what is of another kind', async () => {
    const told = await door.ask('POST', '/api/teams/create', { team_id: 7, access_groups: 'gpt' });
    expect(told.json.detail).toEqual([
      { loc: ['body', 'organization_id'], msg: 'Field required', type: 'missing' },
      { loc: ['body', 'team_id'], msg: 'Input should be a valid string', type: 'string_type' },
      { loc: ['body', 'access_groups'], msg: 'Input should be a valid array', type: 'array_type' },
    ]);
    const amount = await door.ask('POST', '/api/credits/add', { team_id: 'acme-prod', amount: [] });
    expect(amount.json.detail[0].msg).toBe('Input should be a number, or a text with one');
    const resend = '/api/webhooks/01a20094-3bb4-7f7b-9cb9-55df0a5541c9/resend';
    const formless = await door.ask('POST', resend, {});
    expect(formless.json.detail[0]).toMatchObject({
      msg: 'Input fits none of the forms that it may have, which differ in delivery_id, status, since',
      type: 'union_type',
    });
    const since = await door.ask('POST', resend, { since: 'yesterday' });
    expect(since.json.detail.map(({ msg }: { msg: string }) => msg)).toEqual([
      'Invalid ISO datetime',
    ]);
    const from = await door.ask(
      'GET',
      '/api/credits/transactions?team_id=acme-prod&from=yesterday',
    );
    expect(from.json.detail[0].msg).toBe('Invalid ISO datetime, or Invalid ISO date');
    const none = await door.ask('POST', '/api/credits/add');
    expect(none.json.detail).toEqual([{ loc: ['body'], msg: 'Field required', type: 'missing' }]);
    for (const body of ['[]', '"text"', 'null', '7']) {
      const other = await door.ask('POST', '/api/credits/add', body);
      expect([body, other.status]).toEqual([body, 422]);
    }
  });

  it('tells that a body is not JSON, without repeating it', async () => {
    for (const body of ['team_id=acme', '{"team_id": "sk-secret', '{"a":1,}', '{} {}']) {
      const told = await door.ask('POST', '/api/teams/create', body);
      expect([body, told.status, told.json.code]).toEqual([body, 400, 'body_not_json']);
      expect(told.text).not.toContain('sk-secret');
    }
  });

  it('reads JSON whatever its content type, and refuses one that is too large', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = '{"team_id": "acme-prod", "amount": 1}';
    expect((await door.ask('POST', '/api/credits/add', body, form)).status).toBe(200);
    const large = await door.ask(
      'POST',
      '/api/teams/create',
      team({ team_alias: 'x'.repeat(70_000) }),
    );
    expect([large.status, large.json.code]).toEqual([413, 'body_too_large']);
    expect(large.json.detail).toContain('65536');
  });

  it('reads a body that comes in pieces and without a content type', async () => {
    const status = await new Promise((resolve, reject) => {
      const request = rawRequest(`${door.url}/api/credits/add`, {
        method: 'POST',
        headers: { 'x-admin-key': ADMIN_KEY },
      });
      request.on('response', (response) => resolve(response.resume().statusCode));
      request.on('error', reject);
      request.write('{"team_id": "acme-prod",');
      request.end('"amount": 1}');
    });
    expect(status).toBe(200);
    const odd = await door.ask(
      'POST',
      '/api/credits/add',
      '{"team_id": "acme-prod", "amount": 1}',
      {
        'content-type': 'nonsense',
      },
    );
    expect([odd.status, odd.json.detail]).toEqual([
      400,
      'Parameter Content-Type is not acceptable: it is not a media type.',
    ]);
  });

  it('answers unknown routes and methods in the same shape', async () => {
    const unknown = await door.ask('GET', '/api/nothing');
    expect([unknown.status, unknown.json.code]).toEqual([404, 'route_unknown']);
    const method = await door.ask('PATCH', '/api/teams/acme-prod');
    expect([method.status, method.json.code]).toEqual([405, 'method_not_allowed']);
    expect(method.headers.get('allow')).toBe('DELETE, GET, PUT');
    const query = await door.ask('QUERY', '/api/teams/acme-prod');
    expect([query.status, query.json.code]).toEqual([405, 'method_not_allowed']);
    const unreadable = await door.ask('GET', '/api/teams/%zz');
    expect([unreadable.status, unreadable.json.code]).toEqual([400, 'request_unreadable']);
  });
});
