// Leaders, replicas and the bus between them, in one process: answers of jobs that are written at a replica. The test is the node, and decides
// what becomes of each job.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../src/main/platform/clock';
import { translationOf } from '../../src/main/scheduler/api/client-apis/core/translation-of';
import { openAiFormat } from '../../src/main/scheduler/api/openai/core/openai-format';
import type { JobAnswer } from '../../src/main/scheduler/api/openai/response-streams';
import type { FramedBus } from '../../src/main/scheduler/cluster/bus/framed-bus';
import { InProcessNetwork, type InProcessMember } from '../../src/main/scheduler/cluster/bus/in-process-network';
import { LeaderLink } from '../../src/main/scheduler/cluster/channel/leader-link';
import { jsonBytes } from '../../src/main/scheduler/cluster/channel/core/record';
import { ReplicaLinks } from '../../src/main/scheduler/cluster/channel/replica-links';
import { FollowedJobs } from '../../src/main/scheduler/forwarded/followed-jobs';
import { passedOn } from '../../src/main/scheduler/forwarded/passed-on';
import type { GoOn } from '../../src/main/scheduler/jobs/jobs-port';
import type { PassedChunks as Passed } from '../../src/main/scheduler/jobs/pool-listener';
import { PassedChunks } from '../../src/main/scheduler/replica/passed-chunks';
import { ReplicaAnswers } from '../../src/main/scheduler/replica/replica-answers';
import { isTerminal, type JobError, jobSubmissionSchema, type JobView } from '../../src/shared/api/job';
import { chatTask } from './job-pool';
import { ManualClock } from './manual-clock';
import { type MemoryJob, MemoryJobs } from './memory-jobs';
import { until } from './until';

export const NODE = 'node-1';
const PATH = '/v1/chat/completions';

/** A chunk of a chat. */
export const chunkOf = (text: string) => ({ choices: [{ index: 0, delta: { content: text } }] });

class LeaderJobs extends MemoryJobs {
  /** Those that a leader may adopt. */
  readonly unstored: MemoryJob[] = [];
  /** Those that are stored as they were before they had a node. */
  readonly older: MemoryJob[] = [];

  claim(jobId: string, known: JobView | null = null): GoOn | null {
    const older = known === null ? undefined : this.older.find(({ view }) => view.job_id === jobId);
    if (older !== undefined) this.all.push(older);
    const job = this.all.find(({ view }) => view.job_id === jobId);
    if (job === undefined || isTerminal(job.view.status)) return null;
    return () => {
      if (job.listeners.size === 0) throw new Error('the client does not follow the job yet');
    };
  }

  adopt({ job_id: jobId }: JobView): GoOn | null {
    const job = this.unstored.find(({ view }) => view.job_id === jobId);
    if (job === undefined) return null;
    this.all.push(job);
    return () => undefined;
  }
}

export class TestLeader {
  readonly jobs = new LeaderJobs();
  /** Of the grace periods and the checks of credentials. */
  readonly clock = new ManualClock();
  readonly passed: Passed[] = [];
  readonly refused: JobError[] = [];
  readonly noted: unknown[] = [];
  /** Responses whose requests an earlier leader has read. */
  readonly keptLater: unknown[] = [];
  readonly revoked = new Set<string>();
  released = 0;
  readonly followed: FollowedJobs;
  readonly links: ReplicaLinks;

  constructor(bus: FramedBus, epoch: number) {
    const explain = (): never => {
      throw new Error('no explanation');
    };
    const pool = { nodeName: () => 'Alpha', explain };
    const isValid = (holder: string): boolean => !this.revoked.has(holder);
    const keep = (...kept: readonly unknown[]): unknown => this.keptLater.push(kept);
    const busyTimeoutMs = () => 8000;
    this.followed = new FollowedJobs({ jobs: this.jobs, clients: this.jobs, pool, clock: this.clock, busyTimeoutMs, isValid, keep });
    const nodes = {
      passed: (_nodeId: string, passed: Passed) => this.passed.push(passed),
      refused: (_nodeId: string, _key: unknown, error: JobError) => this.refused.push(error),
    };
    this.links = new ReplicaLinks({
      ...{ bus, clock: systemClock, epoch, leads: () => true },
      onChannel: (channel) => {
        this.followed.attach(channel);
        passedOn(nodes).attach(channel);
      },
    });
    this.links.start();
  }

