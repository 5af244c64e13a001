// Files of the data folder that all members of a cluster share: the CA of the pool and the owner key. The database has the content with a
// version. A file that changed since the last exchange is written to the database; a newer version of the database is written to the file.
// These writes need no lease: who may change the files of a member operates the cluster.
import { constants } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOfError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import { replaceFile } from '../../platform/atomic-file';
import type { Connection } from '../database/postgres/connection';
import type { Fault } from '../database/postgres/core/faults';

/** The content at the last exchange. */
interface Exchanged {
  readonly content: string;
  readonly version: number;
}

export class SharedFiles {
  readonly #folder: string;
  readonly #names: readonly string[];
  readonly #exchanged = new Map<string, Exchanged>();

  /** `names`: of files in the folder. */
  constructor(folder: string, names: readonly string[]) {
    this.#folder = folder;
    this.#names = names;
  }

  /** The names of the files that were replaced. Rejects with an error of the system. */
  async exchange(connection: Connection): Promise<Result<readonly string[], Fault>> {
    const replaced: string[] = [];
    for (const name of this.#names) {
      const outcome = await this.#exchangeOne(connection, name);
      if (!outcome.ok) return outcome;
      if (outcome.value) replaced.push(name);
    }
    return ok(replaced);
  }

  /** Whether the file was replaced. */
  async #exchangeOne(connection: Connection, name: string): Promise<Result<boolean, Fault>> {
    const file = path.join(this.#folder, name);
    const local = await contentOf(file);
    const last = this.#exchanged.get(name);
    // The first exchange of a process gives the database the file only where the database has none.
    if (last !== undefined && local !== null && local !== last.content) {
      const written = await connection.query(
        'UPDATE shared_files SET content = $2, version = version + 1 WHERE name = $1 RETURNING version',
        [name, local],
      );
      if (!written.ok) return written;
      this.#exchanged.set(name, { content: local, version: Number(written.value.rows[0]?.['version']) });
      return ok(false);
    }
    const stored = await read(connection, name, local);
    if (!stored.ok) return stored;
    if (stored.value === null) return ok(false);
    this.#exchanged.set(name, stored.value);
    if (stored.value.content === local) return ok(false);
    if (last === undefined && local !== null) await keepCopy(file);
    await replaceFile(file, stored.value.content);
    return ok(true);
  }
}

/** The file of a computer that was a pool of its own before. A copy that is there stays. */
async function keepCopy(file: string): Promise<void> {
  try {
    await copyFile(file, `${file}.before-cluster`, constants.COPYFILE_EXCL);
  } catch (error) {
    if (codeOfError(error) !== 'EEXIST') throw error;
  }
}

/** The content in the database. `first`: written where it has none. */
async function read(connection: Connection, name: string, first: string | null): Promise<Result<Exchanged | null, Fault>> {
  if (first !== null) {
    const written = await connection.query(
      'INSERT INTO shared_files (name, content, version) VALUES ($1, $2, 1) ON CONFLICT (name) DO NOTHING',
      [name, first],
    );
    if (!written.ok) return written;
  }
  const found = await connection.query('SELECT content, version FROM shared_files WHERE name = $1', [name]);
  if (!found.ok) return found;
  const [row] = found.value.rows;
  return ok(row === undefined ? null : { content: String(row['content']), version: Number(row['version']) });
}

async function contentOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOfError(error) === 'ENOENT') return null;
    throw error;
  }
}
