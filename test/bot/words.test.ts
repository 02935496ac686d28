// How values become text in Slack: escaped, rounded, told.

import { describe, expect, test } from 'vitest';
import { bar, credits, roundedCredits, roughCredits, until } from '../../src/bot/blocks/words.ts';
import { clipped, code, escaped, joined, mrkdwn, mention } from '../../src/bot/escape.ts';
import { nearest } from '../../src/core/nearest.ts';
import { cureText, refusalText } from '../../src/bot/refusal-text.ts';
import { refuse } from '../../src/core/refusals.ts';
import { NOW } from './blocks/hostile.ts';

describe('mrkdwn', () => {
  test('escapes what people wrote and keeps what we wrote', () => {
    expect(mrkdwn`*${'<!here> & co'}* ${mrkdwn`_${'>'}_`} ${5n}`.mrkdwn).toBe(
      '*&lt;!here&gt; &amp; co* _`&gt;`_ 5',
    );
    expect(joined(['<', mrkdwn`<@U1>`]).mrkdwn).toBe('&lt;, <@U1>');
    expect(code('a`b\nc').mrkdwn).toBe('`a´b c`');
  });

  test.each([
    ['*bold*', '`*bold*`'],
    ['May *the bold* invoice', 'May `*the bold*` invoice'],
    ['~gone~ and _leaning_', '`~gone~ and _leaning_`'],
    ['a`b', '`a´b`'],
    ['> quoted', '`&gt;` quoted'],
    ['done :tada:', 'done `:tada:`'],
    ['CI_server-2 at 10:30', 'CI_server-2 at 10:30'],
  ])('shows what people wrote literally, never as formatting: %s', (text, expected) => {
    expect(mrkdwn`${text}`.mrkdwn).toBe(expected);
  });

  test('keeps the markup of refusals, and none of what was typed into them', () => {
    expect(refusalText(refuse('team_unknown', { team: 'a`*b*' })).mrkdwn).toBe(
      'There is no team `a´*b*`.',
    );
    const typed = { field: 'reason', complaint: '“*x*” is odd' };
    expect(refusalText(refuse('value_invalid', typed)).mrkdwn).toBe(
      'reason is not acceptable: `“*x*”` is odd.',
    );
    expect(cureText(refuse('key_not_found', { key: 'x' })).mrkdwn).toContain('&lt;team&gt;');
  });

  test('mentions nobody by what is not an id', () => {
    expect(mention('U0MANAGER').mrkdwn).toBe('<@U0MANAGER>');
    expect(mention('!channel').mrkdwn).toBe('!channel');
  });

  test('is never cut in the middle of an entity or a link', () => {
    expect(clipped(escaped('aaa<<<'), 9)).toBe('aaa&lt;…');
    expect(clipped('see <https://example.test|here>', 12)).toBe('see …');
  });
});

describe('words', () => {
  test('a bar shows that something is left, and never more than the whole', () => {
    expect(bar(1n, 1_000_000n)).toBe('▱'.repeat(16));
    expect(bar(20_000n, 1_000_000n)).toBe('▰' + '▱'.repeat(15));
    expect(bar(5n, 1n)).toBe('▰'.repeat(16));
    expect(bar(-5n, 1n)).toBe('▱'.repeat(16));
  });

  test('amounts are exact where they count and rough where they are guesses', () => {
    expect(credits(1_000_000n)).toBe('1 credit');
    expect(credits(1_234_567_890n)).toBe('1,234.56789 credits');
    expect(roughCredits(1_234_567_890n)).toBe('1,234');
    expect(roughCredits(1_234_567n)).toBe('1.2');
    expect(roundedCredits(2_750_713_819n)).toBe('2,750.71 credits');
    expect(roundedCredits(713_819n)).toBe('0.713819 credits');
    expect(roundedCredits(-5_250_001n)).toBe('-5.26 credits');
    expect(roundedCredits(-250_001n)).toBe('-0.250001 credits');
    expect(roughCredits(1_234n)).toBe('0.001');
    expect(roughCredits(7n)).toBe('0.000007');
  });

  test.each([
    [30_000, 'within a minute'],
    [20 * 60_000, 'in 20 min'],
    [200 * 60_000, 'in 3 h 20 min'],
    [48 * 3_600_000 - 1, 'in 47 h 59 min'],
    [72 * 3_600_000 - 1, 'in 2 days 23 h'],
    [72 * 3_600_000, 'in 3 days'],
    [12.5 * 86_400_000, 'in 12 days'],
  ])('%s ms from now is "%s"', (ms, expected) => {
    expect(until(new Date(NOW.getTime() + ms), NOW.getTime())).toBe(expected);
  });

  test('the nearest names come first, parts of names among them, strangers never', () => {
    const known = ['acme-prod', 'acme-prd-2', 'acme-test', 'globex'];
    expect(nearest('acme-prd', known, 3)).toEqual(['acme-prd-2', 'acme-prod']);
    expect(nearest('zzz', known, 3)).toEqual([]);
  });
});