  async submit(follower: string): Promise<MemoryJob> {
    const submission = jobSubmissionSchema.parse({ task: chatTask() });
    const submitted = await this.jobs.submit(submission, { idempotencyKey: null, interactive: true, traceId: null, follower });
    // Another request may have been submitted meanwhile.
    const job = this.jobs.all.find(({ view }) => submitted.ok && view.job_id === submitted.value.jobId);
    if (job === undefined) throw new Error('no job');
    return job;
  }

  /** `isNoted`: to a request of the Responses API, whose response the leader keeps. */
  answerOf(job: MemoryJob, { streams = false, isNoted = false } = {}): JobAnswer {
    const { job_id: jobId } = job.view;
    const data = { name: 'responses', body: { model: 'llm-a', input: '' } } as const;
    return {
      ...{ jobId, requestId: 'req_1', language: 'en', streams, format: openAiFormat, choice: null, holder: 'key_1', replica: null },
      facts: { id: 'x', requestId: 'req_1', model: 'llm-a', atWallMs: 1 },
      translated: isNoted ? translationOf(data, () => ({ atWallMs: 1, sinceRequestMs: 0 })) : null,
      note: isNoted ? (response) => this.noted.push(response) : null,
      limitHeaders: { 'x-ratelimit-limit-requests': '9' },
      accessFailure: () => (this.revoked.has('key_1') ? { code: 'UNAUTHORIZED', details: { reason: 'expired' } } : null),
      release: () => (this.released += 1),
    };
  }
}

/** A member of the cluster with clients and nodes. */
export class TestReplica {
  readonly link: LeaderLink;
  readonly answers: ReplicaAnswers;
  readonly chunks: PassedChunks;
  readonly server: Server;
  /** Requests that were sent to the leader again. */
  repeated = 0;
  /** Events after which a client had a part of its answer. */
  begun = 0;

