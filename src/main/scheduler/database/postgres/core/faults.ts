// Errors of PostgreSQL and of its connections, by what follows from them.

export type FaultKind =
  /** The connection is lost, useless or leads to a server that takes no writes: connect again. */
  | 'lost'
  /** The transaction was rolled back, and the same statements may work in a moment. */
  | 'busy'
  /** There is no space. */
  | 'full'
  /** The connection was refused, for example for a wrong password. It may work after a change of the configuration. */
  | 'refused'
  /** The statements or their values are wrong. The same statements fail again. */
  | 'failed';

export interface Fault {
  readonly kind: FaultKind;
  /** SQLSTATE. Null: none, as when a connection breaks. */
  readonly sqlState: string | null;
  /** For the log. */
  readonly reason: string;
}

const DISK_FULL = '53100';
const UNSUPPORTED_STARTUP_PARAMETER = '08P01';

/** Of single codes. */
const KINDS: Readonly<Record<string, FaultKind>> = {
  [DISK_FULL]: 'full',
  // read_only_sql_transaction: a standby, or a server that was made read-only.
  '25006': 'lost',
  // idle_in_transaction_session_timeout, transaction_timeout, idle_session_timeout: the server has ended the session.
  '25P03': 'lost',
  '25P04': 'lost',
  '57P05': 'lost',
  // query_canceled: the server is slow, and another host may be the primary now.
  '57014': 'lost',
  // lock_not_available, serialization_failure, deadlock_detected.
  '55P03': 'busy',
  '40001': 'busy',
  '40P01': 'busy',
};

/** Of the first two characters. */
const CLASSES: Readonly<Record<string, FaultKind>> = {
  // Connection exception.
  '08': 'lost',
  // Insufficient resources: too many connections, out of memory.
  '53': 'lost',
  // Operator intervention: shutdown, crash, starting up.
  '57': 'lost',
  // System error, such as I/O.
  '58': 'lost',
  // Invalid authorization, invalid database.
  '28': 'refused',
  '3D': 'refused',
};

export function faultOf(sqlState: string | null, reason: string): Fault {
  if (sqlState === null) return { kind: 'lost', sqlState, reason };
  return { kind: KINDS[sqlState] ?? CLASSES[sqlState.slice(0, 2)] ?? 'failed', sqlState, reason };
}

/** SQLSTATE has five characters. Codes of the system, such as ECONNRESET, are no SQLSTATE. */
export function sqlStateOf(code: unknown): string | null {
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code) ? code : null;
}

/** PgBouncer refuses settings in the startup message. Others than PgBouncer have this code for other violations of the protocol. */
export const isStartupParameterRefused = ({ sqlState, reason }: Fault): boolean =>
  sqlState === UNSUPPORTED_STARTUP_PARAMETER && reason.includes('startup parameter');
