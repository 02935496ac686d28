// What Postgres did for each question that one process asked: the plans of its statements, as auto_explain tells them in
// the server's log.

import { Client } from 'pg';

/** Statements that are quicker say nothing. */
const LEAST_MS = 1;
/** The log may come a moment after the answer. */
const QUIET_MS = 200;

const MARK = /^(?<name>[^|]*)\|LOG: {2}duration: (?<ms>[\d.]+) ms {2}plan:$/;
const TEXT = 'Query Text: ';
/** The values of a long list say nothing of how they are found. */
const LONG_LIST = /'\{[^}]{80,}\}'/g;

export interface Plan {
  readonly ms: number;
  readonly statement: string;
  readonly plan: string;
}

export interface PlanTap {
  /** To be given every line of the server. */
  readonly onLine: (line: string) => void;
  /** Has sessions that begin from now on able to tell. */
  prepare(databaseUrl: string): Promise<void>;
  /** The slowest statement of a question. */
  slowestOf(databaseUrl: string, ask: () => Promise<unknown>): Promise<Plan | undefined>;
}

/** Listens to the sessions that have this name (PGAPPNAME). */
export function createPlanTap(sessionName: string): PlanTap {
  const heard: { ms: number; lines: string[] }[] = [];
  let isOurs = false;
  return {
    onLine(line) {
      const found = MARK.exec(line)?.groups;
      if (found !== undefined) {
        isOurs = found['name'] === sessionName;
        if (isOurs) {
          heard.push({ ms: Number(found['ms']), lines: [] });
        }
      } else if (isOurs && line.startsWith('\t')) {
        heard.at(-1)?.lines.push(line.slice(1));
      }
    },
    prepare: async (url) =>
      set(url, {
        session_preload_libraries: 'auto_explain',
        'auto_explain.log_analyze': 'on',
        'auto_explain.log_buffers': 'on',
        'auto_explain.log_timing': 'off',
        log_line_prefix: '%a|',
      }),
    async slowestOf(url, ask) {
      await set(url, { 'auto_explain.log_min_duration': String(LEAST_MS) });
      heard.length = 0;
      await ask();
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      await set(url, { 'auto_explain.log_min_duration': '-1' });
      const slowest = heard.toSorted((one, other) => other.ms - one.ms)[0];
      return slowest === undefined ? undefined : planFrom(slowest);
    },
  };
}

function planFrom({ ms, lines }: { ms: number; lines: readonly string[] }): Plan {
  const text = lines.join('\n');
  // A plan begins with the first line that tells of rows.
  const at = lines.findIndex((line) => line.includes('(cost='));
  return {
    ms,
    statement: lines.slice(0, at).join(' ').replace(TEXT, '').replaceAll(/\s+/g, ' ').trim(),
    plan: (at < 0 ? text : lines.slice(at).join('\n')).replaceAll(LONG_LIST, "'{…}'"),
  };
}

async function set(url: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("LOAD 'auto_explain'");
    for (const [name, value] of Object.entries(settings)) {
      await client.query(`ALTER SYSTEM SET ${name} = ${client.escapeLiteral(value)}`);
    }
    await client.query('SELECT pg_reload_conf()');
  } finally {
    await client.end();
  }
}
