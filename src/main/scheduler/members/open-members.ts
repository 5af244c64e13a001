// Opens the members and the audit log in the scheduler's database.
import type { DatabaseSync } from 'node:sqlite';
import { ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { DatabaseFailure } from '../database/database-failure';
import { GroupCommit } from '../database/group-commit';
import { AuditLog } from './audit-log';
import { SqliteMemberStore } from './member-store';
import { Members, type MembersOptions } from './members';

export interface OpenMembers {
  readonly members: Members;
  readonly audit: AuditLog;
  /** Must be closed before the database. */
  readonly writes: GroupCommit;
}

export interface OpenMembersOptions extends Pick<MembersOptions, 'ownerKey'> {
  readonly database: DatabaseSync;
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function openMembers({ database, file, clock, logger, ownerKey }: OpenMembersOptions): Result<OpenMembers, DatabaseFailure> {
  const writes = new GroupCommit(database);
  const store = new SqliteMemberStore(database, writes);
  const stored = store.load(file);
  if (!stored.ok) return stored;
  const audit = new AuditLog(database, writes, clock, logger);
  const members = new Members({ logger, audit, store, stored: stored.value, clock, ownerKey });
  return ok({ members, audit, writes });
}
