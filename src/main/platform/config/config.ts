// The configuration as the program uses it: camelCase, with a value for every key. TOML keys, defaults, precedence and checks
// are in the other files of this folder (lifecycle §5; docs/configuration.md).
import type { ShareMode } from '../../../shared/api/share-modes';
import type { LogLevel } from '../logger';
import type { CloseAction } from './desktop-keys';

export interface ServerConfig {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** A second port for programs that expect Ollama. 0: none. */
  readonly ollamaPort: number;
  readonly maxMessageBytes: number;
  /** Limit for requests with a job. Requests that operate the pool have a smaller one. */
  readonly maxBodyBytes: number;
  readonly registrationTimeoutSeconds: number;
  /** The first message of a node socket must be complete within this time. Known nodes have the time above. */
  readonly firstMessageTimeoutSeconds: number;
  readonly maxHandshakesPerAddress: number;
  /** For unknown nodes of one address. */
  readonly maxNewNodesPerMinute: number;
  readonly maxConnectionsPerAddress: number;
  /** Accept nodes from other computers without an invitation. */
  readonly allowOpenLan: boolean;
  /** Host names for browsers, in addition to IP addresses and the names of this computer. */
  readonly allowedHosts: readonly string[];
  /** PEM files of a certificate that clients trust already; null: the certificate of the pool's own CA. */
  readonly tlsFiles: { readonly certFile: string; readonly keyFile: string } | null;
  /** Programs on other computers may send jobs without TLS. */
  readonly plainHttpApi: boolean;
  /** What callers on this computer may do without a key. */
  readonly loopback: (typeof LOOPBACK_MODES)[number];
  /** Announce a shared pool in the local networks. */
  readonly announce: boolean;
}

export const LOOPBACK_MODES = ['open', 'keys'] as const;

/** Several schedulers with one database. */
export interface ClusterConfig {
  /** postgres://, without a password. */
  readonly databaseUrl: string;
  /** Null: the environment has the password, or none is needed. */
  readonly databasePasswordFile: string | null;
  /** Null: the host name. */
  readonly memberName: string | null;
  /** Host and port for nodes and clients. Null: the host name and the port. */
  readonly address: string | null;
  /** Null: the leader takes all connections itself. */
  readonly bus: ClusterBusConfig | null;
}

/** The NATS servers of a cluster. */
export interface ClusterBusConfig {
  /** nats:// to loopback, or tls://. Without credentials. */
  readonly url: string;
  readonly credentialsFile: string | null;
  readonly caFile: string | null;
}

export interface SchedulerConfig {
  readonly maxConcurrentJobsPerNode: number;
  readonly jobTimeoutSeconds: number;
  readonly requiredModels: readonly string[];
  readonly offlineRetentionSeconds: number;
  /** For a node that has never been ready. */
  readonly neverReadyRetentionSeconds: number;
  /** Number of known nodes. Further new nodes are refused. */
  readonly maxNodes: number;
  readonly maxProfileBytes: number;
  /** 0: no periodic push. */
  readonly statusPushIntervalSeconds: number;
  readonly drainTimeoutSeconds: number;
  /** Limits of each key that has no own limits. */
  readonly keys: {
    readonly requestsPerSecond: number;
    readonly megabytesPerMinute: number;
    readonly maxQueued: number;
    readonly maxStreams: number;
    readonly maxPriority: number;
  };
  /** For the OpenAI API, where a client waits on its connection. */
  readonly openai: {
    readonly queueTimeoutSeconds: number;
    readonly busyTimeoutSeconds: number;
    /** `NAME=MODEL`. */
    readonly modelAliases: readonly string[];
  };
  readonly jobs: {
    /** Limit of queued jobs. Further jobs are refused. */
    readonly maxQueued: number;
    /** How long finished jobs are kept, and how many. */
    readonly retentionSeconds: number;
    readonly maxFinished: number;
    /** Limit of the disk space for jobs. */
    readonly maxStorageMb: number;
    /** Whether answers of client APIs are stored with their jobs. */
    readonly keepAnswers: boolean;
  };
  readonly loadBalancer: {
    readonly strategy: 'predicted' | 'least_connections' | 'round_robin';
    /** Whether a job may wait for a full node. */
    readonly holdJobs: boolean;
    /** Limits of the load, percent. Null: not configured. */
    readonly cpuThreshold: number | null;
    readonly gpuThreshold: number | null;
    readonly memoryThreshold: number | null;
  };
  readonly nodeHealth: {
    readonly heartbeatIntervalSeconds: number;
    readonly heartbeatTimeoutSeconds: number;
    readonly warmupTimeoutSeconds: number;
    readonly healthCheckSuccessThreshold: number;
    readonly failureRateWindowSize: number;
    readonly failureRateThreshold: number;
    readonly consecutiveFailureThreshold: number;
    readonly recoverySuccessThreshold: number;
    readonly periodicScanIntervalSeconds: number;
  };
}

