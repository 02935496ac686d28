import { TRANSCRIPT_CHARACTERS_MAX } from './limits.ts';

/**
 * All that ever passed between the app and the workspace, either way, as text, so that one search
 * can prove that a secret was never sent. Credentials of the app itself are not part of it.
 * Bounded: when it is full the oldest lines go, and the dump begins by saying so.
 */
export type Transcript = {
  write(kind: string, content: unknown): void;
  dump(): string;
};

export function createTranscript(): Transcript {
  let lines: string[] = [];
  let characters = 0;
  let forgotten = 0;
  return {
    write(kind, content) {
      const line = `${kind} ${typeof content === 'string' ? content : JSON.stringify(content)}`;
      lines.push(line);
      characters += line.length;
      if (characters > TRANSCRIPT_CHARACTERS_MAX) {
        const dropped = lines.slice(0, Math.ceil(lines.length / 2));
        lines = lines.slice(dropped.length);
        forgotten += dropped.length;
        characters = lines.reduce((sum, kept) => sum + kept.length, 0);
      }
    },
    dump() {
      const head = forgotten > 0 ? [`(the oldest ${forgotten} lines were dropped)`] : [];
      return [...head, ...lines].join('\n');
    },
  };
}
