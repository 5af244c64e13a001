// The replica of a member of a cluster with a bus: the connection to the bus, and the server behind the address of the member.
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BusView } from '../../shared/api/cluster';
import { codeOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import { version as VERSION } from '../../../package.json';
import type { AbuseLog } from '../platform/abuse-log';
import { systemClock } from '../platform/clock';
import type { ClusterBusConfig } from '../platform/config/config';
import type { Logger } from '../platform/logger';
import type { Bus } from '../scheduler/cluster/bus/bus';
import { openNatsBus } from '../scheduler/cluster/bus/open-nats-bus';
import { watchBus } from '../scheduler/replica/bus-log';
import { openReplica, type Replica } from '../scheduler/replica/open-replica';
import type { ReachedLimits } from '../scheduler/replica/reached-limits';
import type { StartFailure } from './daemon';
import { EXIT } from './exit-code';
import type { Settings } from './settings';

/** The name of the pool on the bus, which members share through the database. Several pools can use one NATS server. */
export const POOL_ID_FILE = 'pool-id';

export interface MemberReplica extends Pick<Replica, 'server' | 'copies'> {
  readonly bus: Bus;
  /** Resolves when the clients that wait for jobs have got an error. */
  endAnswers(): Promise<void>;
  readonly busView: () => BusView;
  stop(): Promise<void>;
}

export interface MemberReplicaParts {
  readonly bus: ClusterBusConfig;
  readonly memberName: string;
  readonly logger: Logger;
  readonly abuse: AbuseLog;
  /** The counters of `abuse`. */
  readonly limits: ReachedLimits;
  readonly leader: () => string | null;
}

/** Only where there is none. */
export async function createPoolId(dataDir: string): Promise<void> {
  try {
    await writeFile(path.join(dataDir, POOL_ID_FILE), randomUUID().replaceAll('-', ''), { flag: 'wx' });
  } catch (error) {
    if (codeOfError(error) !== 'EEXIST') throw error;
  }
}

/** Returns before the bus is connected. */
export async function openMemberReplica(
  { config, paths }: Settings,
  { bus: { url, credentialsFile, caFile }, memberName, logger, abuse, limits, leader }: MemberReplicaParts,
): Promise<Result<MemberReplica, StartFailure>> {
  const poolId = (await readFile(path.join(paths.dataDir, POOL_ID_FILE), 'utf8')).trim();
  const opened = await openNatsBus({ url, credentialsFile, caFile, memberName }, poolId, systemClock);
  if (!opened.ok) {
    const message = `cluster.bus_url cannot be used: ${opened.error}`;
    return fail({ exitCode: EXIT.failure, code: 'BUS_UNUSABLE', details: { reason: opened.error }, message });
  }
  const bus = opened.value;
  const busView = watchBus(bus, systemClock, logger);
  const replica = openReplica({ bus, config: config.server, clock: systemClock, logger, abuse, limits, version: VERSION, leader });
  return ok({
    server: replica.server,
    copies: replica.copies,
    bus,
    endAnswers: () => replica.answers.stop(),
    busView,
    stop: async () => {
      await replica.stop();
      await bus.close();
    },
  });
}
