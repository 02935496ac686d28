import { createHash } from 'node:crypto';

const HEROES = ['a lighthouse keeper', 'a young cartographer', 'an old ferryman', 'a night baker'];
const PLACES = [
  'a harbour of paper boats',
  'a town of many stairs',
  'the last inn before the pass',
];
const FINDS = [
  'a compass that pointed home',
  'a letter without a name',
  'a bell that nobody had rung',
];
const FRIENDS = ['a talkative heron', 'the clockmaker next door', 'a dog with one white ear'];
const TURNS = [
  'It took three tries and one honest mistake.',
  'The rain helped, as rain sometimes does.',
  'Nobody hurried, and that made all the difference.',
];
const ENDS = [
  'By morning everyone knew, and nobody minded.',
  'They still tell it when the evenings grow long.',
  'And that is how the town learned to share its lamps.',
];

/** A short, friendly story: always the same one for the same prompt. */
export function tellStory(prompt: string): string {
  const seed = createHash('sha256').update(prompt).digest();
  const pick = (choices: readonly string[], at: number) =>
    choices[(seed[at] ?? 0) % choices.length] ?? '';
  return [
    `Once there was ${pick(HEROES, 0)} who lived in ${pick(PLACES, 1)}.`,
    `One evening, behind the flour sacks, there lay ${pick(FINDS, 2)}.`,
    `"This is not mine to keep," said the finder, and went to ask ${pick(FRIENDS, 3)}.`,
    pick(TURNS, 4),
    `Together they found out whose it was, and walked the long way there with a lantern.`,
    pick(ENDS, 5),
  ].join(' ');
}
