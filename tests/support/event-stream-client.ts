// Follows server-sent events and keeps them with their numbers.
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { OWNER_KEY } from './http-api';
import { within } from './within';

export interface StreamEvent {
  readonly id: number | null;
  readonly data: Record<string, unknown>;
}

const WAIT_LIMIT_MS = 10_000;

export class EventStreamClient {
  readonly events: StreamEvent[] = [];
  comments = 0;
  readonly #request: ClientRequest;
  readonly #response: IncomingMessage;
  readonly #closed: Promise<void>;
  #buffer = '';
  #last = '';
  #wake: () => void = () => undefined;

  private constructor(sent: ClientRequest, response: IncomingMessage) {
    this.#request = sent;
    this.#response = response;
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      this.#read(text);
    });
    response.on('error', () => undefined);
    this.#closed = new Promise((resolve) => response.once('close', resolve));
  }

  static open(port: number, path: string, headers: Readonly<Record<string, string>> = {}): Promise<EventStreamClient> {
    const opened = new Promise<EventStreamClient>((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port, path, headers: { authorization: `Bearer ${OWNER_KEY}`, ...headers }, agent: false },
        (response) => {
          if (response.statusCode === 200) resolve(new EventStreamClient(sent, response));
          else reject(new Error(`status ${String(response.statusCode)}`));
        },
      );
      sent.on('error', reject);
      sent.end();
    });
    return within(`the headers of the answer to GET ${path}`, opened, WAIT_LIMIT_MS);
  }

  /** Rejects when the stream is still open after a limit. */
  get closed(): Promise<void> {
    return within('the event stream to close', this.#closed, WAIT_LIMIT_MS);
  }

  /** Resolves with the first `count` events. */
  async first(count: number): Promise<readonly StreamEvent[]> {
    const deadline = performance.now() + WAIT_LIMIT_MS;
    while (this.events.length < count) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new Error(`${String(this.events.length)} of ${String(count)} events within ${String(WAIT_LIMIT_MS)} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.events.slice(0, count);
  }

  pause(): void {
    this.#response.pause();
  }

  /** True: the server ended the stream. False: the connection was lost. */
  get isWhole(): boolean {
    return this.#response.complete;
  }

  close(): void {
    this.#request.destroy();
  }

  #read(text: string): void {
    // A large event comes in thousands of pieces: only the new piece and the seam are searched.
    const isEnd = text.includes('\n\n') || (text.startsWith('\n') && this.#last.endsWith('\n'));
    this.#last = text;
    this.#buffer += text;
    if (!isEnd) return;
    const blocks = this.#buffer.split('\n\n');
    this.#buffer = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n');
      const id = lines.find((line) => line.startsWith('id: '))?.slice(4);
      const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
      if (data.length > 0)
        this.events.push({ id: id === undefined ? null : Number(id), data: JSON.parse(data.join('\n')) as Record<string, unknown> });
      else if (block.startsWith(':')) this.comments++;
    }
    this.#wake();
  }
}
