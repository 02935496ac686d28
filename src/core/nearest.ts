import { distance } from 'fastest-levenshtein';

/** A third of the letters may be wrong: enough for a slip, too little for another word. */
const WRONG_LETTERS_PART = 3;
const WRONG_LETTERS_LEAST = 2;

/** What was probably meant, the nearest first; where case alone differs, nothing else. The word itself is never among them. */
export function nearest(word: string, known: readonly string[], count: number): string[] {
  const lowered = word.toLowerCase();
  const most = Math.max(WRONG_LETTERS_LEAST, lowered.length / WRONG_LETTERS_PART);
  const others = known.filter((each) => each !== word);
  const same = others.filter((each) => each.toLowerCase() === lowered);
  if (same.length > 0) {
    return same.slice(0, count);
  }
  return others
    .map((each) => ({ each, away: awayFrom(lowered, each.toLowerCase()) }))
    .filter(({ away }) => away <= most)
    .sort((a, b) => a.away - b.away || (a.each < b.each ? -1 : 1))
    .slice(0, count)
    .map(({ each }) => each);
}

/** Who types a part of a longer name is as near as who mistypes one letter. */
function awayFrom(word: string, candidate: string): number {
  const shortestPart = 3;
  const isPart = word.length >= shortestPart && candidate.includes(word);
  return isPart ? Math.min(1, distance(word, candidate)) : distance(word, candidate);
}