export interface AgentConfig {
  /** ws:// or http:// address of a scheduler; null: not configured. */
  readonly schedulerUrl: string | null;
  /** Addresses of other schedulers of the same pool. */
  readonly otherSchedulers: readonly string[];
  /** A file that holds the key of an invitation. */
  readonly tokenFile: string | null;
  /** Display name; null: the machine's host name. */
  readonly name: string | null;
  readonly acceptPublicJobs: boolean;
  readonly maxConcurrentJobs: number;
  /** Null: not configured. */
  readonly share: ShareMode | null;
  /** Limits of the owner's load, percent. Null: not configured. */
  readonly limits: { readonly cpuPercent: number | null; readonly gpuPercent: number | null; readonly memoryPercent: number | null };
  /** Which GPUs are offered, by UUID, index or name. Null: all. */
  readonly gpus: readonly string[] | null;
  /** As `GPU=GB`. */
  readonly vramLimitsGb: readonly string[];
  readonly rules: RulesConfig;
  /** Whether a scheduler may load, unload and pin models here. Null: only a scheduler on this computer. */
  readonly allowModelControl: boolean | null;
  readonly wakeOnLan: boolean;
  /** Models that the pool does not get. */
  readonly unsharedModels: readonly string[];
  /** Folders whose sub-folders are models; empty: `models` in the data folder. */
  readonly modelFolders: readonly string[];
  /** `"NAME:GB"`, several with commas; null: real hardware. */
  readonly simulateGpu: string | null;
}

/** The rules by which the owner pauses this computer. */
export interface RulesConfig {
  /** Such as `mon-fri 18:00-08:00`; empty: always. */
  readonly sharingHours: readonly string[];
  readonly pauseOnFullScreen: boolean;
  readonly fullScreenExceptions: readonly string[];
  /** Names of programs that use a GPU. */
  readonly pauseForPrograms: readonly string[];
  readonly mainsPowerOnly: boolean;
  /** Null: no limit. */
  readonly pauseAboveCelsius: number | null;
  readonly moveJobs: boolean;
}

export interface RuntimesConfig {
  /** Probe the usual ports of this computer. */
  readonly lookForLocal: boolean;
  readonly urls: readonly string[];
  /** Hosts besides this computer that an address may name. */
  readonly allowedHosts: readonly string[];
  /** `URL=FILE` each. */
  readonly apiKeyFiles: readonly string[];
  /** Measure the speed of every ready model with one small request. */
  readonly measureModels: boolean;
  /** Models that Ollama downloads when they are missing. */
  readonly pullModels: readonly string[];
}

/** The desktop app outside its window. */
export interface DesktopConfig {
  readonly onClose: CloseAction;
  readonly startAtLogin: boolean;
  readonly checkForUpdates: boolean;
  /** Which events are notified. */
  readonly notify: Readonly<Record<NoticeKind, boolean>>;
}

export type NoticeKind = 'joined' | 'join_request' | 'job_failed' | 'node_lost' | 'pool_full' | 'paused' | 'update';

export interface LogConfig {
  readonly level: LogLevel;
  /** `auto`: pretty on a terminal, else JSON. */
  readonly format: 'auto' | 'json' | 'pretty';
}

export interface MusterConfig {
  readonly server: ServerConfig;
  /** Null: this scheduler is alone. */
  readonly cluster: ClusterConfig | null;
  readonly scheduler: SchedulerConfig;
  readonly agent: AgentConfig;
  readonly runtimes: RuntimesConfig;
  readonly desktop: DesktopConfig;
  readonly log: LogConfig;
}
