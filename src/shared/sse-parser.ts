// Server-sent events from pieces of text, however it was cut, by the rules of the HTML standard (§9.2.6). What is unfinished is kept; an
// event without its empty line is one only for who asks for it at the end.

export interface ServerSentEvent {
  /** The last id that the stream has told, perhaps with an earlier event; null before the first. */
  readonly id: string | null;
  /** `message` unless the server named it. */
  readonly name: string;
  readonly data: string;
}

/** One event of a scheduler may be this large: a snapshot of 10,000 nodes fits many times. */
export const MAX_EVENT_CHARACTERS = 256 * 1024 * 1024;

/** An event that grew beyond the limit: the stream is given up rather than the memory. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

export class SseParser {
  readonly #maxEventCharacters: number;
  #isAtStart = true;
  #afterCr = false;
  #line = '';
  #id: string | null = null;
  #name = '';
  #data: string[] = [];
  #dataLength = 0;

  constructor(maxEventCharacters: number = MAX_EVENT_CHARACTERS) {
    this.#maxEventCharacters = maxEventCharacters;
  }

  /** The events that this piece completes. Throws `EventTooLarge`. */
  push(piece: string): readonly ServerSentEvent[] {
    if (piece === '') return [];
    const events: ServerSentEvent[] = [];
    // Only the piece is looked through: a line may come in thousands of them.
    const [first = '', ...others] = this.#textOf(piece).split(/\r\n|\r|\n/);
    this.#line += first;
    for (const next of others) {
      this.#endLine(events);
      this.#line = next;
    }
    this.#checkSize(this.#line.length);
    return events;
  }

  /** The event that the end of the text cut short, perhaps within its last line: some servers leave out the last empty line. */
  end(): readonly ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    this.#endLine(events);
    this.#line = '';
    this.#endLine(events);
    return events;
  }

  /** Without the mark at the very beginning, and without the second half of a line end whose first half ended the piece before. */
  #textOf(piece: string): string {
    const isRest = this.#isAtStart ? piece.startsWith('\ufeff') : this.#afterCr && piece.startsWith('\n');
    this.#isAtStart = false;
    this.#afterCr = piece.endsWith('\r');
    return isRest ? piece.slice(1) : piece;
  }

  #endLine(events: ServerSentEvent[]): void {
    if (this.#line !== '') {
      this.#takeField(this.#line);
      return;
    }
    if (this.#data.length > 0) events.push({ id: this.#id, name: this.#name === '' ? 'message' : this.#name, data: this.#data.join('\n') });
    this.#name = '';
    this.#data = [];
    this.#dataLength = 0;
  }

  #takeField(line: string): void {
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    // A comment has no name, and what else there is only a browser heeds.
    if (field === 'event') this.#name = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'data') {
      this.#data.push(value);
      // With its line end: lines without data take room as well.
      this.#dataLength += value.length + 1;
      this.#checkSize(0);
    }
  }

  #checkSize(unfinished: number): void {
    if (this.#dataLength + unfinished > this.#maxEventCharacters)
      throw new EventTooLarge(`a server-sent event has more than ${String(this.#maxEventCharacters)} characters`);
  }
}
