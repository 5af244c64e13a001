// The rows of the members of a cluster. Each member writes its own row, with the time of the database. These writes need no lease.
import { ok, type Result } from '../../../shared/result';
import type { ClusterMemberView, StandbyView } from '../../../shared/api/cluster';
import type { Connection } from '../database/postgres/connection';
import type { OtherMember } from './core/lead-with-bus';
import type { Fault } from '../database/postgres/core/faults';

export interface Member {
  readonly name: string;
  /** Unique for each process: that of its lease. */
  readonly holder: string;
  /** Host and port for nodes and clients. */
  readonly address: string;
  readonly version: string;
  /** Unix ms. */
  readonly startedAtWallMs: number;
  /** Whether it is connected to the bus now. Null: it is configured without one. */
  readonly hasBus: boolean | null;
}

export interface SeenCluster {
  readonly epoch: number;
  /** Null: none leads. */
  readonly leader: Pick<Member, 'name' | 'address' | 'holder'> | null;
  readonly members: readonly ClusterMemberView[];
  /** Another process that runs has written the row of this name. */
  readonly isNameTaken: boolean;
  /** The members besides this one. */
  readonly others: readonly OtherMember[];
  /** By the clock of the database, Unix ms. Null: it was not asked. */
  readonly nowWallMs: number | null;
}

/** A row without a sign of life for so long is removed. */
const FORGOTTEN_AFTER = '1 day';
/** Another process with the name of this one runs when its row is younger. */
const RUNNING_SECONDS = 5;

const WRITE = `INSERT INTO cluster_members (name, holder, address, version, started_at, has_bus, seen_at)
    VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())
  ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, address = excluded.address, version = excluded.version,
    started_at = excluded.started_at, has_bus = excluded.has_bus, seen_at = excluded.seen_at`;
const READ = `SELECT m.name, m.holder, m.address, m.version, m.started_at, m.has_bus,
    extract(epoch FROM clock_timestamp() - m.seen_at)::float8 AS seen_seconds,
    extract(epoch FROM clock_timestamp())::float8 * 1000 AS now, l.epoch, l.holder AS leader, l.expires_at > clock_timestamp() AS is_held
  FROM leader l LEFT JOIN cluster_members m ON true WHERE l.id = 1 ORDER BY m.name LIMIT 64`;
/** Of a standby, the columns are null unless the user may see them. */
const STANDBYS = `SELECT application_name AS name, sync_state, extract(epoch FROM replay_lag)::float8 AS lag FROM pg_stat_replication
  WHERE sync_state IS NOT NULL ORDER BY application_name LIMIT 16`;

/** A sign of life of this member, and the cluster as the database has it. */
export async function meetMembers(connection: Connection, self: Member): Promise<Result<SeenCluster, Fault>> {
  const before = await readMembers(connection, self.holder);
  if (!before.ok) return before;
  const { name, holder, address, version, startedAtWallMs, hasBus } = self;
  const written = await connection.query(WRITE, [name, holder, address, version, startedAtWallMs, hasBus === null ? null : Number(hasBus)]);
  if (!written.ok) return written;
  const forgotten = await connection.query(
    `DELETE FROM cluster_members WHERE seen_at < clock_timestamp() - interval '${FORGOTTEN_AFTER}'`,
    [],
  );
  if (!forgotten.ok) return forgotten;
  const after = await readMembers(connection, self.holder);
  if (!after.ok) return after;
  const own = before.value.rows.find((row) => row['name'] === name);
  const isNameTaken = own !== undefined && own['holder'] !== holder && Number(own['seen_seconds']) < RUNNING_SECONDS;
  return ok({ ...after.value.cluster, isNameTaken });
}

export async function readStandbys(connection: Connection): Promise<Result<readonly StandbyView[], Fault>> {
  const read = await connection.query(STANDBYS, []);
  if (!read.ok) return read;
  return ok(
    read.value.rows.map((row) => ({
      name: String(row['name']),
      sync: syncOf(row['sync_state']),
      lag_seconds: typeof row['lag'] === 'number' ? row['lag'] : null,
    })),
  );
}

type Rows = readonly Readonly<Record<string, unknown>>[];

async function readMembers(
  connection: Connection,
  ownHolder: string,
): Promise<Result<{ readonly rows: Rows; readonly cluster: Omit<SeenCluster, 'isNameTaken'> }, Fault>> {
  const read = await connection.query(READ, []);
  if (!read.ok) return read;
  const { rows } = read.value;
  const [first] = rows;
  // The leader that has this process as its holder may give up before the lease ends in the database.
  const leaderHolder = first?.['is_held'] === 1 ? String(first['leader']) : null;
  const members = rows.filter((row) => row['name'] !== null);
  const leader = members.find((row) => row['holder'] === leaderHolder);
  return ok({
    rows: members,
    cluster: {
      epoch: Number(first?.['epoch'] ?? 0),
      nowWallMs: first === undefined ? null : Number(first['now']),
      leader:
        leader === undefined
          ? null
          : { name: String(leader['name']), address: String(leader['address']), holder: String(leader['holder']) },
      others: members
        .filter((row) => row['holder'] !== ownHolder)
        .map((row) => ({ hasBus: row['has_bus'] === 1, seenSeconds: Number(row['seen_seconds']) })),
      members: members.map((row) => ({
        name: String(row['name']),
        address: String(row['address']),
        version: String(row['version']),
        role: row['holder'] === leaderHolder ? ('leader' as const) : ('candidate' as const),
        started_at: Number(row['started_at']),
        seen_seconds: row['holder'] === ownHolder ? 0 : Math.max(0, Number(row['seen_seconds'])),
        has_bus: row['has_bus'] === null ? null : row['has_bus'] === 1,
      })),
    },
  });
}

const SYNC_STATES: readonly StandbyView['sync'][] = ['async', 'potential', 'sync', 'quorum'];
const syncOf = (value: unknown): StandbyView['sync'] => SYNC_STATES.find((state) => state === value) ?? 'async';
