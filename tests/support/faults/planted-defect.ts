// Loaded before the program of a member (`node --import`): it breaks one rule of a cluster, which the environment names, so that a test
// shows that the judge finds it. It wraps functions of `ws` and `pg`; the program has no code for it.
import { WebSocket } from 'ws';

export type Plant =
  /** The first assignment to a node is sent twice. */
  | 'assigns twice'
  /** The first transaction that stores accepted jobs is rolled back, and reported as committed. */
  | 'commits nothing'
  /** A write transaction does not compare the epoch. */
  | 'does not compare the epoch';

type Call = (this: unknown, ...args: unknown[]) => unknown;

function wrap(prototype: object, name: string, around: (original: Call, self: unknown, args: readonly unknown[]) => unknown): void {
  const methods = prototype as Record<string, Call>;
  const original = methods[name];
  if (original === undefined) throw new Error(`nothing to wrap: ${name}`);
  methods[name] = function (this: unknown, ...args: unknown[]): unknown {
    return around(original, this, args);
  };
}

const textOf = (data: unknown): string => (data instanceof Uint8Array ? Buffer.from(data).toString() : String(data));

function assignTwice(): void {
  let isDone = false;
  wrap(WebSocket.prototype, 'send', (send, self, args) => {
    if (!isDone && textOf(args[0]).includes('"type":"job_assign"')) {
      isDone = true;
      send.apply(self, [args[0], args[1]]);
    }
    return send.apply(self, [...args]);
  });
}

function commitNothing(client: object): void {
  let hasJobs = false;
  let isDone = false;
  wrap(client, 'query', (query, self, args) => {
    hasJobs ||= String(args[0]).startsWith('INSERT INTO jobs ') && !JSON.stringify(args[1]).includes('\\"interactive\\":true');
    if (args[0] !== 'COMMIT' || !hasJobs || isDone) return query.apply(self, [...args]);
    isDone = true;
    return (query.apply(self, ['ROLLBACK']) as Promise<object>).then((answer) => ({ ...answer, command: 'COMMIT' }));
  });
}

const FENCE = / AND epoch = \d+ AND holder = '[^']*' FOR KEY SHARE/;

function dropFence(client: object): void {
  wrap(client, 'query', (query, self, [sql, ...others]) => query.apply(self, [String(sql).replace(FENCE, ' FOR KEY SHARE'), ...others]));
}

const plant = process.env['MUSTER_TEST_PLANT'] as Plant | undefined;
if (plant === 'assigns twice') assignTwice();
else {
  const { default: pg } = await import('pg');
  if (plant === 'commits nothing') commitNothing(pg.Client.prototype);
  else dropFence(pg.Client.prototype);
}
