// Clients of a cluster: each submits a job with a key, again and at another member until it is accepted, and reads it to its end.
import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal, type JobView } from '../../../src/shared/api/job';
import { type HttpAnswer, sendRequest } from '../http-api';
import type { ClusterPool, ClusterPoolMember } from './cluster-pool';
import { MODEL } from './fault-node';
import type { Interval } from './cluster-history';

const CLIENTS = 4;
/** Below the time that a stopped leader stays stopped. */
const REQUEST_LIMIT_MS = 2000;
const PAUSE_MS = 50;
const GIVE_UP_MS = 90_000;
const MAX_ATTEMPTS = 5;

export class ClusterClients {
  /** Instants of complete results, for measurements. */
  readonly endedAtMs: number[] = [];
  accepted = 0;
  readonly #pool: ClusterPool;
  readonly #random: () => number;
  readonly #over: Promise<unknown>;
  #isOver = false;
  #jobs = 0;

  constructor(pool: ClusterPool, random: () => number) {
    this.#pool = pool;
    this.#random = random;
    this.#over = Promise.all(Array.from({ length: CLIENTS }, (_, i) => this.#run(i)));
    // `stop` rejects with the reason.
    this.#over.catch(() => undefined);
  }

  /** Waits for the end of the jobs that are under way. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#over;
  }

  async #run(client: number): Promise<void> {
    let member = client % this.#pool.members.length;
    const next = (): void => {
      member = (member + 1) % this.#pool.members.length;
    };
    const ask = async (request: Parameters<typeof sendRequest>[1]): Promise<[HttpAnswer, Interval] | null> => {
      const target = this.#pool.members[member];
      const fromMs = performance.now();
      const answer = target === undefined ? null : await askOnce(target, request);
      if (answer !== null && answer.status < 500 && answer.status !== 429) return [answer, { fromMs, toMs: performance.now() }];
      next();
      await pause(PAUSE_MS);
      return null;
    };
    while (!this.#isOver) {
      const number = ++this.#jobs;
      await this.#job(`job${String(number)}`, ask);
    }
  }

  async #job(name: string, ask: (request: Parameters<typeof sendRequest>[1]) => Promise<[HttpAnswer, Interval] | null>): Promise<void> {
    const endMs = performance.now() + GIVE_UP_MS;
    const isLate = (): boolean => performance.now() > endMs;
    const waitMs = Math.floor(this.#random() * 300);
    const key = `key-of-${name}`;
    const messages = [{ role: 'user', content: `${name}|wait ${String(waitMs)}` }];
    const task = { kind: 'openai', path: '/v1/chat/completions', body: { model: MODEL, messages } };
    const submission = {
      method: 'POST',
      path: '/api/v1/jobs',
      body: { task, max_attempts: MAX_ATTEMPTS },
      headers: { 'idempotency-key': key },
    };
    let jobId: string | null = null;
    // Some clients send the key again after its acceptance.
    for (let copies = this.#random() < 0.3 ? 2 : 1; copies > 0; copies -= jobId === null ? 0 : 1) {
      if (isLate()) throw new Error(`${name} was not accepted`);
      const answered = await ask(submission);
      if (answered === null) continue;
      const [answer, during] = answered;
      if (answer.status !== 202 && answer.status !== 200) throw new Error(`${name}: ${String(answer.status)} ${answer.text}`);
      jobId = (answer.json() as { readonly job_id: string }).job_id;
      this.#pool.events.push({ type: 'accepted', during, jobId, key, name, maxAttempts: MAX_ATTEMPTS });
    }
    this.accepted++;
    while (!isLate()) {
      const answered = await ask({ path: `/api/v1/jobs/${String(jobId)}` });
      if (answered === null) continue;
      if (this.#noteRead(String(jobId), ...answered)) return;
      await pause(PAUSE_MS);
    }
    throw new Error(`${name} did not end: ${String(jobId)}`);
  }

  /** True: the job has ended. */
  #noteRead(jobId: string, answer: HttpAnswer, during: Interval): boolean {
    if (answer.status !== 200 && answer.status !== 404) throw new Error(`${jobId}: ${String(answer.status)} ${answer.text}`);
    if (answer.status === 404) {
      this.#pool.events.push({ type: 'read', during, jobId, found: null });
      return true;
    }
    const { status, attempts, result } = answer.json() as JobView;
    const attempt = attempts.at(-1)?.attempt ?? 0;
    const output = result === null ? null : JSON.stringify(result.output ?? null);
    this.#pool.events.push({ type: 'read', during, jobId, found: { status, attempt, output } });
    if (!isTerminal(status)) return false;
    this.endedAtMs.push(during.toMs);
    return true;
  }

  /** Reads every accepted job once more. */
  async readAll(): Promise<void> {
    const ids = new Set(this.#pool.events.flatMap((event) => (event.type === 'accepted' ? [event.jobId] : [])));
    const leader = await this.#pool.leader();
    for (const jobId of ids) {
      const fromMs = performance.now();
      const answer = await sendRequest(leader.reserved.port, { path: `/api/v1/jobs/${jobId}` });
      this.#noteRead(jobId, answer, { fromMs, toMs: performance.now() });
    }
  }
}

/** Null: no answer. */
const askOnce = ({ proxy }: ClusterPoolMember, request: Parameters<typeof sendRequest>[1]): Promise<HttpAnswer | null> =>
  sendRequest(proxy.port, { ...request, limitMs: REQUEST_LIMIT_MS }).catch(() => null);
