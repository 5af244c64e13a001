// Random orders of events for a node and its connection: no job runs twice, the slot limit holds, and every result is sent until it is
// acknowledged. Results survive a crash, except those of interactive jobs.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JobRunner } from '../../../../src/main/agent/jobs/job-runner';
import { ResultSpool } from '../../../../src/main/agent/jobs/result-spool';
import { silentLogger } from '../../../../src/main/platform/logger';
import type { RunOutcome } from '../../../../src/main/runtimes/core/runtime-outcome';
import { decodeNodeMessage } from '../../../../src/shared/protocol/decode';
import type { Task } from '../../../../src/shared/protocol/tasks';
import { ManualClock } from '../../../support/manual-clock';
import { until } from '../../../support/until';

const URL = 'ws://pool:1';
const NODE = 'node-1';
const MAX_JOBS = 2;
const INTERACTIVE = 'd';
const isDurable = (name: string): boolean => !name.startsWith(INTERACTIVE);

/** A node and its scheduler, both controlled by the test. The scheduler follows the protocol and keeps the results. */
class World {
  readonly folder = path.join(mkdtempSync(path.join(tmpdir(), 'muster-runner-')), 'results');
  clock = new ManualClock();
  connected = true;
  /** By job, the attempt that the scheduler assigned last. */
  readonly assigned = new Map<string, number>();
  /** Received results, by attempt. */
  readonly results = new Map<string, { readonly success: boolean; readonly code: string | null }>();
  readonly acknowledged = new Set<string>();
  /** Ends a running attempt. */
  readonly running = new Map<string, (outcome: RunOutcome) => void>();
  readonly started: string[] = [];
  readonly failed: string[] = [];
  /** Attempts that ran when the program was killed. */
  readonly #killed = new Set<string>();
  runner = this.#start();

