// Loaded before the program of a scheduler (`node --import`): the process kills itself with SIGKILL at the point that the
// environment names. A member of a cluster reads the point from a file at SIGUSR2, because it leads long after its start. It wraps
// functions of Node, `ws`, `pg` and the client of NATS; the program has no code for it.
import { readFileSync, writeSync } from 'node:fs';
import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { WebSocket } from 'ws';

interface Armed {
  readonly side: 'before' | 'after';
  readonly act: string;
  /** The process kills itself at this occurrence of the act, counted from 1. */
  readonly nth: number;
}

type Call = (this: unknown, ...args: unknown[]) => unknown;
type Labels = (self: unknown, args: readonly unknown[]) => readonly string[];
/** When an act is complete that its function only begins. */
type Completed = (self: unknown, result: unknown) => Promise<unknown>;

const { MUSTER_TEST_KILL: point = 'null', MUSTER_TEST_KILL_FILE: pointFile } = process.env;
let armed = JSON.parse(point) as Armed | null;
let times = 0;

/** Whether the process kills itself at this act. */
const isNow = (labels: readonly string[]): boolean => armed !== null && labels.includes(armed.act) && ++times === armed.nth;

function die(): never {
  writeSync(2, `killed ${String(armed?.side)} ${String(armed?.act)}\n`);
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

function watch(prototype: object, name: string, labelsOf: Labels, completed: Completed | null = null): void {
  const methods = prototype as Record<string, Call>;
  const original = methods[name];
  if (original === undefined) throw new Error(`nothing to watch: ${name}`);
  methods[name] = function (this: unknown, ...args: unknown[]): unknown {
    const isDoomed = isNow(labelsOf(this, args));
    if (isDoomed && armed?.side === 'before') die();
    const result = original.apply(this, args);
    if (isDoomed && completed === null) die();
    if (isDoomed) completed?.(this, result).then(die, die);
    return result;
  };
}

const JOB_UPDATE = /^UPDATE jobs SET status/;
let written: string[] = [];

const JOB_COLUMNS = 10;

/** PostgreSQL gets the rows of several inserts in one statement. */
function labelsOfStatement(sql: string, values: readonly unknown[]): readonly string[] {
  if (sql.startsWith('INSERT INTO jobs ')) {
    const facts = values.filter((_, i) => i % JOB_COLUMNS === 3).map(String);
    return facts.map((fact) => (fact.includes('"interactive":true') ? 'commit:behind' : 'commit:accepted'));
  }
  if (sql.includes('INTO idempotency_keys')) return ['commit:key'];
  if (sql.startsWith('INSERT INTO nodes ')) return ['commit:node'];
  if (!JOB_UPDATE.test(sql)) return [];
  const status = String(values[0]);
  if (status !== 'queued') return [`commit:${status}`];
  const { attempts } = JSON.parse(String(values[2])) as { readonly attempts: readonly { readonly outcome: string | null }[] };
  return [`commit:requeued:${String(attempts.at(-1)?.outcome)}`];
}

watch(StatementSync.prototype, 'run', (self, params) => {
  written.push(...labelsOfStatement((self as StatementSync).sourceSQL, params));
  return [];
});
watch(DatabaseSync.prototype, 'exec', (_self, [sql]) => {
  if (sql === 'BEGIN IMMEDIATE') written = [];
  return sql === 'COMMIT' ? written : [];
});

const labelOfMessage = (prefix: string, data: unknown): string => {
  const text = data instanceof Uint8Array ? Buffer.from(data).toString() : String(data);
  const message = JSON.parse(text) as { readonly type: string; readonly success?: boolean; readonly interactive?: boolean };
  return `${prefix}:${message.type}${message.success === false ? ':failure' : ''}${message.interactive === true ? ':interactive' : ''}`;
};
watch(WebSocket.prototype, 'send', (_self, [text]) => [labelOfMessage('send', text)]);
const listeners = WebSocket.prototype as unknown as Record<string, Call>;
watch(listeners, 'emit', (_self, [event, text]) => (event === 'message' ? [labelOfMessage('receive', text)] : []));

const routeOf = ({ method, url }: IncomingMessage): string => `${String(method)} ${String(url).replace(/[?].*|[^/]*-[^/]*/g, '*')}`;
watch(Server.prototype, 'emit', (_self, [event, request]) =>
  event === 'request' && request instanceof IncomingMessage ? [`receive:${routeOf(request)}`] : [],
);
watch(ServerResponse.prototype, 'end', (self) => {
  const { req, statusCode } = self as ServerResponse;
  return statusCode < 300 ? [`answer:${routeOf(req)}`] : [];
});
watch(ServerResponse.prototype, 'write', (self, [text]) => {
  const kind = /^data: {"type":"(\w+)"/.exec(String(text))?.[1];
  return (self as ServerResponse).req.url?.endsWith('/events') === true && kind !== undefined ? [`answer:event:${kind}`] : [];
});

/** One transaction at a time writes jobs. */
function labelsOfQuery(sql: string, values: readonly unknown[]): readonly string[] {
  if (sql === 'COMMIT') return written;
  if (sql.includes('UPDATE leader SET epoch')) return ['take-over'];
  if (sql.startsWith('UPDATE leader SET expires_at')) return ['renewal'];
  if (sql.includes('FOR KEY SHARE')) {
    written = [];
    return ['fence'];
  }
  written.push(...labelsOfStatement(sql, values));
  return [];
}

const RECORD_TYPE = /\{"type":"([a-z]+\.[a-z]+)","head"/g;
const LEADER_SUBJECT = /\.(leader\.[a-z]+)$/;

/** A message to all members, or the records on a channel. */
function labelsOfBus(prefix: string, subject: string, data: Uint8Array | undefined): readonly string[] {
  if (armed === null || data === undefined) return [];
  const types = Buffer.from(data).toString('latin1').matchAll(RECORD_TYPE);
  return [LEADER_SUBJECT.exec(subject), ...types].flatMap((match) => (match?.[1] === undefined ? [] : [`${prefix}:${match[1]}`]));
}

interface BusMessage {
  readonly subject: string;
  readonly data: Uint8Array;
}

/** What only a member of a cluster does: transactions in PostgreSQL, and messages over NATS. */
async function watchCluster(): Promise<void> {
  const { default: pg } = await import('pg');
  const { NatsConnectionImpl } = await import('@nats-io/nats-core/internal');
  watch(
    pg.Client.prototype,
    'query',
    (_self, [sql, values]) => labelsOfQuery(String(sql), (values ?? []) as readonly unknown[]),
    (_self, answer) => Promise.resolve(answer),
  );
  const bus = NatsConnectionImpl.prototype;
  watch(
    bus,
    'publish',
    (_self, [subject, data]) => labelsOfBus('send', String(subject), data as Uint8Array | undefined),
    (self) => (self as { flush(): Promise<void> }).flush(),
  );
  watch(bus, 'subscribe', (_self, [, options]) => {
    const { callback } = options as { readonly callback?: Call };
    if (callback !== undefined)
      watch(options as object, 'callback', (_subscription, [, message]) => {
        const { subject, data } = message as BusMessage;
        return labelsOfBus('receive', subject, data);
      });
    return [];
  });
}

if (pointFile !== undefined) {
  process.on('SIGUSR2', () => {
    armed = JSON.parse(readFileSync(pointFile, 'utf8')) as Armed | null;
    times = 0;
  });
  await watchCluster();
}
