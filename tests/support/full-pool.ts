// SQLite files of a pool with rows in every table, as earlier versions and this one wrote them.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { JOB_DATABASE, NODE_DATABASE } from '../../src/main/scheduler/database/migrations';
import { openDatabase } from '../../src/main/scheduler/database/open-database';
import { OWNER_KEY } from './http-api';

/** The limit of a result. */
const LARGE_BYTES = 16 * 1024 * 1024;
const MANY = 1200;

export const CA = '-----BEGIN CERTIFICATE-----\nCA\n-----END CERTIFICATE-----\n';

function openFile(folder: string, name: string): DatabaseSync {
  const opened = openDatabase(path.join(folder, name), name === 'scheduler.db' ? NODE_DATABASE : JOB_DATABASE);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return opened.value;
}

function insert(database: DatabaseSync, table: string, row: Readonly<Record<string, SQLInputValue>>): void {
  const columns = Object.keys(row);
  database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`).run(...Object.values(row));
}

/** The highest id of the audit log is `MANY` + 7. */
export function writeFullPool(folder: string): void {
  const nodes = openFile(folder, 'scheduler.db');
  nodes.exec('BEGIN');
  const node = { token_hash: new Uint8Array([0, 1, 254, 255]), created_at: 1, profile: '{}', status: 'ready', reason_code: 'x', since: 2 };
  insert(nodes, 'nodes', { node_id: 'node-1', ...node, drain: '{"a":1}', wake: null, tags: '["Ü","机器"]' });
  insert(nodes, 'nodes', { node_id: 'Node-2', ...node, quarantine: '{}', pause: '{}', previous_status: 'offline', has_been_ready: 0 });
  for (const table of ['keys', 'invites', 'members']) insert(nodes, table, { id: `${table}-1`, record: `{"of":"${table}"}` });
  for (let id = 8; id <= MANY + 7; id++)
    insert(nodes, 'audit', {
      id,
      at: id,
      who: null,
      who_name: "o'wner",
      action: 'node.drain',
      target: '?',
      from_address: '',
      kind: 'operation',
    });
  for (const kind of ['60', '3600', 'marks']) for (const at of [1, 2, 10]) insert(nodes, 'pool_history', { kind, at, record: '[]' });
  insert(nodes, 'node_events', { node_id: 'node-1', at: 5, record: '{}' });
  const counts = {
    requests: 1,
    failed: 2,
    cancelled: 3,
    prompt_tokens: 2 ** 40,
    cached_tokens: 5,
    output_tokens: 6,
    gpu_ms: 7,
    estimated: 8,
  };
  insert(nodes, 'usage', { day: 20_000, kind: 'key', id: 'keys-1', model: 'llm-a', ...counts, refused: 9 });
  insert(nodes, 'key_days', { key_id: 'keys-1', day: '2026-11-30', tokens: 12 });
  nodes.exec('COMMIT');
  nodes.close();

  const jobs = openFile(folder, 'scheduler-jobs.db');
  jobs.exec('BEGIN');
  for (let seq = 1; seq <= MANY; seq++) {
    const job = { seq, job_id: `job-${String(seq)}`, created_at: seq, facts: '{}', status: 'queued', state: '{}', model: 'llm-a' };
    insert(jobs, 'jobs', { ...job, finished_at: seq % 2 === 0 ? seq : null, submitter: seq % 3 === 0 ? 'keys-1' : null });
  }
  // A task of an earlier version is text; that of an interactive job is sealed.
  insert(jobs, 'job_tasks', { seq: 1, task: '{"old":true}' });
  insert(jobs, 'job_tasks', { seq: 2, task: '', body: Buffer.from('{"new":true}') });
  insert(jobs, 'job_tasks', { seq: 3, task: '', sealed: new Uint8Array(40).fill(200) });
  insert(jobs, 'job_results', { seq: 4, result: `"${'ä'.repeat(LARGE_BYTES / 2)}"` });
  for (const seq of [5, 6, 7])
    insert(jobs, 'job_results', { seq, result: '', body: Buffer.alloc(LARGE_BYTES, `${String(seq)}é`), summary: '{"output":null}' });
  insert(jobs, 'job_nodes', { seq: 4, node_id: 'node-1' });
  insert(jobs, 'job_nodes', { seq: 4, node_id: 'Node-2' });
  insert(jobs, 'idempotency_keys', { key: 'k', body_hash: 'h', seq: 4, created_at: 1 });
  insert(jobs, 'marks', { name: 'alive', at: 99 });
  jobs.exec('COMMIT');
  jobs.close();

  writeFileSync(path.join(folder, 'admin-token'), `${OWNER_KEY}\n`, { mode: 0o600 });
  writeFileSync(path.join(folder, 'ca.pem'), CA, { mode: 0o600 });
  writeFileSync(path.join(folder, 'ca-key.pem'), 'KEY\n', { mode: 0o600 });
}
