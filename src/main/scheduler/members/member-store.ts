// The tables of keys, invitations and members in the scheduler's database. All records are in memory; the tables keep them.
import type { z } from 'zod';
import { messageOfError } from '../../../shared/errors';
import { parseJsonAs } from '../../../shared/json';
import { fail, ok, type Result } from '../../../shared/result';
import { inTurns } from '../../platform/in-turns';
import type { DatabaseFailure } from '../database/database-failure';
import type { Store, Written } from '../database/store';
import {
  inviteRecordSchema,
  storedKeyOf,
  storedKeySchema,
  memberRecordSchema,
  type InviteRecord,
  type KeyRecord,
  type MemberRecord,
} from './core/records';

type Table = keyof Records;

/** Of the work in a turn of the event loop: a record takes some 10 µs. */
export const PARTS_OF_RECORD = 10;

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

export class MemberTables implements MemberStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** All records. The start fails at the first invalid row. `file`: for the failure. */
  async load(file: string): Promise<Result<StoredMembers, DatabaseFailure>> {
    try {
      return ok({
        keys: await this.#rows('keys', storedKeySchema),
        invites: await this.#rows('invites', inviteRecordSchema),
        members: await this.#rows('members', memberRecordSchema),
      });
    } catch (error) {
      return fail({ code: 'DATABASE_UNREADABLE', details: { file, reason: messageOfError(error).slice(0, 512) } });
    }
  }

  save<Name extends Table>(table: Name, record: Records[Name]): Written {
    const onConflict = { key: ['id'], update: ['record'] };
    const stored = 'memberId' in record ? storedKeyOf(record) : record;
    return this.#store.write([{ into: table, columns: ['id', 'record'], rows: [[record.id, JSON.stringify(stored)]], onConflict }]);
  }

  remove(table: Table, id: string): Written {
    return this.#store.write([{ text: `DELETE FROM ${table} WHERE id = ?`, values: [id] }]);
  }

  async #rows<Schema extends z.ZodType>(table: Table, schema: Schema): Promise<z.output<Schema>[]> {
    const rows = await this.#store.read({ text: `SELECT id, record FROM ${table} ORDER BY id`, values: [] });
    const records: z.output<Schema>[] = [];
    await inTurns(rows, (row) => {
      try {
        records.push(parseJsonAs(schema, String(row['record'])));
      } catch (error) {
        throw new Error(`${table} ${String(row['id'])}: ${messageOfError(error)}`, { cause: error });
      }
      return PARTS_OF_RECORD;
    });
    return records;
  }
}
