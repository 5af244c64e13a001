// A stream that reconnects, over scripted connections and a manual clock.
import { expect, test } from 'vitest';
import { AccessDenied, EventStream, MAX_SILENCE_MS } from '../../../src/shared/event-stream';
import { fail, ok } from '../../../src/shared/result';
import { ManualClock } from '../../support/manual-clock';

const BACKOFF = { firstMs: 100, maxMs: 1000 };

/** One connection of the test: accepted or refused, then pieces until the end or a failure. */
class Connection {
  readonly headers: Readonly<Record<string, string>>;
  readonly #accepted = Promise.withResolvers<AsyncIterable<string>>();
  readonly #pieces: (string | Error | null)[] = [];
  #wake = Promise.withResolvers<undefined>();
  isClosed = false;

  constructor(headers: Readonly<Record<string, string>>) {
    this.headers = headers;
  }

  readonly body = this.#accepted.promise;

  close(): void {
    this.isClosed = true;
  }

  accept(): void {
    this.#accepted.resolve(this.#read());
  }

  refuse(error: Error): void {
    this.#accepted.reject(error);
  }

  /** Null: the body ends. */
  send(...pieces: (string | Error | null)[]): void {
    this.#pieces.push(...pieces);
    this.#wake.resolve(undefined);
  }

  async *#read(): AsyncGenerator<string> {
    for (;;) {
      for (const piece of this.#pieces.splice(0)) {
        if (piece === null) return;
        if (piece instanceof Error) throw piece;
        yield piece;
      }
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
  }
}

function openStream() {
  const clock = new ManualClock();
  const connections: Connection[] = [];
  const seen: string[] = [];
  const stream = new EventStream<string>({
    connect: (headers) => {
      const connection = new Connection(headers);
      connections.push(connection);
      return connection;
    },
    decode: (data) => (data === 'bad' ? fail({ field: 'type', reason: 'unknown' }) : ok(data)),
    onEvent: (event) => seen.push(event),
    onConnection: (change) =>
      seen.push(change.state === 'lost' ? `lost: ${String(change.cause)}, retry in ${String(change.retryMs)} ms` : change.state),
    setTimer: (delayMs, callback) => clock.setTimer(delayMs, callback),
    backoff: BACKOFF,
    random: () => 1,
  });
  stream.open();
  const last = (): Connection => connections[connections.length - 1] ?? expect.unreachable('no connection');
  return { stream, clock, connections, last, seen };
}

