// Opens the members and the audit log in the scheduler's database.
import type { DatabaseSync } from 'node:sqlite';
import { ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import type { AbuseLog } from '../../platform/abuse-log';
import type { Logger } from '../../platform/logger';
import type { DatabaseFailure } from '../database/database-failure';
import { GroupCommit } from '../database/group-commit';
import { AuditLog } from './audit-log';
import { SqliteKeyDayStore } from './key-day-store';
import { KeyMeter } from './key-meter';
import { SqliteMemberStore } from './member-store';
import { Members, type MembersOptions } from './members';

export interface OpenMembers {
  readonly members: Members;
  readonly audit: AuditLog;
  readonly meter: KeyMeter;
  readonly writes: GroupCommit;
  /** Writes what is left. Must be called before the database is closed. */
  readonly closeWrites: () => void;
}

export interface OpenMembersOptions extends Pick<MembersOptions, 'ownerKey'> {
  readonly database: DatabaseSync;
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly abuse: AbuseLog;
}

export function openMembers({ database, file, clock, logger, abuse, ownerKey }: OpenMembersOptions): Result<OpenMembers, DatabaseFailure> {
  const writes = new GroupCommit(database);
  const store = new SqliteMemberStore(database, writes);
  const stored = store.load(file);
  if (!stored.ok) return stored;
  const audit = new AuditLog(database, writes, clock, logger);
  const members = new Members({ logger, audit, store, stored: stored.value, clock, ownerKey });
  const meter = new KeyMeter({
    clock,
    logger,
    abuse,
    store: new SqliteKeyDayStore(database, writes),
    limitsOf: (id) => members.keys.limitsOf(id),
  });
  const closeWrites = (): void => {
    meter.stop();
    writes.close();
  };
  return ok({ members, audit, meter, writes, closeWrites });
}
