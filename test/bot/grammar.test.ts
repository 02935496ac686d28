import { describe, expect, test } from 'vitest';
import { helpSpeech } from '../../src/bot/blocks/quartermaster.ts';
import { isComplete } from '../../src/bot/commands/definition.ts';
import { choiceOf } from '../../src/bot/commands/choose.ts';
import { readArguments } from '../../src/bot/commands/grammar.ts';
import { helpAbout, helpOfSubcommand, usageOf } from '../../src/bot/commands/help.ts';
import { COMMANDS } from '../../src/bot/commands/registry.ts';
import { swappedPlaces } from '../../src/bot/commands/swapped.ts';
import { wordsOf } from '../../src/bot/commands/words.ts';
import { checkMessageBlocks } from '../../src/embedded/slack/blocks/check.ts';

const [TEAM] = COMMANDS;
const subcommands = TEAM?.subcommands ?? [];
const create = subcommands.find((each) => each.name === 'create');
const topup = subcommands.find((each) => each.name === 'topup');
const readCreate = (text: string) => readArguments(create?.arguments ?? [], text);
const readTopup = (text: string) => readArguments(topup?.arguments ?? [], text);
const valuesOf = (text: string) => wordsOf(text).words.map((word) => word.value);

test('the overview names every command, each with an example that is understood', () => {
  const said = JSON.stringify(helpSpeech().blocks);
  for (const command of COMMANDS) {
    const [, example = ''] = new RegExp(`\\*${command.name}\\*[^\`]*\`([^\`]*)\``).exec(said) ?? [];
    expect(example, command.name).toContain(command.name);
    const rest = example.slice(command.name.length).trim();
    const choice = choiceOf(command, rest === '' ? (command.fallback ?? '') : rest);
    expect(choice.is).toBe('subcommand');
    const { subcommand, words } = choice as Extract<typeof choice, { is: 'subcommand' }>;
    const { stray, complaints } = readArguments(subcommand.arguments, words);
    expect([stray, complaints]).toEqual([[], {}]);
  }
});

describe('words', () => {
  test.each([
    ['straight quotes', 'reason="May invoice"', 'May invoice'],
    ['curly quotes', 'reason=“May invoice”', 'May invoice'],
    ['low and angle quotes', 'reason=„May invoice“', 'May invoice'],
    ['single quotes', "reason='May invoice'", 'May invoice'],
    ['an apostrophe inside', "reason='Maya's invoice'", "Maya's invoice"],
    ['an equals sign inside', 'reason="a=b c"', 'a=b c'],
    ['entities of Slack', 'reason="a &lt;b&gt; &amp; c"', 'a <b> & c'],
    ['a link that Slack made', 'reason=<http://acme.io|acme.io>', 'acme.io'],
    ['an address that Slack made', 'reason=<mailto:a@b.example|a@b.example>', 'a@b.example'],
    ['a person', 'reason=<@U123|maya>', '@maya'],
  ])('are read with %s', (_, text, expected) => {
    expect(wordsOf(text).words).toMatchObject([{ key: 'reason', value: expected, flag: false }]);
  });

  test('may be flags, also with the dash that phones make of two hyphens', () => {
    expect(wordsOf('--alias=x —alias=x –alias=x').words).toMatchObject(
      Array.from({ length: 3 }, () => ({ key: 'alias', value: 'x', flag: true })),
    );
  });

  test('are separated by any spaces, also by those that cannot be seen', () => {
    expect(valuesOf('a\u00a0b\u200bc\n d')).toEqual(['a', 'b', 'c', 'd']);
  });

  test('with a quotation mark that never closes are told, with the cure', () => {
    expect(readTopup('acme 5 reason="May').stray).toEqual([
      'a quotation mark before “reason="May” is never closed; add one at its end',
    ]);
  });
});