/** Lets pending promises run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('event stream: connection ends -> retry resumes after the last id', async () => {
  const { clock, connections, last, seen } = openStream();
  last().accept();
  last().send('id: 7\ndata: a\n\nda', 'ta: b\n\n', null);
  await settle();
  expect(seen).toEqual(['connecting', 'open', 'a', 'b', 'lost: ended, retry in 100 ms']);
  clock.advance(100);
  last().accept();
  await settle();
  expect([connections.length, last().headers, seen.slice(5)]).toEqual([2, { 'last-event-id': '7' }, ['open']]);
});

test('event stream: connection fails -> longer delays until a connection lasts', async () => {
  const { clock, last, seen } = openStream();
  for (const delayMs of [100, 200]) {
    last().refuse(new Error('refused'));
    await settle();
    expect(seen.pop()).toBe(`lost: Error: refused, retry in ${String(delayMs)} ms`);
    clock.advance(delayMs);
  }
  last().accept();
  last().send(null);
  await settle();
  expect(seen.pop()).toBe('lost: ended, retry in 400 ms');
  clock.advance(400);
  last().accept();
  last().send('data: a\n\n', new Error('reset'));
  await settle();
  expect(seen.pop()).toBe('lost: Error: reset, retry in 800 ms');
  clock.advance(800);
  last().accept();
  await settle();
  clock.advance(BACKOFF.maxMs);
  last().send(new Error('reset'));
  await settle();
  expect(seen.pop()).toBe('lost: Error: reset, retry in 100 ms');
});

test('event stream: invalid event -> connection closed, the next one does not resume', async () => {
  const { clock, connections, last, seen } = openStream();
  last().accept();
  last().send('id: 1\ndata: a\n\nid: 2\ndata: bad\n\ndata: c\n\n');
  await settle();
  expect(seen).toEqual(['connecting', 'open', 'a', 'lost: Error: invalid event: type unknown, retry in 100 ms']);
  expect(last().isClosed).toBe(true);
  clock.advance(100);
  expect([connections.length, last().headers]).toEqual([2, {}]);
});

test('event stream: the server ends it with an error -> lost with the error, the next one resumes', async () => {
  const { clock, connections, last, seen } = openStream();
  last().accept();
  last().send('id: 1\ndata: a\n\nevent: error\ndata: {"error":{"code":"OVERLOADED"}}\n\ndata: c\n\n');
  await settle();
  const cause = 'Error: the server ended the stream: {"error":{"code":"OVERLOADED"}}';
  expect(seen).toEqual(['connecting', 'open', 'a', `lost: ${cause}, retry in 100 ms`]);
  clock.advance(100);
  expect([connections.length, last().headers]).toEqual([2, { 'last-event-id': '1' }]);
});

test('event stream: silence -> connection closed and replaced; a comment ends the silence', async () => {
  const { clock, connections, last, seen } = openStream();
  last().accept();
  await settle();
  clock.advance(MAX_SILENCE_MS - 1);
  last().send(': keep-alive\n\n');
  await settle();
  clock.advance(MAX_SILENCE_MS - 1);
  expect(seen).toEqual(['connecting', 'open']);
  clock.advance(1);
  expect(seen[2]).toBe('lost: silent, retry in 100 ms');
  expect(connections[0]?.isClosed).toBe(true);
  clock.advance(100);
  connections[0]?.send('data: late\n\n');
  await settle();
  expect([connections.length, seen.length]).toEqual([2, 3]);
});

test('event stream: late piece of a lost connection -> ignored, the retry stays due', async () => {
  const { clock, connections, last, seen } = openStream();
  last().accept();
  await settle();
  clock.advance(MAX_SILENCE_MS);
  connections[0]?.send('data: late\n\n');
  await settle();
  clock.advance(100);
  expect([connections.length, seen]).toEqual([2, ['connecting', 'open', 'lost: silent, retry in 100 ms']]);
});

test('event stream: listener closes the stream -> the other events of the piece are dropped', async () => {
  const { stream, last, seen } = openStream();
  last().accept();
  await settle();
  seen.push = (...items) => {
    stream.close();
    return Array.prototype.push.apply(seen, items);
  };
  last().send('data: a\n\ndata: b\n\n');
  await settle();
  expect([...seen]).toEqual(['connecting', 'open', 'a']);
});

test('event stream: server does not respond to the request -> lost as silent', () => {
  const { clock, seen } = openStream();
  clock.advance(MAX_SILENCE_MS);
  expect(seen).toEqual(['connecting', 'lost: silent, retry in 100 ms']);
});

test('event stream: access denied -> no retry until opened again', async () => {
  const { stream, clock, connections, last, seen } = openStream();
  last().refuse(new AccessDenied('unauthorized'));
  await settle();
  clock.advance(10 * MAX_SILENCE_MS);
  expect([connections.length, seen]).toEqual([1, ['connecting', 'unauthorized']]);
  stream.open();
  expect(connections.length).toBe(2);
});

test('event stream: access denied after a loss -> opened again reports connecting', async () => {
  const { stream, clock, last, seen } = openStream();
  last().refuse(new Error('refused'));
  await settle();
  clock.advance(100);
  last().refuse(new AccessDenied('unauthorized'));
  await settle();
  stream.open();
  last().refuse(new AccessDenied('unauthorized'));
  await settle();
  expect(seen.slice(2)).toEqual(['unauthorized', 'connecting', 'unauthorized']);
});

test('event stream: closed -> no further event, no retry', async () => {
  const { stream, clock, connections, last, seen } = openStream();
  last().accept();
  await settle();
  stream.close();
  last().send('data: a\n\n', null);
  await settle();
  clock.advance(10 * MAX_SILENCE_MS);
  expect([connections.length, last().isClosed, seen]).toEqual([1, true, ['connecting', 'open']]);
});
