// The options of an agent: the name and limits of its node, the paths of its files, and the services that it uses.
import type { OwnerLimits } from '../../shared/protocol/node-messages';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Runtime } from '../runtimes/runtime';
import type { OwnerSources } from '../system-events/fact-source';
import type { SleepSource } from '../system-events/sleep-source';
import type { GpuChoice } from './core/gpu-choice';
import type { OwnerRules } from './core/rules/judge-rules';
import type { HardwarePort } from './hardware-poller';
import type { FailedJob } from './jobs/job-runner';

export interface AgentOptions {
  /** Version of this program, sent with the registration. */
  readonly version: string;
  /** Display name, 1-128 characters. */
  readonly name: string;
  readonly acceptPublicJobs: boolean;
  readonly maxConcurrentJobs: number;
  /** The limits that the owner set for the own load. Default: null, so the scheduler decides. */
  readonly limits?: OwnerLimits | null;
  /** Which GPUs the owner offers, and how much of their memory. Default: all. */
  readonly gpus?: GpuChoice;
  /** The rules of the owner. Default: none. */
  readonly rules?: OwnerRules;
  /** Whether a scheduler may load, unload and pin models here. Default: null, so a scheduler on this computer may. */
  readonly allowModelControl?: boolean | null;
  /** Whether the scheduler may wake this computer from sleep for a job. Default: false. */
  readonly wakeOnLan?: boolean;
  /** Models that the pool does not get. Default: none. */
  readonly unsharedModels?: readonly string[];
  /** Folders whose subfolders are models. Empty: only `modelsDir`. */
  readonly modelFolders: readonly string[];
  /** The default model folder. Created when the agent uses it and it does not exist. */
  readonly modelsDir: string;
  /** Gets the model of a simulated GPU where this computer has no model. */
  readonly simulatedModelsDir: string;
  /** A setting simulates the GPUs. Default: false. */
  readonly simulatedBySetting?: boolean;
  /** Runtimes beside the model folders, in order of precedence. Default: none. */
  readonly runtimes?: readonly Runtime[];
  /** Benchmark every ready model once, without a request for each. Default: false. */
  readonly measureModels?: boolean;
  /** Models that a running Ollama downloads when they are missing. Default: none. */
  readonly pullModels?: readonly string[];
  /** Holds the lock, caches, the history and counts of this computer, unacknowledged results and files of running jobs. Created when missing. */
  readonly stateDir: string;
  readonly identityFile: string;
  readonly hardware: HardwarePort;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Announces a sleep of this computer. Default: a sleep is noticed afterwards. */
  readonly sleepSource?: SleepSource;
  /** What the rules of the owner are judged from, besides the hardware. Default: nothing is known. */
  readonly ownerSources?: OwnerSources;
  /** A job of the pool failed on this computer. Default: only the log says so. */
  readonly onJobFailed?: (job: FailedJob) => void;
  /** Random numbers in [0, 1) for jitter. Default: `Math.random`. */
  readonly random?: () => number;
  /** Identifies this machine. Default: the hash of its machine id. */
  readonly fingerprint?: () => Promise<string>;
}

/** The options that can change while the agent runs. */
export type LiveOptions = Pick<
  AgentOptions,
  | 'name'
  | 'acceptPublicJobs'
  | 'maxConcurrentJobs'
  | 'limits'
  | 'gpus'
  | 'rules'
  | 'allowModelControl'
  | 'wakeOnLan'
  | 'unsharedModels'
  | 'modelFolders'
  | 'runtimes'
  | 'measureModels'
  | 'pullModels'
>;

/** Folders that are scanned for models. */
export const modelFoldersOf = ({ modelFolders, modelsDir }: Pick<AgentOptions, 'modelFolders' | 'modelsDir'>): readonly string[] =>
  modelFolders.length === 0 ? [modelsDir] : modelFolders;

/** Why an agent cannot be opened. `STATE_IN_USE`: another agent runs on the same state folder. */
export type AgentOpenError =
  | { readonly code: 'STATE_IN_USE'; readonly lockFile: string; readonly pid: number }
  | { readonly code: 'STATE_UNUSABLE'; readonly path: string; readonly reason: string };

/** How long a stopping agent waits for the scheduler to confirm the drain. */
export interface AgentStopOptions {
  /** 0: the agent disconnects immediately. */
  readonly timeoutMs: number;
}
