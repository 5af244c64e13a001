// Reads a stream of server-sent events from text in any chunks. It keeps what is unfinished and gives back what is whole.

export interface ServerSentEvent {
  readonly id: string | null;
  readonly data: string;
}

/** One event may be this large: a snapshot of 10,000 nodes fits many times. More is not our server. */
const MAX_EVENT_CHARACTERS = 256 * 1024 * 1024;

export class EventStreamReader {
  private line = '';
  private data: string[] = [];
  private dataSize = 0;
  private id: string | null = null;

  /** The events that this chunk completes. Throws RangeError on an event over the bound: the stream is of no use then. */
  push(chunk: string): readonly ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    const [first = '', ...others] = chunk.split('\n');
    this.line += first;
    for (const next of others) {
      this.endLine(events);
      this.line = next;
    }
    if (this.dataSize + this.line.length > MAX_EVENT_CHARACTERS) throw new RangeError('server-sent event too large');
    return events;
  }

  private endLine(events: ServerSentEvent[]): void {
    const line = this.line.endsWith('\r') ? this.line.slice(0, -1) : this.line;
    if (line !== '') {
      this.takeField(line);
      return;
    }
    if (this.data.length > 0) events.push({ id: this.id, data: this.data.join('\n') });
    this.data = [];
    this.dataSize = 0;
    this.id = null;
  }

  private takeField(line: string): void {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'id') this.id = value;
    if (name !== 'data') return;
    this.data.push(value);
    this.dataSize += value.length;
  }
}
