// Attempts that nodes named when they registered, and that this scheduler does not know: an earlier scheduler had no time to store them, or the
// client of their job has not returned yet. Each uses a slot. What their nodes report waits for the client.
import { memoryOf } from '../../../shared/value-size';
import type { NodePool } from './node-pool';
import type { ActiveJob } from './pool-listener';

export type Report = () => void;

export interface HeldReport {
  readonly report: Report;
  readonly bytes: number;
}

interface Unknown extends ActiveJob {
  readonly nodeId: string;
  /** False: it has ended on its node. */
  hasSlot: boolean;
  /** Its node has registered without it, so it repeats nothing. */
  isGone: boolean;
  /** Parts of its stream are missing. */
  hasLostParts: boolean;
  /** Its end waits. Nothing that is repeated after it adds anything. */
  hasEnd: boolean;
  reports: HeldReport[];
  bytes: number;
}

/** A part of a stream, or the end of the attempt. */
type ReportKind = 'part' | 'end';

/** What waits in all. Above it, the attempt with the most loses all of it: its node cannot end the streams of others. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Of one end: a larger result is sent again by its node, because it is not acknowledged. A part of a stream is not. */
export const MAX_END_BYTES = 1024 * 1024;
/** What a report takes besides its data. */
const REPORT_BYTES = 256;
const NO_REPORTS: readonly HeldReport[] = [];
const NOTHING_YET = { hasSlot: false, isGone: false, hasLostParts: false, hasEnd: false, bytes: 0 } as const;
/** A node does not name the models of its jobs. */
const UNKNOWN_MODEL = '';

/** All that its node reported waits here. */
const isComplete = ({ hasEnd, hasLostParts }: Unknown): boolean => hasEnd && !hasLostParts;

const keyOf = ({ jobId, attempt }: ActiveJob): string => `${jobId} ${String(attempt)}`;

export class UnknownAttempts {
  readonly #pool: Pick<NodePool, 'apply'>;
  readonly #stop: (nodeId: string, key: ActiveJob) => void;
  readonly #byNode = new Map<string, Map<string, Unknown>>();
  #bytes = 0;
  #isOpen = false;

  /** `stop`: the node must stop the attempt, because no client returns for it. */
  constructor(pool: Pick<NodePool, 'apply'>, stop: (nodeId: string, key: ActiveJob) => void) {
    this.#pool = pool;
    this.#stop = stop;
  }

