import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { CommandSpec } from './commands.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { withCommands } from './name-commands.ts';
import { ON_STANDARD_INPUT, readSecret, takesSecret } from './secrets.ts';
import { send } from './send.ts';
import type { Server } from './send.ts';
import { told } from './table.ts';
import { valueOf } from './values.ts';

/** What takes something away from a customer, at once. */
const TAKES_AWAY = new Set([
  'delete',
  'clear',
  'archive',
  'suspend',
  'pause',
  'deduct',
  'block',
  'deactivate',
  'remove-models',
]);
/** The same by a value: `organizations status acme --status deleted`. */
const TAKING_STATUSES = new Set(['suspended', 'paused', 'archived', 'deleted', 'inactive']);

/** Runs a command as it was typed; answers the exit code. */
export async function runCommand(
  server: Server,
  { spec, specs }: { readonly spec: CommandSpec; readonly specs: readonly CommandSpec[] },
  command: Command,
): Promise<number> {
  const { json, yes, ...typed } = command.optsWithGlobals<Record<string, string | boolean>>();
  const values = await valuesOf(spec, typed);
  if ('complaint' in values) {
    return complain(values.complaint, EXIT.usage);
  }
  if (takesAway(spec, values.values) && yes !== true) {
    const agreed = await ask(`${[...spec.words, ...command.args].join(' ')}: sure?`);
    if (!agreed) {
      const code = process.stdin.isTTY ? EXIT.refused : EXIT.usage;
      return complain('Nothing was changed. In a script say --yes', code);
    }
  }
  const { status, answer, next, version } = await send(server, spec, command.args, values.values);
  if (status >= 400) {
    const text =
      json === true
        ? JSON.stringify(answer, null, 2)
        : withCommands(complaintOf(answer, status), specs);
    return complain(text, exitCodeOf(status));
  }
  const text =
    json === true
      ? JSON.stringify(answer, null, 2)
      : told(withVersion(answer, version), spec.lists);
  process.stdout.write(`${text}\n`);
  process.stderr.write(pageHint(server, next));
  return EXIT.done;
}

/** With what --if-match takes. */
function withVersion(answer: unknown, version: string | undefined): unknown {
  return version === undefined ? answer : { ...(answer as object), version };
}

/** A list that ends in the middle says so. */
function pageHint({ url }: Server, next: string | undefined): string {
  const after = next === undefined ? null : new URL(next, url).searchParams.get('after');
  return after === null ? '' : `There are more: go on with --after ${after}\n`;
}

function takesAway({ words, method }: CommandSpec, values: ReadonlyMap<string, unknown>): boolean {
  return (
    TAKES_AWAY.has(words.at(-1) ?? '') ||
    (method !== 'GET' && TAKING_STATUSES.has(String(values.get('status'))))
  );
}

async function valuesOf(
  spec: CommandSpec,
  typed: Readonly<Record<string, string | boolean>>,
): Promise<{ values: Map<string, unknown> } | { complaint: string }> {
  const values = new Map<string, unknown>();
  const missing = [];
  for (const { name, typed: flag, schema, required } of spec.flags) {
    const given = typed[flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
    const isSecret = takesSecret(`--${flag}`);
    if (isSecret && given === ON_STANDARD_INPUT) {
      values.set(name, await readSecret(`--${flag}: `));
    } else if (typeof given === 'string') {
      const read = valueOf(given, schema);
      if ('complaint' in read) {
        return { complaint: `--${flag}${isSecret ? '' : ` ${given}`}: ${read.complaint}` };
      }
      values.set(name, read.value);
    } else if (required) {
      missing.push(`--${flag}`);
    }
  }
  return missing.length === 0
    ? { values }
    : { complaint: `${spec.words.join(' ')}: ${missing.join(', ')} is missing` };
}

/** The sentence of a refusal, with what cures it. */
function complaintOf(answer: unknown, status: number): string {
  const { detail, cure } = (typeof answer === 'object' && answer !== null ? answer : {}) as {
    detail?: unknown;
    cure?: unknown;
  };
  const mistakes = Array.isArray(detail) ? detail.map(mistakeText).join('\n') : detail;
  const sentence = typeof mistakes === 'string' ? mistakes : `The server answered ${status}`;
  return typeof cure === 'string' ? `${sentence}\n${cure}` : sentence;
}

function mistakeText(mistake: { loc?: readonly unknown[]; msg?: string }): string {
  return `${(mistake.loc ?? []).slice(1).join('.')}: ${mistake.msg ?? ''}`;
}

/** Nobody can be asked where there is no terminal. */
async function ask(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    return false;
  }
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await reader.question(`${question} [y/N] `)).trim());
  } finally {
    reader.close();
  }
}

function complain(sentence: string, code: number): number {
  process.stderr.write(`${sentence}\n`);
  return code;
}
