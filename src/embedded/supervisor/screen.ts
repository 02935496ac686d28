/** Where progress is shown: a terminal, a pipe, or a test. */
export interface Screen {
  /** A step that is done, with how long it took. */
  readonly done: (what: string, elapsedMs: number) => void;
  readonly news: (line: string) => void;
  readonly fault: (message: string) => void;
  readonly plain: (text: string) => void;
  readonly paint: Paint;
}

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** Names line up so that the times stand in one column. */
const NAME_WIDTH = 44;

/** Shows lines on stdout; colours only when wanted. */
export function createScreen(useColor: boolean): Screen {
  const paint = createPaint(useColor);
  return {
    paint,
    plain: print,
    done: (what, elapsedMs) =>
      print(`${paint.green('✓')} ${what.padEnd(NAME_WIDTH)} ${paint.dim(seconds(elapsedMs))}`),
    news: (line) => print(`${paint.yellow('•')} ${line}`),
    fault: (message) => print(`${paint.red('✗')} ${message}`),
  };
}

function print(text: string): void {
  console.log(text);
}

function seconds(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(1)} s`;
}

function createPaint(useColor: boolean): Paint {
  const code = (open: number, close: number) => (text: string) =>
    useColor ? `\u001B[${open}m${text}\u001B[${close}m` : text;
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    green: code(32, 39),
    red: code(31, 39),
    yellow: code(33, 39),
  };
}
