// What an agent is made from: who it is, where its files are, what it looks at the machine with.
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Runtime } from '../runtimes/runtime';
import type { HardwarePort } from './hardware-port';

export interface AgentOptions {
  /** Version of this program, sent with the registration. */
  readonly version: string;
  /** Display name, 1-128 characters. */
  readonly name: string;
  readonly acceptPublicJobs: boolean;
  readonly maxConcurrentJobs: number;
  /** Folders whose sub-folders are models; empty: `modelsDir`. */
  readonly modelFolders: readonly string[];
  /** The default model folder; made when it is used and missing. */
  readonly modelsDir: string;
  /** What serves models besides the folders, in the order of precedence; default: nothing. */
  readonly runtimes?: readonly Runtime[];
  /** Measure every ready model once, without being asked for each; default: no. */
  readonly measureModels?: boolean;
  /** Models that a running Ollama is to download where they are missing; default: none. */
  readonly pullModels?: readonly string[];
  /** Holds the lock, the model hash cache, measured speeds, results that wait and the files of running jobs; made when missing. */
  readonly stateDir: string;
  readonly identityFile: string;
  readonly hardware: HardwarePort;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Numbers in [0, 1) for jitter; default `Math.random`. */
  readonly random?: () => number;
  /** How this machine is told from others; default: its machine id, hashed. */
  readonly fingerprint?: () => Promise<string>;
}

/** Why an agent can't be opened. `STATE_IN_USE`: another agent runs on the same state folder. */
export type AgentOpenError =
  | { readonly code: 'STATE_IN_USE'; readonly lockFile: string; readonly pid: number }
  | { readonly code: 'STATE_UNUSABLE'; readonly path: string; readonly reason: string };

/** Stopping: how long the scheduler is given to confirm the drain. */
export interface AgentStopOptions {
  /** 0 closes at once. */
  readonly deadlineMs: number;
}