describe('arguments', () => {
  test('are read by place and by name, in any order', () => {
    const reading = readCreate('groups=a,b,a credits=5k acme-prod org=acme channel=<#C0ACME|acme>');
    expect(isComplete(reading)).toBe(true);
    expect(reading.values).toEqual({
      team: 'acme-prod',
      org: 'acme',
      credits: 5_000_000_000n,
      groups: ['a', 'b'],
      channel: 'C0ACME',
    });
  });

  test.each([
    ['1,000', 1_000_000_000n],
    ['1000.5', 1_000_500_000n],
    ['5k', 5_000_000_000n],
    ['2.5K', 2_500_000_000n],
    ['1m', 1_000_000_000_000n],
  ])('take %s as an amount of credits', (text, expected) => {
    expect(readTopup(`acme ${text} reason=x`).values).toMatchObject({ credits: expected });
  });

  test.each(['1,5', '10OO', '-5', '0', '1e9', '2000m', '0.0000001', ''])(
    'refuse “%s” as an amount of credits, and say why',
    (text) => {
      const { complaints, values } = readTopup(`acme credits="${text}" reason=x`);
      expect(complaints['credits']).toMatch(/.{10}/);
      expect(values).not.toHaveProperty('credits');
    },
  );

  test.each(['0', '-5', '-0.5k'])('say the same of “%s” credits as the ledger would', (text) => {
    expect(readTopup(`acme credits="${text}" reason=x`).complaints['credits']).toBe(
      `“${text}” can't be taken: it must be more than 0`,
    );
  });

  test('that belong nowhere are told with what is allowed and what was probably meant', () => {
    expect(readCreate('acme-prod orgg=acme').stray).toEqual([
      '“orgg=” is not known, allowed: team, org, credits, groups, alias, mode, channel; did you mean “org=”?',
    ]);
    expect(readTopup('acme 5 May invoice').stray[0]).toContain('needs quotation marks');
  });

  test.each([
    ['suspend', 'acme-prod until friday', { team: 'acme-prod', until: 'friday' }],
    ['suspend', 'acme-prod Until friday', { team: 'acme-prod', until: 'friday' }],
    ['suspend', 'acme-prod until "friday 15:00"', { until: 'friday 15:00' }],
    ['topup', 'acme-prod 500 credits reason x', { credits: 500_000_000n, reason: 'x' }],
    ['topup', 'acme-prod credits=500 credits reason=x', { credits: 500_000_000n }],
    ['topup', 'reason x acme-prod 5', { team: 'acme-prod', reason: 'x' }],
    ['credits grant', 'acme-prod 5 until friday reason=x', { expires: 'friday' }],
    ['credits grant', 'acme-prod 5 until=friday reason=x', { expires: 'friday' }],
    ['credits transfer', 'acme-prod 20 to acme-dev reason=x', { to: 'acme-dev' }],
    ['key new', 'acme-prod until 30d', { expires: '30d' }],
    ['usage', 'acme-prod 30d', { team: 'acme-prod', range: '30d' }],
    ['budget', 'acme-prod max=$5 every=month', { every: '1mo' }],
  ])('of %s are understood as people say them: %s', (name, text, expected) => {
    const chosen = subcommands.find((each) => each.name === name);
    const reading = readArguments(chosen?.arguments ?? [], text);
    expect(isComplete(reading)).toBe(true);
    expect(reading.values).toMatchObject(expected);
  });

  test.each([
    ['suspend', 'acme-prod 2d', '“2d” is not understood; did you mean until=2d?'],
    ['budget', 'acme-prod $500 every=30d', '“$500” is not understood; did you mean max=$500?'],
    [
      'topup',
      'acme-prod 5 "May fee"',
      '“May fee” is not understood; did you mean reason="May fee"?',
    ],
    ['usage', 'acme-prod 30d csv', '“csv” is not understood; did you mean as=csv?'],
    ['limits', 'acme-prod 100', '“100” is not understood; did you mean requests=100?'],
    ['show', 'acme-prod until friday', '“until” is not understood; text of several words needs'],
  ])('of %s that have no name are asked about: %s', (name, text, expected) => {
    const chosen = subcommands.find((each) => each.name === name);
    expect(readArguments(chosen?.arguments ?? [], text).stray[0]).toContain(expected);
  });

  test('of a team that is called like a word of a command name that team', () => {
    const show = subcommands.find((each) => each.name === 'show');
    for (const id of ['until', 'reason', 'team', 'credits', 'to']) {
      expect(readArguments(show?.arguments ?? [], id).values).toEqual({ team: id });
      expect(readTopup(`${id} 5 reason=x`).values).not.toMatchObject({ team: '5' });
    }
  });

  test('that are given twice are refused rather than chosen between', () => {
    const { complaints } = readTopup('acme 5 credits=6 reason=x');
    expect(complaints['credits']).toContain('given twice');
  });

  test.each([
    ['500 acme-prod', 'acme-prod 500'],
    ['5k acme-prod reason="May “2” invoice"', 'acme-prod 5k reason="May “2” invoice"'],
    ['acme-prod 500', undefined],
    ['acme-prod lots', undefined],
    ['500 600', undefined],
    ['500 acme/prod', undefined],
    ['500 acme-prod May invoice', undefined],
    ['500', undefined],
  ])('given in the other order are recognized: %s', (text, expected) => {
    expect(swappedPlaces(topup?.arguments ?? [], readTopup(text))).toBe(expected);
  });

  test('that are required and absent are named', () => {
    expect(readCreate('').missing).toEqual(['team', 'org', 'credits', 'groups']);
  });

  test('take the next word where nothing follows the equals sign', () => {
    expect(readTopup('acme credits= 5 --reason "May invoice"').values).toMatchObject({
      credits: 5_000_000n,
      reason: 'May invoice',
    });
  });

  test('never throw, whatever was typed', () => {
    for (const text of ['===', '"', '<', '<@', '--', '=x', '“”', '\u202e', 'a'.repeat(9_000)]) {
      expect(() => readCreate(text)).not.toThrow();
    }
  });
});

/** Who is named with an @ comes as a mention. */
function asSlackSends(typed: string): string {
  return typed.replaceAll(/(?<=[\s=])@(\w+)/g, '<@U0NAMED|$1>');
}

describe('help', () => {
  test.each(subcommands.map((each) => [each.name, each] as const))(
    'of %s has examples that its own reader takes',
    (_, subcommand) => {
      expect(subcommand.examples.length).toBeGreaterThan(0);
      for (const example of subcommand.examples) {
        expect(choiceOf(TEAM as NonNullable<typeof TEAM>, example)).toMatchObject({ subcommand });
        const words = asSlackSends(example).slice(subcommand.name.length);
        expect(isComplete(readArguments(subcommand.arguments, words))).toBe(true);
      }
    },
  );

  test.each(subcommands.map((each) => [each.name, each] as const))(
    'of %s fits into a message',
    (_, subcommand) => {
      expect(TEAM && checkMessageBlocks(helpOfSubcommand(TEAM, subcommand).blocks).ok).toBe(true);
      expect(usageOf(subcommand).length).toBeLessThan(200);
    },
  );

  test('of the command names every subcommand and fits into a message', () => {
    const { blocks } = helpAbout(TEAM as NonNullable<typeof TEAM>, '');
    expect(checkMessageBlocks(blocks).ok).toBe(true);
    for (const { name } of subcommands.filter((each) => !each.name.includes(' '))) {
      expect(JSON.stringify(blocks)).toContain(`/team ${name}`);
    }
  });
});
