import type { Paint } from './screen.ts';

/** The first thing to type: it makes a team that can call models at once. */
const FIRST_COMMAND = '/team create acme-prod org=acme credits=1000 groups=gpt-models';

export interface CardFacts {
  readonly url: string;
  /** Null when a real Slack is used. */
  readonly workspaceUrl: string | null;
  readonly localFile: string;
  readonly logs: string;
  readonly elapsedMs: number;
}

/** What a person needs to know once everything runs. */
export function readyCard(facts: CardFacts, paint: Paint): string {
  const row = (name: string, value: string) => `  ${paint.dim(name.padEnd(12))} ${value}`;
  const seconds = (facts.elapsedMs / 1000).toFixed(1);
  return [
    '',
    `${paint.bold('Quartermaster is ready')} ${paint.dim(`(${seconds} s)`)}`,
    '',
    ...(facts.workspaceUrl === null ? [] : [row('Workspace', paint.bold(facts.workspaceUrl))]),
    row('Proxy', `${facts.url}/v1`),
    row('API', `${facts.url}/api`),
    row('Admin key', `in ${facts.localFile}`),
    row('Logs', facts.logs),
    '',
    facts.workspaceUrl === null
      ? '  Type this in your Slack first:'
      : '  Open the workspace and type this first:',
    `  ${paint.green(FIRST_COMMAND)}`,
    '',
    paint.dim('  Ctrl-C stops it; the data stays.'),
    '',
  ].join('\n');
}
