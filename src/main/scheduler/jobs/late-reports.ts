// What nodes reported of attempts before the client of the job returned, passed on in turns of the event loop: the parts of a stream can be
// thousands. Later reports of the same attempt wait behind it.
import { memoryOf } from '../../../shared/value-size';
import { inTurns } from '../../platform/in-turns';
import type { ActiveJob } from './pool-listener';
import type { HeldReport, Report } from './unknown-attempts';

/** Of one attempt. */
export interface WaitingReports extends ActiveJob {
  readonly nodeId: string;
  readonly reports: readonly HeldReport[];
}

interface Queue {
  readonly reports: HeldReport[];
  /** Of the next one. */
  at: number;
  /** Resolves when no report waits. */
  done: Promise<void>;
}

/** Of the work in a turn of the event loop: half a megabyte is written as JSON in some milliseconds. */
const BYTES_OF_PART = 170;

/** The work with a report besides its data, in parts of a turn of the event loop. */
const PARTS_OF_REPORT = 20;

/** The work with all of them. */
export const partsOfReports = ({ reports }: WaitingReports): number =>
  reports.reduce((parts, { bytes }) => parts + PARTS_OF_REPORT + bytes / BYTES_OF_PART, 0);

const keyOf = (nodeId: string, { jobId, attempt }: ActiveJob): string => `${nodeId} ${jobId} ${String(attempt)}`;

export class LateReports {
  readonly #queues = new Map<string, Queue>();
  #isStopped = false;

  /** A few are passed on in this turn. */
  passInTurns({ nodeId, reports, ...job }: WaitingReports): void {
    const key = keyOf(nodeId, job);
    const queue: Queue = { reports: [...reports], at: 0, done: Promise.resolve() };
    this.#queues.set(key, queue);
    queue.done = inTurns(this.#turns(key, queue), () => passNext(queue) / BYTES_OF_PART);
  }

  /** A further report with its data, or an act that must not overtake the reports: at once, or after those that wait. */
  pass(nodeId: string, job: ActiveJob, data: unknown, report: Report): void {
    const queue = this.#queues.get(keyOf(nodeId, job));
    if (queue === undefined) report();
    else queue.reports.push({ report, bytes: memoryOf(data) });
  }

  /** Null: no report of the attempt waits. Else resolves when none does: to false when the scheduler has stopped meanwhile. */
  whenPassed(nodeId: string, job: ActiveJob): Promise<boolean> | null {
    const queue = this.#queues.get(keyOf(nodeId, job));
    return queue === undefined || isPassed(queue) ? null : queue.done.then(() => !this.#isStopped);
  }

  /**
   * The scheduler stops. What waits is dropped, as if this process had ended before it arrived. None of these results is acknowledged, and the
   * next scheduler has the attempt as it was stored. The node registers there, and repeats the parts that it kept and the result.
   */
  stop(): void {
    this.#isStopped = true;
    for (const queue of this.#queues.values()) queue.at = queue.reports.length;
  }

  /** One for each report. A report is taken when it is passed on: its turn can come later. */
  *#turns(key: string, queue: Queue): Generator<void> {
    while (!isPassed(queue)) yield;
    this.#queues.delete(key);
  }
}

const isPassed = ({ reports, at }: Queue): boolean => at >= reports.length;

/** Returns its size. 0: none waits any more. */
function passNext(queue: Queue): number {
  const next = queue.reports[queue.at];
  if (next === undefined) return 0;
  queue.at++;
  next.report();
  return next.bytes;
}
