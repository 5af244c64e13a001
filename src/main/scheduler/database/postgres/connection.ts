// One connection to the primary. Each wait has a limit, so a frozen server or a cut network is noticed in seconds. The driver is loaded with
// the first connection: schedulers with SQLite never load it.
import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Client, ClientConfig, CustomTypesConfig, QueryResult } from 'pg';
import { codeOfError, messageOfError } from '../../../../shared/errors';
import { fail, ok, type Result } from '../../../../shared/result';
import type { Row, SqlValue } from '../store';
import type { DatabaseHost, DatabaseTarget } from './core/database-url';
import { type Fault, faultOf, isStartupParameterRefused, sqlStateOf } from './core/faults';
import { parserOf } from './value-parsers';

export interface Timeouts {
  /** Until a host has accepted the connection. */
  readonly connectMs: number;
  /** Until the answer to a statement, by the own clock. The connection is dropped then. Longer than those of the server. */
  readonly queryMs: number;
  readonly statementMs: number;
  readonly lockMs: number;
  /** A stopped process holds its locks so long. */
  readonly idleInTransactionMs: number;
}

export const STORE_TIMEOUTS: Timeouts = { connectMs: 2000, queryMs: 6000, statementMs: 5000, lockMs: 2000, idleInTransactionMs: 5000 };

export interface Answer {
  /** Of the last statement with rows. */
  readonly rows: readonly Row[];
  /** Of the last statement. `COMMIT` of a failed transaction is answered with `ROLLBACK`. */
  readonly command: string;
}

/** Statements may be sent before earlier ones are answered. The server runs them in their order. */
export interface Connection {
  /** Of the server. It changes when a standby is promoted. */
  readonly timeline: string;
  /** Statements for the start of each transaction. Empty when the limits of the server are in force for the whole connection. */
  readonly localSettings: string;
  /** False after a lost connection. */
  readonly isOpen: boolean;
  query(text: string, values: readonly SqlValue[]): Promise<Result<Answer, Fault>>;
  /** Several statements without values, separated by `;`. */
  script(text: string): Promise<Result<Answer, Fault>>;
  /** Closes at once. Open queries fail as `lost`. */
  drop(): void;
  /** Ends in order. No query is open. */
  end(): void;
}

export type Connect = () => Promise<Result<Connection, Fault>>;

/**
 * Tries all hosts at the same time and keeps the first primary. After a failover the old primary may be unreachable or a standby, so the
 * result takes no longer than one connection.
 */
export async function connectPrimary(target: DatabaseTarget, timeouts: Timeouts = STORE_TIMEOUTS): Promise<Result<Connection, Fault>> {
  const attempts = target.hosts.map((host) => connectHost(target, host, timeouts));
  const first = await Promise.any(
    attempts.map(async (attempt) => {
      const connected = await attempt;
      if (!connected.ok) throw new Error(connected.error.reason);
      return connected.value;
    }),
  ).catch(() => null);
  if (first !== null) {
    for (const attempt of attempts) void attempt.then((other) => other.ok && other.value !== first && other.value.drop());
    return ok(first);
  }
  const failures = (await Promise.all(attempts)).flatMap((attempt) => (attempt.ok ? [] : [attempt.error]));
  const reason = failures.map((failure, index) => `${hostText(target.hosts[index])}: ${failure.reason}`).join('; ');
  const refused = failures.find(({ kind }) => kind === 'refused');
  return fail({ kind: refused?.kind ?? 'lost', sqlState: (refused ?? failures[0])?.sqlState ?? null, reason });
}

const hostText = (host: DatabaseHost | undefined): string => (host === undefined ? '' : `${host.host}:${String(host.port)}`);

async function connectHost(target: DatabaseTarget, host: DatabaseHost, timeouts: Timeouts): Promise<Result<Connection, Fault>> {
  const withLimits = await openClient(target, host, timeouts, true);
  const opened =
    !withLimits.ok && isStartupParameterRefused(withLimits.error) ? await openClient(target, host, timeouts, false) : withLimits;
  if (!opened.ok) return opened;
  const connection = new PrimaryConnection(opened.value);
  const checked = await connection.check(timeouts);
  if (checked.ok) return ok(connection);
  connection.drop();
  return checked;
}

/** A client with its socket. */
interface Opened {
  readonly client: Client;
  readonly socket: Socket;
}

async function openClient(
  target: DatabaseTarget,
  host: DatabaseHost,
  timeouts: Timeouts,
  hasLimits: boolean,
): Promise<Result<Opened, Fault>> {
  // The driver closes its own socket only after the answers to open queries.
  const socket = new Socket();
  try {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ ...(await configOf(target, host, timeouts, hasLimits)), stream: () => socket });
    // Without a listener a lost connection would end the process. Its queries fail, which is enough.
    client.on('error', () => socket.destroy());
    await client.connect();
    return ok({ client, socket });
  } catch (error) {
    socket.destroy();
    return fail(faultOfError(error));
  }
}

