import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { type DatabaseKind, JOB_DATABASE, NODE_DATABASE } from '../../../../src/main/scheduler/database/migrations';
import { openDatabase } from '../../../../src/main/scheduler/database/open-database';
import { temporaryDir } from '../../../support/test-scheduler';

/** A file as the version of Muster with the first `version` migrations left it. */
function fileOfVersion(kind: DatabaseKind, version: number, rows: string): string {
  const { dir, remove } = temporaryDir();
  onTestFinished(remove);
  const file = path.join(dir, 'old.db');
  const database = new DatabaseSync(file);
  for (const sql of kind.migrations.slice(0, version)) database.exec(sql);
  database.exec(`${rows}; PRAGMA application_id = ${String(kind.applicationId)}; PRAGMA user_version = ${String(version)}`);
  database.close();
  return file;
}

function openedAt(file: string, kind: DatabaseKind): DatabaseSync {
  const opened = openDatabase(file, kind);
  if (!opened.ok) throw new Error(`${opened.error.code} ${JSON.stringify(opened.error.details)}`);
  onTestFinished(() => {
    opened.value.close();
  });
  return opened.value;
}

function schemaOf(kind: DatabaseKind): unknown {
  return tablesOf(openedAt(fileOfVersion(kind, kind.migrations.length, ''), kind));
}
const tablesOf = (database: DatabaseSync): unknown =>
  database.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all();
const versionOf = (database: DatabaseSync): unknown => database.prepare('PRAGMA user_version').get();

const NODE_ROW = `INSERT INTO nodes (node_id, token_hash, created_at, profile, status, reason_code, since)
  VALUES ('node-a', x'00', 1, '{}', 'ready', 'ok', 2)`;
const JOB_ROW = `INSERT INTO jobs (seq, job_id, created_at, facts, status, state) VALUES (1, 'job-a', 1, '{}', 'queued', '{}')`;

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
  'nodes: file of version %d -> all migrations, rows kept, known as once ready',
  (version) => {
    const database = openedAt(fileOfVersion(NODE_DATABASE, version, NODE_ROW), NODE_DATABASE);
    expect(versionOf(database)).toEqual({ user_version: 12 });
    expect(tablesOf(database)).toEqual(schemaOf(NODE_DATABASE));
    expect(database.prepare('SELECT node_id, status, quarantine, pause, tags, wake, has_been_ready FROM nodes').all()).toEqual([
      { node_id: 'node-a', status: 'ready', quarantine: null, pause: null, tags: null, wake: null, has_been_ready: 1 },
    ]);
    for (const table of ['keys', 'invites', 'members', 'audit', 'pool_history', 'node_events', 'usage', 'key_days'])
      expect(database.prepare(`SELECT * FROM ${table}`).all()).toEqual([]);
  },
);

test('audit: entries of version 4 -> kept, each counted once, operations apart from acts of owners', () => {
  const rows = ['node.drain', 'key.create', 'member.join', 'member.revoke', 'exclusions.reset', 'pool.backup'].map(
    (action) => `INSERT INTO audit (at, who_name, action, from_address) VALUES (1, 'owner', '${action}', '::1')`,
  );
  const database = openedAt(fileOfVersion(NODE_DATABASE, 4, rows.join(';')), NODE_DATABASE);
  expect(database.prepare('SELECT kind, count FROM audit ORDER BY id').all()).toEqual(
    ['operation', 'owner', 'operation', 'owner', 'operation', 'owner'].map((kind) => ({ kind, count: 1 })),
  );
});

test.each([1, 2, 3, 4, 5, 6, 7])('jobs: file of version %d -> all migrations, rows kept, without a submitter', (version) => {
  const database = openedAt(fileOfVersion(JOB_DATABASE, version, JOB_ROW), JOB_DATABASE);
  expect(versionOf(database)).toEqual({ user_version: 7 });
  expect(tablesOf(database)).toEqual(schemaOf(JOB_DATABASE));
  expect(database.prepare('SELECT job_id, submitter FROM jobs').all()).toEqual([{ job_id: 'job-a', submitter: null }]);
});

test('jobs: failed and expired jobs of version 3 -> marked as failures, others not', () => {
  const rows = ['queued', 'failed', 'expired', 'succeeded'].map(
    (status, seq) =>
      `INSERT INTO jobs (seq, job_id, created_at, facts, status, finished_at, state) VALUES (${String(seq)}, '${status}', 1, '{}', '${status}', 2, '{}')`,
  );
  const database = openedAt(fileOfVersion(JOB_DATABASE, 3, rows.join(';')), JOB_DATABASE);
  expect(database.prepare('SELECT job_id FROM jobs WHERE had_failure = 1 ORDER BY seq').all()).toEqual([
    { job_id: 'failed' },
    { job_id: 'expired' },
  ]);
});

test('jobs: rows of version 4 -> each model and node is known; a damaged row has none', () => {
  const attempts = (...nodes: readonly string[]) => JSON.stringify({ attempts: nodes.map((nodeId, i) => ({ attempt: i + 1, nodeId })) });
  const rows = [
    ['job-a', '{"task":{"model":"llm"}}', attempts('n1', 'n2', 'n1')],
    ['job-b', 'damaged', 'damaged'],
    ['job-c', '{"task":{"model":"llm"}}', attempts()],
  ].map(
    ([id, facts, state], seq) =>
      `INSERT INTO jobs (seq, job_id, created_at, facts, status, state) VALUES (${String(seq)}, '${String(id)}', 1, '${String(facts)}', 'queued', '${String(state)}')`,
  );
  const database = openedAt(fileOfVersion(JOB_DATABASE, 4, rows.join(';')), JOB_DATABASE);
  expect(database.prepare('SELECT job_id, model FROM jobs ORDER BY seq').all()).toEqual([
    { job_id: 'job-a', model: 'llm' },
    { job_id: 'job-b', model: '' },
    { job_id: 'job-c', model: 'llm' },
  ]);
  expect(database.prepare('SELECT seq, node_id FROM job_nodes ORDER BY seq, node_id').all()).toEqual([
    { seq: 0, node_id: 'n1' },
    { seq: 0, node_id: 'n2' },
  ]);
});
