// The record of a pool under faults, as seen from outside: answers of the API, messages on the wire, the database after each end of
// the scheduler, and runs of the runtimes, in the order in which the test saw them.
import type { JobStatus, JobView } from '../../../src/shared/api/job';
import type { Interval } from './cluster-history';
import type { Direction } from './tcp-proxy';

export interface StoredAttempt {
  readonly attempt: number;
  readonly nodeId: string;
  readonly outcome: string | null;
}

export interface StoredState {
  readonly status: JobStatus;
  readonly attempts: readonly StoredAttempt[];
}

/** A job as in the database. */
export interface Stored {
  readonly state: StoredState;
  /** As JSON. Null: no result. */
  readonly result: string | null;
}

export type FaultEvent =
  /** The answer was 202. */
  | {
      readonly type: 'accepted';
      readonly during: Interval;
      readonly jobId: string;
      readonly name: string;
      readonly key: string | null;
      readonly maxAttempts: number;
    }
  /** `during` absent: a client got it as an event. */
  | { readonly type: 'seen'; readonly during?: Interval; readonly job: JobView }
  /** The answer to a read was 404. */
  | { readonly type: 'unknown'; readonly during: Interval; readonly jobId: string }
  /** A client of the OpenAI API got a whole answer, made by this run of a runtime. */
  | { readonly type: 'answered'; readonly jobId: string; readonly name: string; readonly run: string }
  /** A client of the OpenAI API got a stream of so many chunks, to its end or to a cut: these contents, by these runs. */
  | {
      readonly type: 'streamed';
      readonly jobId: string;
      readonly name: string;
      readonly chunks: number;
      /** Null: it ended with its last chunk. Otherwise why not. */
      readonly cut: string | null;
      readonly pieces: readonly string[];
      readonly runs: readonly string[];
    }
  /** A subscription has ended normally. `terminalEvents`: how many terminal events it delivered. */
  | { readonly type: 'followed'; readonly during: Interval; readonly jobId: string; readonly terminalEvents: number }
  | {
      readonly type: 'wire';
      readonly atMonotonicMs: number;
      /** The name in the test, not the id of the protocol. */
      readonly node: string;
      readonly connection: number;
      readonly direction: Direction;
      readonly message: Readonly<Record<string, unknown>>;
    }
  /** The database of a scheduler that has ended or is idle. */
  | { readonly type: 'stored'; readonly jobs: ReadonlyMap<string, Stored> }
  /** The drain of an operator was answered 200; or a resume was requested. */
  | { readonly type: 'drained' | 'resumed'; readonly atMonotonicMs: number; readonly node: string }
  /** The end: in-flight jobs as the scheduler reports them, and the results left on the disks. */
  | { readonly type: 'rest'; readonly node: string; readonly inFlight: number; readonly resultsLeft: number };

export interface Run {
  readonly event: 'begin' | 'end' | 'cut';
  readonly name: string;
  readonly run: string;
  readonly node: string;
}

export interface FaultRecord {
  readonly events: readonly FaultEvent[];
  readonly runs: readonly Run[];
  /** The job slots of each node. */
  readonly capacity: number;
}
