// Server-sent events out of a byte stream, however it was cut: LF, CRLF and CR, comments, data of several lines. No I/O.

export interface ServerEvent {
  /** `message` unless the server named it. */
  readonly name: string;
  readonly data: string;
}

/** An event that grew beyond the limit: the stream is not worth going on with. */
export class EventTooLarge extends Error {}

export class SseParser {
  private readonly decoder = new TextDecoder();
  private line = '';
  private afterCr = false;
  private name = '';
  private data: string[] = [];
  private size = 0;

  constructor(private readonly maxEventChars: number) {}

  /** The events that this piece completed. Throws `EventTooLarge`. An event without its empty line waits for `end`. */
  push(bytes: Uint8Array): ServerEvent[] {
    const events: ServerEvent[] = [];
    const text = this.decoder.decode(bytes, { stream: true });
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text[at];
      const isLineEnd = char === '\n' || char === '\r';
      // The second half of a CRLF, perhaps in another piece.
      const isRest = char === '\n' && this.afterCr;
      this.afterCr = char === '\r';
      if (!isLineEnd) continue;
      if (!isRest) this.endLine(this.line + text.slice(start, at), events);
      this.line = '';
      start = at + 1;
    }
    this.line += text.slice(start);
    if (this.line.length + this.size > this.maxEventChars) throw new EventTooLarge();
    return events;
  }

  /** The event that the end of the body completed: many servers leave out the last empty line. */
  end(): ServerEvent[] {
    const events: ServerEvent[] = [];
    if (this.line !== '') this.endLine(this.line, events);
    this.line = '';
    this.endLine('', events);
    return events;
  }

  private endLine(line: string, events: ServerEvent[]): void {
    if (line === '') {
      if (this.data.length > 0) events.push({ name: this.name === '' ? 'message' : this.name, data: this.data.join('\n') });
      this.name = '';
      this.data = [];
      this.size = 0;
      return;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.name = value;
    if (field !== 'data') return;
    this.data.push(value);
    this.size += value.length;
    if (this.size > this.maxEventChars) throw new EventTooLarge();
  }
}
