// On which line of a TOML text each key and table stands, since the parser does not say. The text must be valid TOML:
// this only finds where statements begin and values end, and leaves their meaning to the parser.
import { parse } from 'smol-toml';

export interface KeyLine {
  /** `['server', 'port']`, tables included. */
  readonly path: readonly string[];
  /** Counted from 1. */
  readonly line: number;
}

/** Every key and table header in the order of the text, keys of inline tables too. */
export function tomlKeyLines(toml: string): readonly KeyLine[] {
  const found: KeyLine[] = [];
  const cursor = new Cursor(toml);
  let table: readonly string[] = [];
  for (cursor.skipBlank(); !cursor.atEnd; cursor.skipBlank()) {
    const line = cursor.line;
    if (cursor.peek() === '[') {
      const header = cursor.takeUntil('\n#').trim();
      table = keyParts(header.replace(/^\[+|\]+$/g, ''));
      found.push({ path: table, line });
    } else {
      readAssignment(cursor, table, found);
    }
  }
  return found;
}

/** The line of a key, or else of the nearest table around it; null when neither is in the text. */
export function lineOfKey(lines: readonly KeyLine[], path: readonly string[]): number | null {
  for (let length = path.length; length > 0; length--) {
    const wanted = path.slice(0, length).join('\0');
    const hit = lines.find((candidate) => candidate.path.slice(0, length).join('\0') === wanted);
    if (hit !== undefined) return hit.line;
  }
  return null;
}

function readAssignment(cursor: Cursor, table: readonly string[], found: KeyLine[]): void {
  const line = cursor.line;
  const path = [...table, ...keyParts(cursor.takeUntil('='))];
  found.push({ path, line });
  cursor.take();
  readValue(cursor, path, found);
}

function readValue(cursor: Cursor, path: readonly string[], found: KeyLine[]): void {
  cursor.skipBlank();
  const opening = cursor.peek();
  if (opening !== '[' && opening !== '{') {
    cursor.takeUntil(',]}\n#');
    return;
  }
  cursor.take();
  const closing = opening === '[' ? ']' : '}';
  for (cursor.skipBlank(','); !cursor.atEnd && cursor.peek() !== closing; cursor.skipBlank(',')) {
    if (opening === '[') readValue(cursor, path, found);
    else readAssignment(cursor, path, found);
  }
  cursor.take();
}

/** `a."b.c"` as `['a', 'b.c']`: the parser knows quotes and escapes. */
function keyParts(key: string): readonly string[] {
  const parts: string[] = [];
  let value: unknown = parse(`${key} = 0`);
  while (typeof value === 'object' && value !== null) {
    const entry: [string, unknown] | undefined = Object.entries(value)[0];
    if (entry === undefined) break;
    parts.push(entry[0]);
    value = entry[1];
  }
  return parts;
}

class Cursor {
  private position = 0;
  line = 1;

  constructor(private readonly text: string) {}

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  peek(): string {
    return this.text.charAt(this.position);
  }

  take(): string {
    const char = this.text.charAt(this.position++);
    if (char === '\n') this.line++;
    return char;
  }

  /** Skips white space, line ends, comments, and the characters in `besides`. */
  skipBlank(besides = ''): void {
    while (!this.atEnd) {
      const char = this.peek();
      if (char === '#') while (!this.atEnd && this.peek() !== '\n') this.take();
      else if (' \t\r\n\uFEFF'.includes(char) || besides.includes(char)) this.take();
      else return;
    }
  }

  /** Takes what comes before the first of `stops` that is outside quotes. */
  takeUntil(stops: string): string {
    const start = this.position;
    while (!this.atEnd && !stops.includes(this.peek())) {
      if (this.peek() === '"' || this.peek() === "'") this.takeString();
      else this.take();
    }
    return this.text.slice(start, this.position);
  }

  private takeString(): void {
    const quote = this.peek();
    const fence = this.text.startsWith(quote.repeat(3), this.position) ? quote.repeat(3) : quote;
    for (let i = 0; i < fence.length; i++) this.take();
    while (!this.atEnd && !this.text.startsWith(fence, this.position)) {
      if (this.take() === '\\' && quote === '"') this.take();
    }
    // A multi-line string may end in up to two quotes of its own before the fence.
    while (!this.atEnd && this.peek() === quote) this.take();
  }
}
