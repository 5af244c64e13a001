// The interface of the scheduler for the programs that run it.
import type { AppApi } from '../../shared/api/app-api';
import type { PoolAddress } from '../../shared/api/members';
import type { Result } from '../../shared/result';
import type { ClusterPort } from '../contracts/cluster-port';
import type { PoolPort, TrustPort } from '../contracts/ports';
import type { Clock } from '../platform/clock';
import type { MusterConfig } from '../platform/config/config';
import type { Logger } from '../platform/logger';
import type { ListenFailure } from './api/listen-failure';
import type { Listener, ListenerOptions } from './open-listener';
import type { LeaderBus } from './forwarded/open-forwarded';
import type { DatabaseFailure } from './database/database-failure';
import type { SchedulerDatabases } from './database/scheduler-databases';
import type { JobsPort } from './jobs/jobs-port';
import type { ResponseCopies } from './response-copies/response-copies';
import type { WakeTarget } from './nodes/wake-sender';
import type { Members } from './members/members';

export interface SchedulerOptions {
  readonly config: MusterConfig;
  /** In the data folder. */
  readonly databaseFile: string;
  /** Default: the database file, and that of the jobs beside it. */
  readonly openDatabases?: () => Promise<Result<SchedulerDatabases, DatabaseFailure>>;
  /** Default: this scheduler is alone. */
  readonly cluster?: ClusterParts;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  /** The owner key now. It changes when the owner resets it. */
  readonly ownerKey: () => string;
  /** Where packets that wake a node go. Default: to all networks of this computer. */
  readonly wakeTargets?: () => readonly WakeTarget[];
  /** The addresses of all schedulers of this pool, sent with each acknowledgement (protocol §3). Default: none are sent. */
  readonly addresses?: () => readonly string[];
}

/** For the leader of a cluster with a bus. */
export interface ReplicaParts extends LeaderBus {
  /** Of this member. */
  readonly copies: ResponseCopies;
}

/** For the leader of a cluster. */
export interface ClusterParts {
  readonly port: ClusterPort;
  /** Of the lease of this term. */
  readonly epoch: number;
  /** By its own clock: whether it leads, so that assignments may be sent. */
  readonly mayAssign: () => boolean;
  /** What replicas forward comes over the bus. Absent: all connections are this scheduler's own. */
  readonly replicas?: ReplicaParts | undefined;
  /** The address stays open when this scheduler has stopped leading. */
  readonly openListener: (options: ListenerOptions) => Promise<Result<Listener, ListenFailure>>;
}

/** Why the scheduler did not start. The dashboard and the command line translate the code. */
export type SchedulerFailure = DatabaseFailure | ListenFailure;

export interface Listening {
  /** The address for clients on this machine. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The pin of the CA, for clients on other computers. Null on loopback, and with a certificate of the owner. */
  readonly pin: string | null;
  /** Whether clients on other computers use TLS. */
  readonly secure: boolean;
}

export interface ListenOptions {
  /** Served to the renderer over HTTP; null: this program has no app. */
  readonly app: AppApi | null;
  /** The folder of the built renderer. Without a build, `/` answers how to make one. */
  readonly rendererDir: string | null;
}

export interface OpenScheduler {
  readonly pool: PoolPort;
  readonly jobs: JobsPort;
  readonly trust: TrustPort;
  /** For the program itself, which acts as the owner. */
  readonly members: Pick<Members, 'issueCode' | 'invitations'>;
  /** Dispatch, limits and new requests use these settings from now on. The rest of the configuration holds as it was at the start. */
  configure(config: MusterConfig): void;
  /** For join links. Null: the scheduler does not listen yet. */
  address(): PoolAddress | null;
  /** The CA of the pool, PEM. Null: on loopback, with a certificate of the owner, or not listening yet. */
  ca(): string | null;
  /** Called once. Serves node sockets and HTTP on one port, and starts the deadlines. */
  listen(options: ListenOptions): Promise<Result<Listening, SchedulerFailure>>;
  /** Called before the nodes of this program disconnect. Waiting clients get an error, and new requests are refused. */
  stopSoon(): void;
  /** Disconnects nodes and clients, writes pending changes, and closes the database. */
  stop(): Promise<void>;
}
