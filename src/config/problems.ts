import { distance } from 'fastest-levenshtein';

/** One mistake in what was configured, said so that it can be mended without asking. */
export interface ConfigProblem {
  /** The file, or `environment`. */
  readonly file: string;
  readonly line?: number;
  /** Where in it: `models.gpt-4o.deployments[0].api_key`, or the name of a variable. */
  readonly path: string;
  /** What is wrong, and the cure. Never a configured value that may be secret. */
  readonly message: string;
}

/** What was configured can't be used. Holds every mistake, not only the first. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(
      problems.length === 1
        ? `Cannot read the configuration: ${problems.map(problemText).join('')}`
        : `Cannot read the configuration, ${problems.length} mistakes:\n${problems
            .map((problem) => `  ${problemText(problem)}`)
            .join('\n')}`,
    );
    this.problems = problems;
  }
}

/** `quartermaster.yaml line 12, models.gpt-4o: "modle" is not known, did you mean "model"?` */
export function problemText({ file, line, path, message }: ConfigProblem): string {
  const place = line === undefined ? file : `${file} line ${line}`;
  return path === '' ? `${place}: ${message}` : `${place}, ${path}: ${message}`;
}

/** `, did you mean "model"?`, or the list of what is allowed where nothing is near. */
export function suggestion(word: string, allowed: readonly string[]): string {
  const near = didYouMean(word, allowed);
  if (near !== '' || allowed.length === 0) {
    return near;
  }
  return `, allowed: ${allowed.join(', ')}`;
}

/** `, did you mean "model"?`, or nothing where no word is near. */
export function didYouMean(word: string, allowed: readonly string[]): string {
  const lowered = word.toLowerCase();
  const [nearest] = allowed
    .map((each) => ({ each, away: distance(lowered, each.toLowerCase()) }))
    .sort((a, b) => a.away - b.away);
  // A third of the letters may be wrong: enough for a slip, too little for another word.
  return nearest !== undefined && nearest.away <= Math.max(2, word.length / 3)
    ? `, did you mean "${nearest.each}"?`
    : '';
}

/** `models.gpt-4o.deployments[0]` */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}
