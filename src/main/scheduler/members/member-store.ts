// The tables of keys, invitations and members in the scheduler's database. All records are in memory; the tables keep them.
import type { DatabaseSync } from 'node:sqlite';
import type { z } from 'zod';
import { messageOfError } from '../../../shared/errors';
import { parseJsonAs } from '../../../shared/json';
import { fail, ok, type Result } from '../../../shared/result';
import type { DatabaseFailure } from '../database/database-failure';
import type { GroupCommit, Written } from '../database/group-commit';
import {
  inviteRecordSchema,
  keyRecordSchema,
  memberRecordSchema,
  type InviteRecord,
  type KeyRecord,
  type MemberRecord,
} from './core/records';

type Table = keyof Records;

interface Records {
  readonly keys: KeyRecord;
  readonly invites: InviteRecord;
  readonly members: MemberRecord;
}

export type StoredMembers = { readonly [Name in keyof Records]: readonly Records[Name][] };

export interface MemberStore {
  save<Name extends Table>(table: Name, record: Records[Name]): Written;
  remove(table: Table, id: string): Written;
}

export class SqliteMemberStore implements MemberStore {
  readonly #database: DatabaseSync;
  readonly #writes: GroupCommit;

  constructor(database: DatabaseSync, writes: GroupCommit) {
    this.#database = database;
    this.#writes = writes;
  }

  /** All records. The start fails at the first invalid row. */
  load(file: string): Result<StoredMembers, DatabaseFailure> {
    try {
      return ok({
        keys: this.#rows('keys', keyRecordSchema),
        invites: this.#rows('invites', inviteRecordSchema),
        members: this.#rows('members', memberRecordSchema),
      });
    } catch (error) {
      return fail({ code: 'DATABASE_UNREADABLE', details: { file, reason: messageOfError(error).slice(0, 512) } });
    }
  }

  save<Name extends Table>(table: Name, record: Records[Name]): Written {
    return this.#writes.write(() => {
      this.#database.prepare(`INSERT OR REPLACE INTO ${table} (id, record) VALUES (?, ?)`).run(record.id, JSON.stringify(record));
    });
  }

  remove(table: Table, id: string): Written {
    return this.#writes.write(() => {
      this.#database.prepare(`DELETE FROM ${table} WHERE id = ?`).run(id);
    });
  }

  #rows<Schema extends z.ZodType>(table: Table, schema: Schema): z.output<Schema>[] {
    const rows = this.#database.prepare(`SELECT id, record FROM ${table} ORDER BY id`).all();
    return rows.map((row) => {
      try {
        return parseJsonAs(schema, String(row['record']));
      } catch (error) {
        throw new Error(`${table} ${String(row['id'])}: ${messageOfError(error)}`, { cause: error });
      }
    });
  }
}