async function configOf(target: DatabaseTarget, host: DatabaseHost, timeouts: Timeouts, hasLimits: boolean): Promise<ClientConfig> {
  const { user, password, database, tlsMode, caFile } = target;
  const types: CustomTypesConfig = { getTypeParser: parserOf };
  const limits = {
    statement_timeout: timeouts.statementMs,
    lock_timeout: timeouts.lockMs,
    idle_in_transaction_session_timeout: timeouts.idleInTransactionMs,
  };
  const tls = {
    rejectUnauthorized: tlsMode !== 'require',
    ...(caFile === null ? {} : { ca: await readFile(caFile, 'utf8') }),
    ...(tlsMode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  };
  return {
    host: host.host,
    port: host.port,
    user,
    // A function: for an empty text the driver would look in files and variables of the user.
    password: () => password ?? '',
    database,
    ssl: tlsMode === 'disable' ? false : tls,
    types,
    // Queries are sent without waiting for the answers to earlier ones.
    pipeline: true,
    connectionTimeoutMillis: timeouts.connectMs,
    query_timeout: timeouts.queryMs,
    ...(hasLimits ? limits : {}),
    keepAlive: true,
    keepAliveInitialDelayMillis: 2000,
    application_name: 'muster',
  };
}

function faultOfError(error: unknown): Fault {
  const code = codeOfError(error);
  const sqlState = sqlStateOf(code);
  return faultOf(sqlState, sqlState === null ? messageOfError(error) : `${sqlState} ${messageOfError(error)}`);
}

const CHECK = `SELECT pg_is_in_recovery() AS is_standby, current_setting('transaction_read_only') AS is_read_only,
  current_setting('idle_in_transaction_session_timeout') AS idle_limit,
  CASE WHEN pg_is_in_recovery() THEN '' ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END AS timeline`;

class PrimaryConnection implements Connection {
  timeline = '';
  localSettings = '';
  isOpen = true;
  readonly #client: Client;
  readonly #socket: Socket;

  constructor({ client, socket }: Opened) {
    this.#client = client;
    this.#socket = socket;
    client.once('error', () => {
      this.drop();
    });
    client.once('end', () => {
      this.drop();
    });
  }

  /** Fails on a server that takes no writes. */
  async check({ statementMs, lockMs, idleInTransactionMs }: Timeouts): Promise<Result<null, Fault>> {
    const checked = await this.script(CHECK);
    if (!checked.ok) return checked;
    const [row] = checked.value.rows;
    if (row?.['is_standby'] === 1) return fail({ kind: 'lost', sqlState: null, reason: 'the server is a standby' });
    if (row?.['is_read_only'] !== 'off') return fail({ kind: 'lost', sqlState: null, reason: 'the server is read-only' });
    this.timeline = String(row['timeline']);
    // PgBouncer refuses or ignores these settings at the start of a connection.
    const settings = `SET LOCAL statement_timeout = ${String(statementMs)}; SET LOCAL lock_timeout = ${String(lockMs)};
      SET LOCAL idle_in_transaction_session_timeout = ${String(idleInTransactionMs)};`;
    this.localSettings = row['idle_limit'] === '0' ? settings : '';
    return ok(null);
  }

  query(text: string, values: readonly SqlValue[]): Promise<Result<Answer, Fault>> {
    return this.#send(() => this.#client.query(text, [...values]));
  }

  script(text: string): Promise<Result<Answer, Fault>> {
    return this.#send(() => this.#client.query(text));
  }

  drop(): void {
    this.isOpen = false;
    this.#socket.destroy();
  }

  end(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    // The answer of a frozen server is not waited for.
    void this.#client.end().catch(() => undefined);
    this.#socket.destroySoon();
  }

  async #send(send: () => Promise<QueryResult<Row>>): Promise<Result<Answer, Fault>> {
    if (!this.isOpen) return fail({ kind: 'lost', sqlState: null, reason: 'the connection is closed' });
    try {
      // Several statements in one text have a list of results.
      const result: QueryResult<Row> | readonly QueryResult<Row>[] = await send();
      const all = 'command' in result ? [result] : result;
      return ok({ rows: all.findLast(({ rows }) => rows.length > 0)?.rows ?? [], command: all.at(-1)?.command ?? '' });
    } catch (error) {
      const fault = faultOfError(error);
      if (fault.kind === 'lost') this.drop();
      return fail(fault);
    }
  }
}
