// Opens the members and the audit log in the scheduler's database.
import { ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import type { AbuseLog } from '../../platform/abuse-log';
import type { Logger } from '../../platform/logger';
import { type DatabaseFailure, loadedFrom } from '../database/database-failure';
import type { Store } from '../database/store';
import { AuditLog, SAME_ENTRY_MS } from './audit-log';
import { AuditTable } from './audit-table';
import { KeyDayStore } from './key-day-store';
import { KeyMeter, type KeyMeterOptions } from './key-meter';
import { MemberTables } from './member-store';
import { Members, type MembersOptions } from './members';

export interface OpenMembers {
  readonly members: Members;
  readonly audit: AuditLog;
  readonly meter: KeyMeter;
}

export interface OpenMembersOptions extends Pick<MembersOptions, 'ownerKey'> {
  readonly database: Store;
  /** The name of the database, for a failure. */
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly abuse: AbuseLog;
}

export async function openMembers(options: OpenMembersOptions): Promise<Result<OpenMembers, DatabaseFailure>> {
  const { database, file, clock, logger, abuse, ownerKey } = options;
  const [store, keyDays, table] = [new MemberTables(database), new KeyDayStore(database), new AuditTable(database)];
  const stored = await store.load(file);
  if (!stored.ok) return stored;
  const others = await loadedFrom(file, async () => ({
    audit: await table.load(clock.wallMs() - SAME_ENTRY_MS),
    keyDays: await keyDays.load(),
  }));
  if (!others.ok) return others;
  const audit = new AuditLog({ table, stored: others.value.audit, clock, logger });
  const members = new Members({ logger, audit, store, clock, ownerKey });
  await members.restore(stored.value);
  const limitsOf: KeyMeterOptions['limitsOf'] = (id) => members.keys.limitsOf(id);
  const meter = new KeyMeter({ clock, logger, abuse, store: keyDays, stored: others.value.keyDays, limitsOf });
  return ok({ members, audit, meter });
}