  #start(): JobRunner {
    const clock = new ManualClock();
    this.clock = clock;
    // A killed program sends nothing.
    const isConnected = () => this.connected && this.clock === clock;
    const runner = new JobRunner({
      runtimes: {
        snapshot: () => ({ runtimes: [], models: [], duplicates: [], pulls: [] }),
        serves: () => true,
        run: (task, { signal }) => this.#run(task, signal),
      },
      spool: new ResultSpool({ folder: this.folder, clock, logger: silentLogger }),
      maxConcurrentJobs: () => MAX_JOBS,
      clock,
      logger: silentLogger,
      isConnected,
      send: (text) => isConnected() && this.#receive(text),
      onFailed: ({ modelId, code }) => this.failed.push(`${modelId}: ${code}`),
      onChange: () => undefined,
      onUnsaved: () => undefined,
    });
    runner.onRegistered({ url: URL, nodeId: NODE, maxMessageBytes: 1_000_000 });
    return runner;
  }

  #run(task: Task, signal: AbortSignal): Promise<RunOutcome> {
    const name = task.kind === 'command' && typeof task.input === 'string' ? task.input : '';
    this.started.push(name);
    return new Promise((resolve) => {
      this.running.set(name, resolve);
      signal.addEventListener('abort', () => {
        this.end(name, { success: false, error: { code: 'cancelled', message: '', details: { retryable: false } } });
      });
      expect(this.running.size).toBeLessThanOrEqual(MAX_JOBS);
    });
  }

  #receive(text: string): true {
    const decoded = decodeNodeMessage(text);
    if (!decoded.ok) throw new Error(`${decoded.error.field}: ${decoded.error.reason}`);
    const message = decoded.value;
    if (message.type !== 'job_result') return true;
    const name = `${message.job_id}/${String(message.attempt)}`;
    const result = { success: message.success, code: message.error?.code ?? null };
    // A repeated result must be equal.
    if (this.results.has(name)) expect(this.results.get(name)).toEqual(result);
    this.results.set(name, result);
    return true;
  }

  assign(jobId: string): void {
    const attempt = (this.assigned.get(jobId) ?? 0) + 1;
    if (!this.connected || (attempt > 1 && !this.results.has(`${jobId}/${String(attempt - 1)}`))) return;
    this.assigned.set(jobId, attempt);
    this.runner.handle({
      type: 'job_assign',
      job_id: jobId,
      attempt,
      task: { kind: 'command', model_id: 'm', input: `${jobId}/${String(attempt)}` },
      required_models: [],
      timeout_seconds: 1000,
      interactive: jobId === INTERACTIVE,
      trace_id: '',
    });
  }

  end(name: string, outcome: RunOutcome): void {
    this.running.get(name)?.(outcome);
    this.running.delete(name);
  }

  succeed(index: number): void {
    const names = [...this.running.keys()];
    const name = names[index % Math.max(1, names.length)];
    if (name !== undefined) this.end(name, { success: true, output: name });
  }

  cancel(jobId: string): void {
    const attempt = this.assigned.get(jobId);
    if (this.connected && attempt !== undefined) this.runner.handle({ type: 'job_cancel', job_id: jobId, attempt, reason: 'test' });
  }

  acknowledge(): void {
    if (!this.connected) return;
    for (const name of this.results.keys()) {
      const [job_id = '', attempt] = name.split('/');
      this.runner.handle({ type: 'job_result_ack', job_id, attempt: Number(attempt) });
      this.acknowledged.add(name);
    }
  }

  reconnect(): void {
    this.connected = true;
    const named = this.runner.activeJobs(URL, NODE).map(({ jobId, attempt }) => `${jobId}/${String(attempt)}`);
    expect(new Set(named).size).toBe(named.length);
    for (const name of named) expect(this.acknowledged.has(name)).toBe(false);
    for (const name of this.running.keys()) expect(named).toContain(name);
    this.#lost(named);
    this.runner.onRegistered({ url: URL, nodeId: NODE, maxMessageBytes: 1_000_000 });
  }

  /** An attempt that the node does not name and that has no result is lost: the next attempt may be assigned. */
  #lost(named: readonly string[]): void {
    for (const [jobId, attempt] of this.assigned) {
      const name = `${jobId}/${String(attempt)}`;
      if (!named.includes(name) && !this.results.has(name)) this.results.set(name, { success: false, code: 'lost' });
    }
  }

  /** The program is killed: only its files are left. */
  crash(): void {
    for (const name of this.running.keys()) this.#killed.add(name);
    const ended = this.#ended();
    this.connected = false;
    this.running.clear();
    this.runner = this.#start();
    const named = this.runner.activeJobs(URL, NODE).map(({ jobId, attempt }) => `${jobId}/${String(attempt)}`);
    expect(named.filter(isDurable).toSorted()).toEqual(ended.filter(isDurable).toSorted());
    expect(ended).toEqual(expect.arrayContaining(named));
    for (const name of ended) if (!named.includes(name)) this.#killed.add(name);
    this.reconnect();
  }

  /** Attempts that have ended and are not acknowledged. */
  #ended(): readonly string[] {
    return this.started.filter((name) => !this.#killed.has(name) && !this.acknowledged.has(name) && !this.running.has(name));
  }

  /** Resolves when every result is on disk and, with a connection, sent. */
  async settled(): Promise<void> {
    await until('ended jobs to be stored', () => this.runner.runningJobs() === this.running.size);
    const waiting = this.runner.activeJobs(URL, NODE).map(({ jobId, attempt }) => `${jobId}/${String(attempt)}`);
    await until('results to be sent', () => {
      // A flush that was running when the connection came back continues a second later.
      this.clock.advance(1000);
      return !this.connected || waiting.every((name) => this.running.has(name) || this.results.has(name));
    });
  }

  close(): void {
    this.connected = false;
    rmSync(path.dirname(this.folder), { recursive: true, force: true });
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('assign' as const), job: fc.constantFrom('a', 'b', 'c', 'd') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('finish' as const), index: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), job: fc.constantFrom('a', 'b', 'c', 'd') }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('acknowledge' as const, 'disconnect' as const, 'reconnect' as const, 'crash' as const) }),
  },
);

test('job runner: any order of events -> no job twice, no stored result lost, no acknowledged result kept', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const world = new World();
      try {
        for (const one of steps) {
          if (one.do === 'assign') world.assign(one.job);
          else if (one.do === 'finish') world.succeed(one.index);
          else if (one.do === 'cancel') world.cancel(one.job);
          else if (one.do === 'disconnect') world.connected = false;
          else world[one.do]();
          await world.settled();
          expect(new Set(world.started).size).toBe(world.started.length);
        }
        world.reconnect();
        while (world.running.size > 0) world.succeed(0);
        await world.settled();
        for (const [jobId, attempt] of world.assigned) expect(world.results.has(`${jobId}/${String(attempt)}`)).toBe(true);
        world.acknowledge();
        expect([readdirSync(world.folder), world.runner.activeJobs(URL, NODE), world.runner.runningJobs()]).toEqual([[], [], 0]);
      } finally {
        world.close();
      }
    }),
    { numRuns: 60 },
  );
});

test('job runner: failed job -> reported once; success, cancelled and withdrawn jobs -> not reported', async () => {
  const world = new World();
  for (const job of ['a', 'b', 'c']) world.assign(job);
  world.end('a/1', { success: false, error: { code: 'command_failed', message: '', details: { retryable: false } } });
  world.succeed(0);
  world.runner.handle({ type: 'job_cancel', job_id: 'c', attempt: 1, reason: '' });
  await until('the end of all jobs', () => world.runner.runningJobs() === 0);
  expect(world.failed).toEqual(['m: command_failed']);
});
