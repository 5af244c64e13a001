// Samples the pool every 15 seconds, and answers with its totals, its history and the models that it lacks. One sample reads each node once,
// in several turns of the event loop; the work of jobs is counted when it happens.
import type { MissingModels as MissingModelsView } from '../../../shared/api/missing-models';
import {
  POOL_RANGES,
  type PoolHistory as PoolHistoryView,
  type PoolMark,
  type PoolRange,
  type PoolTotals,
} from '../../../shared/api/pool-history';
import type { NodeHistory, NodeRange } from '../../../shared/api/node-history';
import type { OpenJobCounts } from '../../../shared/api/job';
import type { PoolSummary } from '../../../shared/api/node-view';
import type { AvailabilityState } from '../../../shared/protocol/status';
import { mixesScripts } from '../../../shared/protocol/look-alikes';
import type { PoolHistoryPort } from '../../contracts/history-ports';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { Work } from '../jobs/recent-work';
import type { NodeRecord } from '../lifecycle/node-record';
import type { MissingModels } from '../nodes/core/missing-models';
import { estimatedVramGb } from '../../../shared/model-size';
import { inTurns } from '../../platform/in-turns';
import { poolHistoryOf, poolTotalsOf } from './core/history-views';
import { lossMarks } from './core/marks';
import type { Period } from './core/periods';
import { type PoolCount, PoolCounter } from './core/pool-count';
import type { HistoryStore, LoadedRows } from './history-store';
import { KeptPeriods } from './kept-periods';
import { MINUTE_MS } from './core/node-series';
import type { NodeEventStore, StoredEvent } from './node-event-store';
import { NodeHistories } from './node-histories';
import type { StoredPeriods } from './stored-history';

const SAMPLE_MS = POOL_RANGES['1h'].stepSeconds * 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Totals that are requested at once share one count of the pool. */
const MAX_COUNT_AGE_MS = 2000;

export interface HistorySource {
  readonly nodeIds: () => readonly string[];
  readonly record: (nodeId: string) => NodeRecord | undefined;
  readonly stateOf: (record: NodeRecord) => AvailabilityState;
  readonly massLoss: () => PoolSummary['mass_loss'];
  readonly jobs: () => { readonly counts: OpenJobCounts; readonly oldestWaitMs: number | null };
  readonly takeWork: () => Work;
  readonly missing: MissingModels;
  /** Calls the listener after each change of a node. Null: the node is no longer known. */
  readonly watch: (listener: (nodeId: string, next: NodeRecord | null) => void) => void;
}

export interface PoolHistoryOptions {
  readonly source: HistorySource;
  readonly store: Pick<HistoryStore, 'write'>;
  readonly nodeEvents: Pick<NodeEventStore, 'write'>;
  /** What the store has at the start. */
  readonly stored: StoredPeriods;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Counted {
  readonly count: PoolCount;
  readonly atWallMs: number;
  readonly atMonotonicMs: number;
}

export class PoolHistory implements PoolHistoryPort {
  readonly #options: PoolHistoryOptions;
  readonly #kept: KeptPeriods;
  readonly #nodes: NodeHistories;
  #sampledMinute = -Infinity;
  #counting: Promise<Counted> | null = null;
  #counted: Counted | null = null;
  #sampledAtMonotonicMs: number;
  #timer: Timer | null = null;
  #isStopped = false;

  constructor(options: PoolHistoryOptions) {
    this.#options = options;
    const { store, nodeEvents, stored, source, clock, logger } = options;
    this.#kept = new KeptPeriods({ store, stored, missing: source.missing, clock, logger });
    this.#nodes = new NodeHistories({ source, store: nodeEvents, clock, logger });
    source.watch((nodeId, next) => {
      this.#nodes.changed(nodeId, next);
    });
    this.#sampledAtMonotonicMs = clock.monotonicMs();
  }

  /** Adds the stored events of nodes, before the start. */
  restore(events: LoadedRows<StoredEvent>): Promise<void> {
    return this.#nodes.restore(events);
  }

  start(): void {
    this.#sampledAtMonotonicMs = this.#options.clock.monotonicMs();
    this.#kept.started();
    this.#sampleLater();
  }

