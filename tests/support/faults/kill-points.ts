// Loaded before the program of a scheduler (`node --import`): the process kills itself with SIGKILL at the point that the
// environment names. It wraps functions of Node and `ws`; the program has no code for it.
import { writeSync } from 'node:fs';
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

const armed = JSON.parse(process.env['MUSTER_TEST_KILL'] ?? 'null') as Armed | null;
let times = 0;

/** Whether the process kills itself at this act. */
const isNow = (labels: readonly string[]): boolean => armed !== null && labels.includes(armed.act) && ++times === armed.nth;

function die(): never {
  writeSync(2, `killed ${String(armed?.side)} ${String(armed?.act)}\n`);
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

function watch(prototype: object, name: string, labelsOf: Labels): void {
  const methods = prototype as Record<string, Call>;
  const original = methods[name];
  if (original === undefined) throw new Error(`nothing to watch: ${name}`);
  methods[name] = function (this: unknown, ...args: unknown[]): unknown {
    const isDoomed = isNow(labelsOf(this, args));
    if (isDoomed && armed?.side === 'before') die();
    const result = original.apply(this, args);
    if (isDoomed) die();
    return result;
  };
}

const JOB_UPDATE = /^UPDATE jobs SET status/;
let written: string[] = [];

function labelOfStatement(sql: string, params: readonly unknown[]): string | null {
  if (sql.startsWith('INSERT INTO jobs ')) return String(params[3]).includes('"interactive":true') ? 'commit:behind' : 'commit:accepted';
  if (sql.includes('INTO idempotency_keys')) return 'commit:key';
  if (sql.startsWith('INSERT INTO nodes ')) return 'commit:node';
  if (!JOB_UPDATE.test(sql)) return null;
  const status = String(params[0]);
  if (status !== 'queued') return `commit:${status}`;
  const { attempts } = JSON.parse(String(params[2])) as { readonly attempts: readonly { readonly outcome: string | null }[] };
  return `commit:requeued:${String(attempts.at(-1)?.outcome)}`;
}

watch(StatementSync.prototype, 'run', (self, params) => {
  const label = labelOfStatement((self as StatementSync).sourceSQL, params);
  if (label !== null) written.push(label);
  return [];
});
watch(DatabaseSync.prototype, 'exec', (_self, [sql]) => {
  if (sql === 'BEGIN IMMEDIATE') written = [];
  return sql === 'COMMIT' ? written : [];
});

const labelOfMessage = (prefix: string, text: unknown): string => {
  const message = JSON.parse(String(text)) as { readonly type: string; readonly success?: boolean; readonly interactive?: boolean };
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
