import { describe, expect, test } from 'vitest';
import {
  type FaultKind,
  faultOf,
  isStartupParameterRefused,
  sqlStateOf,
} from '../../../../../../src/main/scheduler/database/postgres/core/faults';

describe('faults of PostgreSQL', () => {
  test.each<[sqlState: string | null, meaning: string, kind: FaultKind]>([
    [null, 'the connection broke', 'lost'],
    ['08006', 'connection_failure', 'lost'],
    ['08P01', 'protocol_violation', 'lost'],
    ['25006', 'read_only_sql_transaction', 'lost'],
    ['25P03', 'idle_in_transaction_session_timeout', 'lost'],
    ['53300', 'too_many_connections', 'lost'],
    ['57P01', 'admin_shutdown', 'lost'],
    ['57P02', 'crash_shutdown', 'lost'],
    ['57P03', 'cannot_connect_now', 'lost'],
    ['57P05', 'idle_session_timeout', 'lost'],
    ['57014', 'query_canceled', 'lost'],
    ['58030', 'io_error', 'lost'],
    ['40001', 'serialization_failure', 'busy'],
    ['40P01', 'deadlock_detected', 'busy'],
    ['55P03', 'lock_not_available', 'busy'],
    ['53100', 'disk_full', 'full'],
    ['28P01', 'invalid_password', 'refused'],
    ['28000', 'invalid_authorization_specification', 'refused'],
    ['3D000', 'invalid_catalog_name', 'refused'],
    ['23505', 'unique_violation', 'failed'],
    ['22021', 'character_not_in_repertoire', 'failed'],
    ['42P01', 'undefined_table', 'failed'],
    ['25P02', 'in_failed_sql_transaction', 'failed'],
    ['XX000', 'internal_error', 'failed'],
  ])('%s %s -> %s', (sqlState, reason, kind) => {
    expect(faultOf(sqlState, reason)).toEqual({ kind, sqlState, reason });
  });

  test.each([
    ['57P01', '57P01'],
    ['ECONNRESET', null],
    ['EPIPE', null],
    ['EPERM', null],
    [undefined, null],
    [57_014, null],
  ])('code %s -> SQLSTATE %s', (code, sqlState) => {
    expect(sqlStateOf(code)).toBe(sqlState);
  });

  test('a refused startup parameter -> only the message of PgBouncer', () => {
    expect(isStartupParameterRefused(faultOf('08P01', 'unsupported startup parameter: lock_timeout'))).toBe(true);
    expect(isStartupParameterRefused(faultOf('08P01', 'invalid message format'))).toBe(false);
    expect(isStartupParameterRefused(faultOf('28000', 'unsupported startup parameter'))).toBe(false);
  });
});
