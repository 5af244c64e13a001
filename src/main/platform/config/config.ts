// The configuration as the program uses it: camelCase, every value filled in. TOML keys, defaults, precedence and checks
// are in the files beside this one (lifecycle §5; docs/configuration.md).
import type { LogLevel } from '../logger';

export interface ServerConfig {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly maxMessageBytes: number;
  /** Of a job's request; what operates the pool is small. */
  readonly maxBodyBytes: number;
  readonly registrationTimeoutSeconds: number;
  /** Serve others than this machine without a join token. */
  readonly allowOpenLan: boolean;
  /** Names besides IP addresses and this machine's own under which browsers may reach the server. */
  readonly allowedHosts: readonly string[];
}

export interface SchedulerConfig {
  readonly maxConcurrentJobsPerNode: number;
  readonly jobTimeoutSeconds: number;
  readonly requiredModels: readonly string[];
  readonly offlineRetentionSeconds: number;
  /** 0 turns the periodic push off. */
  readonly statusPushIntervalSeconds: number;
  readonly drainTimeoutSeconds: number;
  /** The OpenAI paths: somebody waits on a connection. */
  readonly openai: { readonly queueTimeoutSeconds: number };
  readonly jobs: {
    /** Jobs waiting for a node; more are refused. */
    readonly maxQueued: number;
    /** How long a finished job can be read, and how many are kept. */
    readonly retentionSeconds: number;
    readonly maxFinished: number;
    /** Room that jobs may take on the disk. */
    readonly maxStorageMb: number;
  };
  readonly loadBalancer: {
    readonly strategy: 'least_connections';
    readonly cpuThreshold: number;
    readonly gpuThreshold: number;
    readonly memoryThreshold: number;
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
  /** ws:// or http:// address of a scheduler; null: none is named. */
  readonly schedulerUrl: string | null;
  /** A file that holds the join token. */
  readonly tokenFile: string | null;
  /** Display name; null: the machine's host name. */
  readonly name: string | null;
  readonly acceptPublicJobs: boolean;
  readonly maxConcurrentJobs: number;
  /** Folders whose sub-folders are models; empty: `models` in the data folder. */
  readonly modelFolders: readonly string[];
  /** `"NAME:GB"`, several with commas; null: real hardware. */
  readonly simulateGpu: string | null;
}

export interface RuntimesConfig {
  /** Look on the usual ports of this machine. */
  readonly lookForLocal: boolean;
  readonly urls: readonly string[];
  /** Hosts besides this machine that a runtime's address may name. */
  readonly allowedHosts: readonly string[];
  /** `URL=FILE` each. */
  readonly apiKeyFiles: readonly string[];
  /** Send every ready model one small request, to know its speed. */
  readonly measureModels: boolean;
  /** What Ollama is to download where it is missing. */
  readonly pullModels: readonly string[];
}

export interface LogConfig {
  readonly level: LogLevel;
  /** `auto`: pretty on a terminal, else JSON. */
  readonly format: 'auto' | 'json' | 'pretty';
}

export interface MusterConfig {
  readonly server: ServerConfig;
  readonly scheduler: SchedulerConfig;
  readonly agent: AgentConfig;
  readonly runtimes: RuntimesConfig;
  readonly log: LogConfig;
}