  constructor(
    readonly member: InProcessMember,
    leader: () => TestLeader,
  ) {
    const { bus } = member;
    this.link = new LeaderLink(bus, systemClock);
    this.answers = new ReplicaAnswers({ link: this.link, bus, clock: systemClock });
    this.chunks = new PassedChunks({ link: this.link, bus, clock: systemClock });
    this.link.start();
    this.server = createServer((request, response) => {
      const forward = async (): Promise<void> => {
        const kind = { streams: request.url === '/stream', isNoted: request.url === '/noted' };
        await until('a leader', () => this.link.channel);
        const job = await leader().submit(this.link.replica);
        const data = leader().followed.dataOf(leader().answerOf(job, kind), this.link.replica, { 'x-client-request-id': 'c1' });
        const again = (): void => {
          this.repeated += 1;
          void forward();
        };
        const asked = {
          sinceMonotonicMs: systemClock.monotonicMs(),
          again,
          begun: () => (this.begun += 1),
          body: () => Buffer.from('{"model":"m"}'),
        };
        const isOpen = this.answers.open(jsonBytes(data), response, asked);
        if (!isOpen) response.destroy();
      };
      void forward();
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }
}

export class AnswerCluster {
  readonly network: InProcessNetwork;
  /** Has the clients. */
  readonly clients: TestReplica;
  /** Has the nodes. */
  readonly nodes: TestReplica;
  leader: TestLeader;
  url = '';
  #epoch = 1;

  constructor(network = new InProcessNetwork()) {
    this.network = network;
    this.leader = new TestLeader(this.#join().bus, this.#epoch);
    this.clients = new TestReplica(this.#join(), () => this.leader);
    this.nodes = new TestReplica(this.#join(), () => this.leader);
  }

  #join(): InProcessMember {
    return this.network.join('pool-1', systemClock);
  }

  async start(): Promise<this> {
    this.url = await this.clients.listen();
    for (const { link } of [this.clients, this.nodes]) await until('a channel', () => link.channel, 10_000);
    return this;
  }

  /** The leader dies. `stored`: the jobs that the next one has from the database, `older` as they were before. `unstored`: nodes run them. */
  async changeLeader(
    stored: readonly MemoryJob[],
    unstored: readonly MemoryJob[] = [],
    older: readonly MemoryJob[] = [],
  ): Promise<TestLeader> {
    this.leader.links.stop();
    this.#epoch += 1;
    const next = new TestLeader(this.#join().bus, this.#epoch);
    // No two leaders give one id.
    next.jobs.idPrefix = `job-${String(this.#epoch)}`;
    for (const job of [...stored, ...unstored, ...older]) job.listeners.clear();
    next.jobs.unstored.push(...unstored);
    next.jobs.older.push(...older);
    next.jobs.all.push(...stored);
    this.leader = next;
    for (const { link } of [this.clients, this.nodes]) await until('the next leader', () => link.channel?.epoch === this.#epoch, 10_000);
    return next;
  }

  /** The newest job of the leader, once so many were made and the clients of all open ones wait. */
  async waiting(count = 1): Promise<MemoryJob> {
    const { all } = this.leader.jobs;
    const isFollowed = ({ listeners, view }: MemoryJob): boolean => listeners.size > 0 || isTerminal(view.status);
    await until('clients wait', () => all.length >= count && all.every(isFollowed));
    const job = all.at(-1);
    if (job === undefined) throw new Error('no job');
    return job;
  }

  /** A client asks for a stream, and the node has sent so many chunks of it. */
  async stream(chunks = 0): Promise<{ readonly answer: Promise<Response>; readonly job: MemoryJob }> {
    const answer = fetch(`${this.url}/stream`);
    const job = await this.waiting();
    this.run(job);
    for (let seq = 0; seq < chunks; seq++) this.chunk(job, seq);
    return { answer, job };
  }

  /** The leader assigns the job to the node. */
  run(job: MemoryJob): void {
    job.run(NODE);
    const { job_id: jobId, attempt } = job.view;
    this.nodes.chunks.assigned(NODE, { jobId, attempt, path: PATH, follower: job.options.follower ?? null });
  }

  /** The node sends a chunk. False: it is one for the leader. */
  chunk({ view }: MemoryJob, seq: number, data: unknown = chunkOf(String(seq))): boolean {
    return this.nodes.chunks.take(NODE, { type: 'job_chunk', job_id: view.job_id, attempt: view.attempt, seq, data });
  }

  /** The node sends the result of a stream. */
  finish(job: MemoryJob, chunks: number): void {
    const { job_id: jobId, attempt } = job.view;
    this.nodes.chunks.seen(NODE, { jobId, attempt });
    job.succeed({ status: 200, body: null, chunks });
    this.nodes.chunks.ended(NODE, { jobId, attempt });
  }

  async close(): Promise<void> {
    await this.clients.answers.stop();
    this.clients.server.closeAllConnections();
    this.clients.server.close();
    for (const { link } of [this.clients, this.nodes]) link.stop();
    this.leader.links.stop();
    this.leader.followed.stop();
  }
}

/** The texts of the chunks that a client has got, and how the stream ended. */
export async function streamed(response: Response): Promise<{ readonly texts: readonly string[]; readonly last: string }> {
  // On a busy machine there are signs of life between them.
  const lines = (await response.text()).split('\n\n').filter((line) => line.startsWith('data: '));
  const data = lines.map((line) => line.replace(/^data: /, ''));
  const last = data.at(-1) ?? '';
  const texts = data.slice(0, -1).map((each) => (JSON.parse(each) as ReturnType<typeof chunkOf>).choices[0]?.delta.content ?? '');
  return { texts, last };
}

export const numbers = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => String(index));
