// The jobs in the database of a scheduler. Files are read from a copy, because their scheduler may have been killed in the middle of a
// write.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestPostgres } from '../postgres';
import type { Stored, StoredState } from './fault-record';

const FILE = 'scheduler-jobs.db';

/** Throws when the database is damaged. */
export function storedJobs(folder: string): ReadonlyMap<string, Stored> {
  const copy = mkdtempSync(path.join(tmpdir(), 'muster-stored-'));
  try {
    for (const name of [FILE, `${FILE}-wal`])
      if (existsSync(path.join(folder, name))) copyFileSync(path.join(folder, name), path.join(copy, name));
    const database = new DatabaseSync(path.join(copy, FILE));
    try {
      const check = database.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
      if (check !== 'ok') throw new Error(`the database is damaged: ${String(check)}`);
      const rows = database
        .prepare('SELECT job_id, status, state, CAST(body AS TEXT) AS result FROM jobs LEFT JOIN job_results USING (seq)')
        .all();
      return new Map(rows.map(storedJob));
    } finally {
      database.close();
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Of a cluster. */
export async function storedInPostgres(server: TestPostgres, database: string): Promise<ReadonlyMap<string, Stored>> {
  const sql = "SELECT job_id, status, state, convert_from(body, 'UTF8') AS result FROM jobs LEFT JOIN job_results USING (seq)";
  return new Map((await server.query(sql, database)).map(storedJob));
}

function storedJob(row: Readonly<Record<string, unknown>>): readonly [string, Stored] {
  const state = JSON.parse(String(row['state'])) as StoredState;
  if (state.status !== row['status']) throw new Error(`${String(row['job_id'])} is ${state.status} and ${String(row['status'])}`);
  const result = row['result'];
  return [String(row['job_id']), { state, result: typeof result === 'string' ? result : null }];
}
