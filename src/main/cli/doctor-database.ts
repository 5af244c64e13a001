// The check of the database of a cluster in `muster doctor`: connects as a member does, and reads what a member needs. It changes nothing.
import { access } from 'node:fs/promises';
import { reasonOfError } from '../../shared/errors';
import { ok, type Result } from '../../shared/result';
import type { Clock } from '../platform/clock';
import type { ClusterConfig } from '../platform/config/config';
import { type Connection, connectPrimary } from '../scheduler/database/postgres/connection';
import type { DatabaseTarget } from '../scheduler/database/postgres/core/database-url';
import type { Fault } from '../scheduler/database/postgres/core/faults';
import { decideSchema } from '../scheduler/database/postgres/core/schema-decision';
import { MIGRATIONS } from '../scheduler/database/postgres/schema';
import type { Row } from '../scheduler/database/store';
import { clusterDatabase } from './cluster-database';
import type { CliIo } from './command';
import type { Finding } from './core/cluster-findings';
import { type DatabaseCheck, type DatabaseProblem, problemOfFault } from './core/database-check';

/**
 * `has_right`: to change the tables, or to create them where there are none. `not_durable`: settings with which a crash of the server loses
 * commits, for this user and database. Null: none.
 */
const FACTS = `SELECT current_setting('server_version') AS server_version, to_regclass('schema_version') IS NOT NULL AS has_tables,
  coalesce(CASE WHEN to_regclass('leader') IS NULL THEN has_schema_privilege(current_schema(), 'CREATE')
    ELSE has_table_privilege('leader', 'SELECT, INSERT, UPDATE') END, false) AS has_right,
  (SELECT string_agg(name || ' = ' || setting, ', ' ORDER BY name) FROM pg_settings
    WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off') AS not_durable`;

export async function checkDatabase(config: ClusterConfig, env: CliIo['env'], clock: Clock): Promise<DatabaseCheck> {
  const target = await clusterDatabase(config, env);
  if (!target.ok) {
    const { code, details, message } = target.error;
    return code === 'DATABASE_URL_INVALID'
      ? without({ code: 'settings', detail: String(details['part']) })
      : without({ code: 'password_file', detail: message });
  }
  const unusable = await caFault(target.value);
  if (unusable !== null) return without({ code: 'ca_file', detail: unusable });
  const connected = await connectPrimary(target.value);
  if (!connected.ok) return without(problemOfFault(connected.error));
  const connection = connected.value;
  try {
    const askedMonotonicMs = clock.monotonicMs();
    const facts = await rowOf(connection, FACTS);
    if (!facts.ok) return without(problemOfFault(facts.error));
    const answerMs = clock.monotonicMs() - askedMonotonicMs;
    return {
      problems: await problemsOf(connection, facts.value),
      server_version: String(facts.value['server_version']),
      answer_ms: answerMs,
    };
  } finally {
    connection.end();
  }
}

const without = (problem: Finding<DatabaseProblem>): DatabaseCheck => ({ problems: [problem], server_version: null, answer_ms: null });

/** Null: it can be read, or none is set. */
async function caFault({ caFile }: DatabaseTarget): Promise<string | null> {
  if (caFile === null) return null;
  try {
    await access(caFile);
    return null;
  } catch (error) {
    return `${caFile}: ${reasonOfError(error)}`;
  }
}

async function problemsOf(connection: Connection, facts: Row): Promise<readonly Finding<DatabaseProblem>[]> {
  if (facts['has_right'] !== 1) return [{ code: 'permission', detail: 'no right to create or change tables' }];
  const unsafe = facts['not_durable'];
  const lost: readonly Finding<DatabaseProblem>[] = typeof unsafe === 'string' ? [{ code: 'not_durable', detail: unsafe }] : [];
  if (facts['has_tables'] !== 1) return lost;
  const found = await rowOf(connection, 'SELECT version, min_version FROM schema_version WHERE id = 1');
  if (!found.ok) return [problemOfFault(found.error)];
  const [version, minVersion] = [Number(found.value['version'] ?? 0), Number(found.value['min_version'] ?? 0)];
  const decision = decideSchema({ version, minVersion }, MIGRATIONS.length);
  if (decision.type !== 'refuse') return lost;
  return [{ code: 'too_new', detail: `schema ${String(version)}, supported: ${String(decision.supported)}` }];
}

async function rowOf(connection: Connection, text: string): Promise<Result<Row, Fault>> {
  const answer = await connection.script(text);
  return answer.ok ? ok(answer.value.rows[0] ?? {}) : answer;
}
