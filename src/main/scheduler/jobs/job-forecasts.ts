// The shapes of the open jobs, and what is measured of their live attempts, so that each job teaches how fast its node is (ADR 0024). In
// memory only. A job of an earlier run of the scheduler has a shape of its size alone.
import type { RequestWork } from '../dispatch/prediction/cost';
import type { ForecastNode } from '../dispatch/prediction/forecast';
import { TASK_KINDS } from '../../../shared/protocol/task-kinds';
import { generatesText } from '../../../shared/protocol/task-kinds';
import { type CountedTokens, tokensOfAnswer, tokensOfPart, USUAL_BYTES_PER_TOKEN } from '../dispatch/prediction/counted-tokens';
import { jobSampleOf, mayBeCold } from '../dispatch/prediction/job-sample';
import type { JobTimings } from '../dispatch/prediction/job-timings';
import { type RequestShape, shapeOfSize } from '../dispatch/prediction/request-shape';
import { inFlightJobs, type NodeRecord } from '../lifecycle/node-record';
import type { DispatchDecision } from '../nodes/dispatcher';
import type { JobStats } from './job-stats';
import type { JobFacts } from './machine/job-record';
import type { NodePool } from './node-pool';
import type { RecentWork } from './recent-work';

interface JobForecastsOptions {
  readonly pool: Pick<NodePool, 'apply' | 'record'> & { readonly dispatcher: Pick<NodePool['dispatcher'], 'requests'> };
  readonly stats: Pick<JobStats, 'measured' | 'nodeOutput'> & { readonly recent: Pick<RecentWork, 'firstToken' | 'output'> };
  readonly monotonicMs: () => number;
}

/** The live attempt of a job. */
interface Live {
  readonly nodeId: string;
  readonly assignedAtMonotonicMs: number;
  readonly concurrency: number;
  /** Null: nothing was known of the node. */
  readonly forecast: ForecastNode | null;
  readonly work: RequestWork;
  readonly isGenerated: boolean;
  readonly mayBeCold: boolean;
  firstTokenAtMonotonicMs: number | null;
  /** The size of the text in the chunks. */
  answerBytes: number;
}

/** Whether the client has a part of the answer. A text in a field that only some servers know is not seen as the first token. */
const hasContent = ({ firstTokenAtMonotonicMs, answerBytes }: Live): boolean => firstTokenAtMonotonicMs !== null || answerBytes > 0;

/** Hashes of all shapes together: 16 MB. Later jobs wait without hashes. */
const MAX_HASHES = 2_000_000;

export class JobForecasts {
  readonly #options: JobForecastsOptions;
  readonly #shapes = new Map<string, RequestShape>();
  readonly #live = new Map<string, Live>();
  /** Of the last attempt of each open job. */
  readonly #tokens = new Map<string, CountedTokens>();
  #hashes = 0;

  constructor(options: JobForecastsOptions) {
    this.#options = options;
  }

  /** Number of jobs with a shape. */
  get size(): number {
    return this.#shapes.size;
  }

  keep(jobId: string, shape: RequestShape): void {
    const kept = this.#hashes + shape.chunks.length > MAX_HASHES ? { ...shape, chunks: [] } : shape;
    this.#hashes += kept.chunks.length;
    this.#shapes.set(jobId, kept);
  }

  shapeOf({ jobId, task }: JobFacts): RequestShape {
    const kind = TASK_KINDS.find((known) => known === task.path) ?? 'command';
    return this.#shapes.get(jobId) ?? shapeOfSize(kind, task.payloadBytes);
  }

