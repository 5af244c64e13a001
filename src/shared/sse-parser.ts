// Parses server-sent events from pieces of text by the HTML standard (§9.2.6). Unfinished text is kept for the next piece. An event
// without its empty line is an event only when the caller calls `end`.

export interface ServerSentEvent {
  /** The last id of the stream, perhaps from an earlier event; null before the first. */
  readonly id: string | null;
  /** `message` unless the server set a name. */
  readonly name: string;
  readonly data: string;
}

/** The limit for events of a scheduler. A snapshot of 10,000 nodes is much smaller. */
export const MAX_EVENT_CHARACTERS = 256 * 1024 * 1024;

/** An event exceeds the limit. The caller ends the stream to save memory. */
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

  /** Returns the events that this piece completes. Throws `EventTooLarge`. */
  push(piece: string): readonly ServerSentEvent[] {
    if (piece === '') return [];
    const events: ServerSentEvent[] = [];
    // Only the piece is scanned: a line may consist of thousands of pieces.
    const [first = '', ...others] = this.#textOf(piece).split(/\r\n|\r|\n/);
    this.#line += first;
    for (const next of others) {
      this.#endLine(events);
      this.#line = next;
    }
    this.#checkSize(this.#line.length);
    return events;
  }

  /** Returns the unfinished event at the end of the text, since some servers leave out the last empty line. */
  end(): readonly ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    this.#endLine(events);
    this.#line = '';
    this.#endLine(events);
    return events;
  }

  /** The piece without the byte order mark of the stream, and without the LF of a CRLF that the piece boundary split. */
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
    // Comments have no field name. All other fields are ignored.
    if (field === 'event') this.#name = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'data') {
      this.#data.push(value);
      // The line end counts, too: empty data lines need memory as well.
      this.#dataLength += value.length + 1;
      this.#checkSize(0);
    }
  }

  #checkSize(unfinished: number): void {
    if (this.#dataLength + unfinished > this.#maxEventCharacters)
      throw new EventTooLarge(`a server-sent event has more than ${String(this.#maxEventCharacters)} characters`);
  }
}