  /** Resolves when the events of nodes are written. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    // A scheduler that never listened has not started.
    if (this.#timer === null) return;
    this.#keepLast();
    this.#kept.stop();
    await this.#nodes.write();
  }

  async totals(): Promise<PoolTotals> {
    const counted = await this.#recentCount();
    const { atWallMs } = counted;
    const last = this.#periodOf(counted.count, beginOfEnded(atWallMs), NO_WORK, 0);
    const [hour, day] = [this.#kept.since('1h', atWallMs - HOUR_MS), this.#kept.since('24h', atWallMs - DAY_MS)];
    return poolTotalsOf({ atWallMs, last, hour, day });
  }

  history(range: PoolRange): PoolHistoryView {
    const nowWallMs = this.#options.clock.wallMs();
    return poolHistoryOf(range, this.#kept.since(range, nowWallMs - POOL_RANGES[range].seconds * 1000), this.#kept.marks, nowWallMs);
  }

  nodeHistory(nodeId: string, range: NodeRange): NodeHistory | null {
    return this.#nodes.history(nodeId, range);
  }

  /** `hasModel`: a node has the model by now. */
  async missingModels(hasModel: (modelId: string) => boolean): Promise<MissingModelsView> {
    const { source, clock } = this.#options;
    const nowWallMs = clock.wallMs();
    const asked = source.missing.list(nowWallMs).filter(({ modelId }) => !hasModel(modelId));
    const sizesGb: number[] = [];
    if (asked.length > 0)
      await this.#eachNode((record) => {
        if (record.online) sizesGb.push(record.profile.hardware.gpus.reduce((sum, { memoryGb }) => sum + memoryGb, 0));
      });
    return {
      since: Math.max(source.missing.sinceWallMs, nowWallMs - DAY_MS),
      models: asked.map(({ modelId, requests, sinceWallMs, lastWallMs }) => {
        const vramGb = estimatedVramGb(modelId);
        return {
          model_id: modelId,
          requests,
          since: sinceWallMs,
          last_at: lastWallMs,
          mixed_scripts: mixesScripts(modelId),
          vram_gb: vramGb,
          fits_nodes: vramGb === null ? null : sizesGb.filter((gb) => gb >= vramGb).length,
        };
      }),
    };
  }

  /** At the next multiple of the sample time, so that each period gets one sample. */
  #sampleLater(): void {
    const { clock } = this.#options;
    this.#timer = clock.setTimer(SAMPLE_MS - (clock.wallMs() % SAMPLE_MS), () => {
      void this.#sample();
    });
  }

  async #sample(): Promise<void> {
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    this.#sampleLater();
    const counted = await this.#count();
    if (this.#isStopped) return;
    this.#keep(counted, beginOfEnded(counted.atWallMs), nowMonotonicMs);
    await this.#sampleNodes();
  }

  /** The scheduler stops: the work since the last sample counts too. The nodes are those of the last count, because a new one takes turns. */
  #keepLast(): void {
    const { clock } = this.#options;
    if (this.#counted === null) return;
    this.#keep(this.#counted, Math.floor(clock.wallMs() / SAMPLE_MS) * SAMPLE_MS, clock.monotonicMs());
  }

  #keep({ count }: Counted, atWallMs: number, nowMonotonicMs: number): void {
    const countedMs = nowMonotonicMs - this.#sampledAtMonotonicMs;
    // Nothing has passed since the last sample.
    if (countedMs <= 0) return;
    this.#sampledAtMonotonicMs = nowMonotonicMs;
    const work = this.#options.source.takeWork();
    const period = this.#periodOf(count, atWallMs, work, countedMs);
    const marks = this.#marksOf(work, period.atWallMs);
    this.#kept.mark(marks);
    for (const mark of marks) if (mark.kind === 'jobs_lost') this.#nodes.lost(mark);
    this.#kept.add(period, work.endedJobs > 0 || period.runningJobs > 0 || period.waitingJobs > 0);
  }

  /** Once a minute. */
  async #sampleNodes(): Promise<void> {
    const minute = Math.floor(this.#options.clock.wallMs() / MINUTE_MS);
    if (minute === this.#sampledMinute) return;
    this.#sampledMinute = minute;
    await this.#nodes.sample();
  }

  #periodOf(count: PoolCount, atWallMs: number, { endedJobs, outputTokens, firstTokens }: Work, countedMs: number): Period {
    const { counts, oldestWaitMs } = this.#options.source.jobs();
    return {
      ...count,
      atWallMs,
      countedMs,
      runningJobs: counts.running + counts.assigned,
      waitingJobs: counts.queued,
      oldestWaitMs,
      endedJobs,
      outputTokens,
      firstTokens,
    };
  }

  #marksOf({ lost }: Work, atWallMs: number): readonly PoolMark[] {
    const { source } = this.#options;
    const massLoss = source.massLoss();
    const isNew = massLoss !== null && !this.#kept.marks.some(({ kind, at }) => kind === 'mass_loss' && at === massLoss.since);
    const losses = [...lost].flatMap(([nodeId, attempts]) => {
      const record = source.record(nodeId);
      return lossMarks({ nodeId, name: record?.profile.name ?? nodeId, online: record?.online ?? false }, attempts, atWallMs);
    });
    return isNew ? [...losses, { kind: 'mass_loss', at: massLoss.since, lost: massLoss.lost, of: massLoss.of }] : losses;
  }

  async #recentCount(): Promise<Counted> {
    const counted = this.#counted;
    const isRecent = counted !== null && this.#options.clock.monotonicMs() - counted.atMonotonicMs <= MAX_COUNT_AGE_MS;
    return isRecent ? counted : this.#count();
  }

  #count(): Promise<Counted> {
    this.#counting ??= this.#countNodes().finally(() => {
      this.#counting = null;
    });
    return this.#counting;
  }

  async #countNodes(): Promise<Counted> {
    const { clock, source } = this.#options;
    const counter = new PoolCounter();
    await this.#eachNode((record) => {
      counter.add(record, source.stateOf(record));
    });
    this.#counted = { count: counter.count(), atWallMs: clock.wallMs(), atMonotonicMs: clock.monotonicMs() };
    return this.#counted;
  }

  #eachNode(handle: (record: NodeRecord) => void): Promise<void> {
    const { source } = this.#options;
    return inTurns(source.nodeIds(), (nodeId) => {
      const record = source.record(nodeId);
      if (record !== undefined) handle(record);
      return record?.profile.hardware.gpus.length ?? 0;
    });
  }
}

/** When the period that ends with a sample began. */
const beginOfEnded = (atWallMs: number): number => Math.round(atWallMs / SAMPLE_MS) * SAMPLE_MS - SAMPLE_MS;

const NO_WORK: Work = { endedJobs: 0, outputTokens: 0, firstTokens: {}, lost: new Map() };
