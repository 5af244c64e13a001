// Server-sent events from pieces of text, by the rules of the HTML standard (event streams). Pure: pieces in, messages out.

export interface SseMessage {
  readonly id: string | null;
  readonly data: string;
}

/** A line longer than this is no event of ours: the stream is given up rather than the memory. */
export const MAX_BUFFERED_CHARS = 32 * 1024 * 1024;

export class SseParser {
  #rest = '';
  #data: string[] = [];
  #id: string | null = null;

  /** The messages completed by this piece. Throws a RangeError when an event outgrows `MAX_BUFFERED_CHARS`. */
  push(piece: string): SseMessage[] {
    const messages: SseMessage[] = [];
    const text = this.#rest + piece;
    // A piece may end between \r and \n: the \r waits for the next one.
    const end = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? '') + text.slice(end);
    if (this.#rest.length > MAX_BUFFERED_CHARS) throw new RangeError('event too long');
    for (const line of lines) {
      if (line !== '') this.#field(line);
      else if (this.#data.length > 0) {
        messages.push({ id: this.#id, data: this.#data.join('\n') });
        this.#data = [];
      }
    }
    return messages;
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.#data.push(value);
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
  }
}
