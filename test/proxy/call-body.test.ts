import { assert, dictionary, jsonValue, pre, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusals.ts';
import { fieldsOf, withFields } from '../../src/proxy/body-fields.ts';
import { bodyFor, readCallBody } from '../../src/proxy/call-body.ts';
import type { CallBody } from '../../src/proxy/call-body.ts';

const MESSAGES = '"messages":[{"role":"user","content":"hi"}]';

function read(text: string): CallBody {
  const body = readCallBody(Buffer.from(text), 'chat');
  if (isRefusal(body)) {
    throw new Error(JSON.stringify(body));
  }
  return body;
}

const complaintAbout = (text: string): unknown => {
  const body = readCallBody(Buffer.from(text), 'chat');
  return isRefusal(body) ? body.facts['complaint'] : undefined;
};

describe('the body that goes upstream', () => {
  test('is the client’s own, to the byte, where nothing must be different', () => {
    const text = `{ "model" : "gpt-4o",\n ${MESSAGES}, "temperature": 1.0e0, "odd": "\\u00e9" }`;
    expect(bodyFor(read(text), {}).toString()).toBe(text);
  });

  test('keeps the text of all members that need no change', () => {
    const text = `{"model":"a","temperature":1.0e0,"seed":12345678901234567890,${MESSAGES}}`;
    const sent = bodyFor(read(text), { model: 'b' }).toString();
    expect(sent).toBe(text.replace('"model":"a"', '"model":"b"'));
  });

  test.each([
    ['max_tokens', 'gpt-4o', 'max_tokens'],
    ['max_completion_tokens', 'gpt-4o', 'max_tokens'],
    ['max_tokens', 'o4-mini', 'max_completion_tokens'],
    ['max_completion_tokens', 'o4-mini', 'max_completion_tokens'],
  ])('caps under the one name that the model heeds: %s to %s goes as %s', (name, model, heeded) => {
    const body = read(`{"model":"${model}","${name}":500,${MESSAGES}}`);
    const sent = JSON.parse(bodyFor(body, { outputCap: 100 }).toString()) as object;
    expect(sent).toMatchObject({ [heeded]: 100 });
    expect(Object.keys(sent).filter((key) => key.startsWith('max_'))).toEqual([heeded]);
  });

  test('with two caps is bounded by the larger and sent with one', () => {
    const body = read(
      `{"model":"gpt-4o","max_tokens":10,"max_completion_tokens":4000,${MESSAGES}}`,
    );
    expect(body.outputCap).toBe(4000);
    expect(JSON.parse(bodyFor(body, { outputCap: 200 }).toString())).toMatchObject({
      max_tokens: 200,
    });
  });

  test('asks for usage without touching the other options of the stream', () => {
    const body = read(`{"model":"m","stream":true,"stream_options":{"x":1},${MESSAGES}}`);
    expect(JSON.parse(bodyFor(body, { askForUsage: true }).toString())).toMatchObject({
      stream_options: { x: 1, include_usage: true },
    });
  });

  test('set by members of any object is what JSON itself would make of it', () => {
    assert(
      property(dictionary(string(), jsonValue()), string(), jsonValue(), (object, name, value) => {
        // Members of this name are special to every object literal.
        pre(name !== '__proto__' && !Object.hasOwn(object, '__proto__'));
        const text = JSON.stringify(object, null, 1);
        const changed: unknown = JSON.parse(withFields(text, fieldsOf(text), { [name]: value }));
        expect(changed).toEqual(JSON.parse(JSON.stringify({ ...object, [name]: value })));
      }),
    );
  });
});

describe('a body is refused', () => {
  test('when a deciding name stands in another case, which some servers would read', () => {
    expect(complaintAbout(`{"model":"a","Model":"dear",${MESSAGES}}`)).toBe('write it as model');
    expect(complaintAbout(`{"model":"a","MAX_TOKENS":9999,${MESSAGES}}`)).toBe(
      'write it as max_tokens',
    );
  });

  test('when parsing it would take longer than its length says', () => {
    expect(complaintAbout('['.repeat(1_000_000))).toContain('nested');
    expect(complaintAbout(`{"model":"a","x":[${'{},'.repeat(600_000)}{}],${MESSAGES}}`)).toContain(
      'members',
    );
  });

  test('when it is not UTF-8', () => {
    const body = readCallBody(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'chat');
    expect(isRefusal(body) && body.facts['complaint']).toBe('it is not UTF-8');
  });
});

test.each([
  ['"web_search_options":{}', 'search the web'],
  ['"prediction":{"type":"content","content":"x"}', 'predicted'],
  ['"tools":[{"type":"web_search"}]', 'a tool of type "web_search"'],
  ['"service_tier":"priority"', 'priority tier'],
  ['"best_of":3', 'best_of'],
])('what %s may cost cannot be bounded', (member, reason) => {
  expect(read(`{"model":"a",${member},${MESSAGES}}`).unbounded).toContain(reason);
});

test('functions as tools, text and pictures can be bounded', () => {
  const picture = `{"type":"image_url","image_url":{"url":"data:image/png;base64,${'A'.repeat(100_000)}"}}`;
  const body = read(
    `{"model":"a","tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"user","content":[{"type":"text","text":"hi"},${picture}]}]}`,
  );
  expect(body.unbounded).toBeNull();
  expect(body.shape.promptTokensUpperBound).toBeGreaterThan(50_000);
  expect(body.shape.promptTokensUpperBound).toBeLessThan(60_000);
});
