// A scheduler under load is killed again and again, and a node keeps its jobs across each kill. Every job that was answered 202
// succeeds, no attempt starts twice, and the recorded result is that of the recorded attempt.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JobView } from '../../src/shared/api/job';
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';
import { chatOutput, jobOf, readyNode, submit, succeed } from '../support/job-pool';
import { isLong } from '../support/repetitions';
import { MusterLab, type MusterProcess } from '../support/muster-process';
import type { TestNode } from '../support/test-node';
import { until } from '../support/until';

const CONFIG = '[server]\nport = 0\n[scheduler.node_health]\nheartbeat_interval_seconds = 20\nheartbeat_timeout_seconds = 60\n';
/** The scheduler is killed each time the node has this many acknowledged results, counted from the start. */
const KILLS_AT = isLong ? [1, 3, 10, 25, 50, 100, 200, 400] : [1, 10];
const SUBMITTERS = 4;

let lab: MusterLab;
beforeEach(() => {
  lab = new MusterLab();
});
afterEach(async () => {
  await lab.close();
});

/** As a node keeps its results: a job has one for each attempt. */
const keyOf = ({ job_id: jobId, attempt }: Pick<JobAssign, 'job_id' | 'attempt'>): string => `${jobId} ${String(attempt)}`;

/** Runs every assignment at once and keeps each result until it is acknowledged. */
class SteadyNode {
  readonly started: string[] = [];
  acknowledged = 0;
  readonly #unacknowledged = new Map<string, JobAssign>();
  #token: string | undefined;

  async connect(url: string): Promise<TestNode> {
    const active = [...this.#unacknowledged.values()].map(({ job_id, attempt }) => ({ job_id, attempt }));
    const token = this.#token === undefined ? {} : { node_token: this.#token };
    const node = await readyNode(url, { node_id: 'steady', max_concurrent_jobs: 8, active_jobs: active, ...token });
    this.#token = node.ack.node_token;
    for (const assign of this.#unacknowledged.values()) this.#sendResult(node, assign);
    for (const message of node.received) if (message.type === 'job_assign') this.#run(node, message);
    node.socket.on('message', () => {
      const message = node.received.at(-1);
      if (message?.type === 'job_assign') this.#run(node, message);
      if (message?.type === 'job_result_ack' && this.#unacknowledged.delete(keyOf(message))) this.acknowledged++;
    });
    return node;
  }

  #run(node: TestNode, assign: JobAssign): void {
    this.started.push(keyOf(assign));
    this.#unacknowledged.set(keyOf(assign), assign);
    node.send({ type: 'job_accepted', job_id: assign.job_id, attempt: assign.attempt });
    this.#sendResult(node, assign);
  }

  #sendResult(node: TestNode, assign: JobAssign): void {
    succeed(node, assign, chatOutput(`attempt ${String(assign.attempt)}`));
  }
}

it('soak: scheduler killed under load -> no job lost, no attempt started twice', { timeout: KILLS_AT.length * 30_000 }, async () => {
  const folder = lab.dataDir('scheduler', CONFIG);
  const accepted = new Set<string>();
  const steady = new SteadyNode();
  let port = 0;
  const start = async (): Promise<MusterProcess> => {
    const started = lab.start(['scheduler', '--data-dir', folder, '--log-format', 'json']);
    const url = await started.url();
    port = Number(new URL(url).port);
    await steady.connect(url);
    return started;
  };
  let scheduler = await start();
  for (const killAt of KILLS_AT) {
    let isAlive = true;
    const submitters = Array.from({ length: SUBMITTERS }, async () => {
      while (isAlive) {
        const answer = await submit(port).catch(() => null);
        if (answer?.status === 202) accepted.add((answer.json() as { readonly job_id: string }).job_id);
      }
    });
    await until(`${String(killAt)} results are acknowledged`, () => steady.acknowledged >= killAt, 20_000);
    await scheduler.end('SIGKILL');
    isAlive = false;
    await Promise.all(submitters);
    scheduler = await start();
  }
  const jobs = await until(
    'every job has ended',
    async (): Promise<readonly JobView[] | null> => {
      const views = await Promise.all([...accepted].map((jobId) => jobOf(port, jobId)));
      return views.every(({ finished_at: at }) => at !== null) ? views : null;
    },
    30_000,
  );
  expect(jobs.filter(({ status }) => status !== 'succeeded')).toEqual([]);
  expect(
    jobs.filter(({ result, attempt }) => JSON.stringify(result?.output) !== JSON.stringify(chatOutput(`attempt ${String(attempt)}`))),
  ).toEqual([]);
  expect(new Set(steady.started).size).toBe(steady.started.length);
  expect(accepted.size).toBeGreaterThan(KILLS_AT.length);
});
