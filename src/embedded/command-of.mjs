import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** A program that looks something up answers at once or never. */
const LOOKUP_TIMEOUT_MS = 30_000;

/**
 * The command line of a process, or null when there is no such process (or it is a zombie).
 * @param {number} pid
 * @returns {Promise<string | null>}
 */
export async function commandOf(pid) {
  try {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return words === '' ? null : words.split('\0').join(' ').trim();
  } catch {
    if (process.platform === 'linux') {
      return null;
    }
    return (await printedBy('ps', ['-p', String(pid), '-o', 'command='])).trim() || null;
  }
}

/**
 * What a small program prints; nothing when it fails or is not there.
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
export async function printedBy(program, args) {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: LOOKUP_TIMEOUT_MS }, (error, stdout) =>
      resolve(error ? '' : stdout),
    );
  });
}