  /** The node has been chosen. `record` is the node before the assignment. */
  assigned(job: JobFacts, record: NodeRecord, { forecasts }: DispatchDecision): void {
    const { pool, monotonicMs } = this.#options;
    const { model, path } = job.task;
    const shape = this.shapeOf(job);
    const assignedAtMonotonicMs = monotonicMs();
    const isGenerated = path !== null && generatesText(path);
    this.#tokens.delete(job.jobId);
    this.#live.set(job.jobId, {
      nodeId: record.nodeId,
      assignedAtMonotonicMs,
      concurrency: inFlightJobs(record) + 1,
      forecast: forecasts[0] ?? null,
      work: pool.dispatcher.requests.forecastFor(model, shape).work,
      isGenerated,
      mayBeCold: mayBeCold(record, model, isGenerated, assignedAtMonotonicMs),
      firstTokenAtMonotonicMs: null,
      answerBytes: 0,
    });
    pool.dispatcher.requests.assigned(record.nodeId, model, shape);
  }

  /** The first part of the answer with content has arrived. `requestedAtMonotonicMs`: null when no client waits for the answer. */
  firstToken(jobId: string, nodeId: string, requestedAtMonotonicMs: number | null): void {
    const live = this.#live.get(jobId);
    if (live?.nodeId !== nodeId || live.firstTokenAtMonotonicMs !== null) return;
    live.firstTokenAtMonotonicMs = this.#options.monotonicMs();
    if (requestedAtMonotonicMs !== null) this.#options.stats.recent.firstToken(live.firstTokenAtMonotonicMs - requestedAtMonotonicMs);
    this.#options.pool.apply(nodeId, { type: 'first_token', jobId });
  }

  /** A part of the answer with so many bytes of text has arrived. */
  answered(jobId: string, nodeId: string, bytes: number): void {
    const live = this.#live.get(jobId);
    if (live?.nodeId !== nodeId) return;
    live.answerBytes += bytes;
    const { stats, monotonicMs } = this.#options;
    const tokens = bytes / USUAL_BYTES_PER_TOKEN;
    stats.recent.output(tokens);
    stats.nodeOutput.add(nodeId, tokens, 0, monotonicMs());
  }

  /** The live attempt has succeeded with a whole answer. `outputBytes`: the size of the text in the result, which may repeat the chunks. */
  succeeded(job: JobFacts, nodeId: string, timings: JobTimings | null, outputBytes: number): void {
    const live = this.#live.get(job.jobId);
    const { model, payloadBytes } = job.task;
    const shape = this.shapeOf(job);
    const answerBytes = Math.max(live?.answerBytes ?? 0, outputBytes);
    this.#keepTokens(job.jobId, tokensOfAnswer(timings, shape, { requestBytes: payloadBytes, answerBytes }));
    // An attempt of an earlier run of the scheduler.
    if (live?.nodeId !== nodeId) return;
    const { pool, stats, monotonicMs } = this.#options;
    const { answers = 1 } = shape;
    const { assignedAtMonotonicMs: startMonotonicMs, firstTokenAtMonotonicMs: firstMonotonicMs, forecast } = live;
    const elapsedMs = monotonicMs() - startMonotonicMs;
    const firstTokenMs = firstMonotonicMs === null ? null : firstMonotonicMs - startMonotonicMs;
    const measured = {
      elapsedMs,
      firstTokenMs,
      concurrency: live.concurrency,
      beforeMs: forecast === null ? 0 : forecast.terms.waitMs + forecast.terms.loadMs,
      input: live.work.input,
      requestBytes: payloadBytes,
      promptCharacters: shape.size,
      answerBytes,
      maxOutput: shape.maxOutput,
      answers,
      isGenerated: live.isGenerated,
      mayBeCold: live.mayBeCold,
    };
    const { sample, done } = jobSampleOf(timings, measured, pool.record(nodeId)?.rates.get(model) ?? null);
    pool.apply(nodeId, { type: 'job_measured', modelId: model, sample });
    if (done !== null && answers === 1) pool.dispatcher.requests.learn(nodeId, model, shape, done, forecast?.cachedTokens ?? 0);
    stats.measured({ model, elapsedMs, firstTokenMs, forecast });
    // The tokens were estimated while they arrived. A whole answer arrives at its end.
    const output = done?.output ?? (live.isGenerated ? answerBytes / USUAL_BYTES_PER_TOKEN : 0);
    stats.recent.output(output - live.answerBytes / USUAL_BYTES_PER_TOKEN);
    if (live.answerBytes === 0) stats.nodeOutput.add(nodeId, output, elapsedMs, monotonicMs());
  }

  /** The attempt has ended. The job may be assigned again. */
  attemptEnded(jobId: string): void {
    const [live, shape] = [this.#live.get(jobId), this.#shapes.get(jobId)];
    if (live !== undefined && shape !== undefined && !this.#tokens.has(jobId))
      this.#keepTokens(jobId, tokensOfPart(shape, hasContent(live) ? live.answerBytes : null));
    this.#live.delete(jobId);
  }

  /** Of the last attempt. Null: it gave no answer, or the task has no tokens. */
  tokensOf(jobId: string): CountedTokens | null {
    return this.#tokens.get(jobId) ?? null;
  }

  /** The job has ended, or was refused. */
  forget(jobId: string): void {
    this.#hashes -= this.#shapes.get(jobId)?.chunks.length ?? 0;
    this.#shapes.delete(jobId);
    this.#live.delete(jobId);
    this.#tokens.delete(jobId);
  }

  #keepTokens(jobId: string, tokens: CountedTokens | null): void {
    if (tokens !== null) this.#tokens.set(jobId, tokens);
  }
}