  /** Clients may return. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    this.#isOpen = true;
  }

  /** No client returns any more. Returns the ends of the attempts, for turns of the event loop. */
  close(): readonly (() => void)[] {
    this.#isOpen = false;
    return [...this.#byNode.keys()].flatMap((nodeId) =>
      this.#on(nodeId).map((unknown) => () => {
        this.stop(nodeId, unknown);
      }),
    );
  }

  has(nodeId: string, key: ActiveJob): boolean {
    return this.#byNode.get(nodeId)?.has(keyOf(key)) === true;
  }

  /** It has a slot on the node: it has not ended there. */
  runs(nodeId: string, key: ActiveJob): boolean {
    return this.#byNode.get(nodeId)?.get(keyOf(key))?.hasSlot === true;
  }

  /**
   * The node has registered, and runs these. It repeats what it has reported. Reports that are complete wait on, because the node can restart
   * before it repeats them. So does an end of another attempt: a restarted node has lost it.
   */
  registered(nodeId: string, named: readonly ActiveJob[]): void {
    const keys = new Set(named.map(keyOf));
    const before = this.#on(nodeId);
    // First: a draining node is not without jobs in between.
    for (const key of named) this.expect(nodeId, key);
    for (const unknown of before) {
      if (keys.has(keyOf(unknown))) {
        if (!isComplete(unknown)) this.#forgetReports(unknown);
        unknown.hasLostParts = false;
        unknown.isGone = false;
      } else if (unknown.hasEnd) {
        unknown.isGone = true;
        this.#freeSlot(unknown);
      } else this.take(nodeId, unknown);
    }
  }

  /** The node runs the attempt, or did so when the job was stored. */
  expect(nodeId: string, { jobId, attempt }: ActiveJob): void {
    const held = this.#byNode.get(nodeId) ?? new Map<string, Unknown>();
    this.#byNode.set(nodeId, held);
    const unknown = held.get(keyOf({ jobId, attempt })) ?? { nodeId, jobId, attempt, ...NOTHING_YET, reports: [] };
    held.set(keyOf(unknown), unknown);
    if (unknown.hasSlot) return;
    unknown.hasSlot = true;
    this.#pool.apply(nodeId, { type: 'job_assigned', jobId, modelId: UNKNOWN_MODEL });
  }

  /**
   * True: the attempt is unknown, and `report` is called when its client has returned. `data`: what the report has. Of an attempt that has lost
   * parts, only the end waits: without it the client would wait until the node repeats its result.
   */
  keep(nodeId: string, key: ActiveJob, data: unknown, report: Report, kind: ReportKind = 'part'): boolean {
    const unknown = this.#byNode.get(nodeId)?.get(keyOf(key));
    if (unknown === undefined) return false;
    const isPart = kind === 'part';
    if (unknown.hasEnd || (isPart && unknown.hasLostParts)) return true;
    const maxBytes = isPart ? MAX_BYTES : MAX_END_BYTES;
    const bytes = REPORT_BYTES + memoryOf(data, maxBytes);
    if (bytes <= maxBytes) {
      unknown.hasEnd ||= !isPart;
      this.#add(unknown, report, bytes);
    } else if (isPart) this.#loseReports(unknown);
    return true;
  }

  /** The attempt has ended on its node. */
  ended(nodeId: string, key: ActiveJob): void {
    const unknown = this.#byNode.get(nodeId)?.get(keyOf(key));
    if (unknown !== undefined) this.#freeSlot(unknown);
  }

  /** The attempt is known from now on. Returns what its node has reported. */
  take(nodeId: string, key: ActiveJob): readonly HeldReport[] {
    const held = this.#byNode.get(nodeId);
    const unknown = held?.get(keyOf(key));
    if (held === undefined || unknown === undefined) return NO_REPORTS;
    held.delete(keyOf(key));
    if (held.size === 0) this.#byNode.delete(nodeId);
    this.#freeSlot(unknown);
    const { reports } = unknown;
    this.#forgetReports(unknown);
    return reports;
  }

  /** Stops the attempts that run on the node. The result of one that has ended still waits for its client. */
  stopOn(nodeId: string): void {
    for (const unknown of this.#on(nodeId)) {
      // The node named it again, and has not repeated its end yet.
      if (isComplete(unknown)) this.#freeSlot(unknown);
      else if (unknown.hasSlot) this.stop(nodeId, unknown);
    }
  }

  /** No client returns for the attempt. Its result is acknowledged, and changes nothing. */
  stop(nodeId: string, key: ActiveJob): void {
    if (this.runs(nodeId, key)) this.#stop(nodeId, key);
    for (const { report } of this.take(nodeId, key)) report();
  }

  #on(nodeId: string): readonly Unknown[] {
    return [...(this.#byNode.get(nodeId)?.values() ?? [])];
  }

  #freeSlot(unknown: Unknown): void {
    if (!unknown.hasSlot) return;
    unknown.hasSlot = false;
    this.#pool.apply(unknown.nodeId, { type: 'job_released', jobId: unknown.jobId, modelId: UNKNOWN_MODEL, verdict: { kind: 'none' } });
  }

  #add(unknown: Unknown, report: Report, bytes: number): void {
    unknown.reports.push({ report, bytes });
    unknown.bytes += bytes;
    this.#bytes += bytes;
    if (this.#bytes > MAX_BYTES) this.#loseReports(this.#largest(unknown));
  }

  #loseReports(unknown: Unknown): void {
    this.#forgetReports(unknown);
    unknown.hasLostParts = true;
    if (unknown.isGone) this.take(unknown.nodeId, unknown);
  }

  #largest(of: Unknown): Unknown {
    let largest = of;
    for (const held of this.#byNode.values()) for (const unknown of held.values()) if (unknown.bytes > largest.bytes) largest = unknown;
    return largest;
  }

  #forgetReports(unknown: Unknown): void {
    this.#bytes -= unknown.bytes;
    unknown.bytes = 0;
    unknown.hasEnd = false;
    unknown.reports = [];
  }
}
