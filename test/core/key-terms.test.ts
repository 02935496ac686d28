import { describe, expect, test } from 'vitest';
import { complaintAboutKeyTerms, ENDPOINTS } from '../../src/core/keys/key-terms.ts';
import type { KeyTerms } from '../../src/core/keys/key-terms.ts';
import { complaintAboutEmail, complaintAboutUserId } from '../../src/core/members/member.ts';
import type { Endpoint } from '../../src/proxy/call-body.ts';

const NOW_MS = Date.parse('2027-07-14T12:00:00Z');
const complaint = (terms: Partial<KeyTerms>) => complaintAboutKeyTerms(terms, NOW_MS)?.facts;

describe('what a key may not be', () => {
  test.each<[string, Partial<KeyTerms>, string, string]>([
    ['without a name', { name: ' ' }, 'name', 'it is empty'],
    ['ended already', { expiresAt: new Date(NOW_MS) }, 'expires', 'it lies in the past'],
    ['ending never at all', { expiresAt: new Date(Number.NaN) }, 'expires', 'it is no moment'],
    ['ending past all calendars', { expiresAt: new Date(8.64e15) }, 'expires', 'after the year'],
    ['of 101 models', { models: many(101) }, 'models', 'at most 100'],
    ['of a model with a space', { models: ['gpt 4o'] }, 'models', 'neither spaces'],
    ['of a model with a line end', { models: ['gpt-4o\nclaude'] }, 'models', 'neither spaces'],
    ['of a model with * inside', { models: ['gpt-*-mini'] }, 'models', 'but for one at the end'],
    ['of a model without a name', { models: [''] }, 'models', 'empty'],
    ['of a long model', { models: ['x'.repeat(201)] }, 'models', '201 characters'],
    ['of 51 own names', { modelAliases: manyAliases(51) }, 'model_aliases', 'at most 50'],
    [
      'of a chain of own names',
      { modelAliases: { fast: 'faster', faster: 'gpt-4o-mini' } },
      'model_aliases',
      '"fast" stands for "faster"',
    ],
    ['of a name for itself', { modelAliases: { fast: 'fast' } }, 'model_aliases', 'itself'],
    [
      'of a name for a beginning',
      { modelAliases: { fast: 'gpt-*' } },
      'model_aliases',
      'nor asterisks',
    ],
    ['for an unknown endpoint', { endpoints: ['images'] }, 'endpoints', 'chat, completion'],
    ['for half an address', { addresses: ['10.0.0'] }, 'addresses', 'no address and no range'],
    ['for a range too wide', { addresses: ['10.0.0.0/33'] }, 'addresses', 'no range'],
    ['for 51 addresses', { addresses: many(51) }, 'addresses', 'at most 50'],
    ['of 1,000 tags', { tags: many(1_000) }, 'tags', 'at most 20'],
    ['of a long tag', { tags: ['x'.repeat(65)] }, 'tags', '65 characters'],
    ['of an invisible tag', { tags: ['a\u202eb'] }, 'tags', 'cannot be seen'],
  ])('%s', (_, terms, field, part) => {
    expect(complaint(terms)).toMatchObject({ field, complaint: expect.stringContaining(part) });
  });
});

test('what a key may be', () => {
  const terms: KeyTerms = {
    name: 'CI',
    expiresAt: new Date(NOW_MS + 1),
    models: ['gpt-4o', 'claude-*', '*', 'all-team-models', 'no-default-models', 'fast-models'],
    modelAliases: { fast: 'gpt-4o-mini', 'gpt-4o': 'gpt-4o-mini' },
    endpoints: ENDPOINTS,
    addresses: ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::1'],
    tags: ['a', 'team b'],
    permissions: ['key.create'],
    metadata: {},
  };
  expect(complaint(terms)).toBeUndefined();
});

test('a key can be confined to each endpoint that there is, and to no other', () => {
  const served: Readonly<Record<Endpoint, true>> = {
    chat: true,
    completion: true,
    embedding: true,
    messages: true,
  };
  expect(ENDPOINTS.toSorted()).toEqual(Object.keys(served).toSorted());
});

test.each(['', ' ann', 'ann b', '-ann', 'ann\n', 'ann/b', 'ä', 'x'.repeat(255), 'a\ud800'])(
  'no id of a person: %j',
  (id) => {
    expect(complaintAboutUserId(id)).toBeDefined();
  },
);

test.each(['ann@acme.com', 'auth0|5f7c', 'U0ANN', '1', 'a:b~c+d'])(
  'an id of a person: %s',
  (id) => {
    expect(complaintAboutUserId(id)).toBeUndefined();
  },
);

test.each([
  ['ann', false],
  ['ann@', false],
  ['a b@c', false],
  ['ann@acme.com', true],
])('e-mail address %s: %s', (text, isOne) => {
  expect(complaintAboutEmail(text) === undefined).toBe(isOne);
});

function many(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `name-${at}`);
}

function manyAliases(count: number): Record<string, string> {
  return Object.fromEntries(many(count).map((name) => [name, 'gpt-4o']));
}
