// A node of the job world: runs its assignments, keeps finished results until they are acknowledged, and names its jobs when it
// registers. Messages in both directions wait until the test delivers them; a lost connection loses them.
import { ScriptedLink } from './scripted-link';
import type { NodeSession } from '../../src/main/scheduler/node-socket/node-session';
import { ASLEEP_CLOSE_CODE } from '../../src/shared/protocol/codes';
import type { NodeMessage } from '../../src/shared/protocol/node-messages';
import { nodeMessageSchema } from '../../src/shared/protocol/node-messages';
import type { SchedulerMessage } from '../../src/shared/protocol/scheduler-messages';
import type { Task } from '../../src/shared/protocol/tasks';
import type { JobWorld } from './job-world';
import { keyOf, NodeStreams } from './node-streams';
import { heartbeat, registration } from './test-node';

type ResultMessage = Extract<NodeMessage, { type: 'job_result' }>;
/** `nonsense`: a success without an answer. */
export type Ending = 'success' | 'nonsense' | 'retryable' | 'final';

export const NODE_CAPACITY = 2;

export class ScriptedNode {
  /** Job id -> attempt. */
  readonly running = new Map<string, number>();
  /** By attempt (`keyOf`): like the spool of an agent, it keeps the result of an earlier attempt beside that of a later one. */
  readonly unacknowledged = new Map<string, ResultMessage>();
  /** Attempts of interactive jobs (`keyOf`): an agent keeps their results in memory. */
  readonly #inMemory = new Set<string>();
  /** Everything that it ever sent, for late and repeated messages. */
  readonly sentResults: ResultMessage[] = [];
  /** The task of the last received assignment. */
  lastTask: Task | null = null;
  /** With an address, the owner lets the scheduler wake the node. */
  wakeMac: string | null = null;
  readonly #nodeId: string;
  readonly #world: JobWorld;
  readonly #streams: NodeStreams;
  #token: string | null = null;
  #connection: { readonly link: ScriptedLink; readonly session: NodeSession } | null = null;
  #incoming: SchedulerMessage[] = [];
  #outgoing: NodeMessage[] = [];

  constructor(nodeId: string, world: JobWorld) {
    this.#nodeId = nodeId;
    this.#world = world;
    this.#streams = new NodeStreams(nodeId);
  }

  get isConnected(): boolean {
    return this.#connection?.link.isOpen === true;
  }

  /** Messages of the scheduler wait for the test. */
  get hasMessages(): boolean {
    return this.#incoming.length > 0;
  }

  async connect(): Promise<void> {
    if (this.isConnected) return;
    this.disconnect();
    await this.#register();
  }

  /** On a new connection, while the scheduler still has the old one. */
  async replaceConnection(): Promise<void> {
    this.lostConnection();
    await this.#register();
  }

  async #register(): Promise<void> {
    const link = new ScriptedLink({
      remote: this.#nodeId,
      deliver: this.#world.life.during((message) => {
        this.#world.invariants.sending(this.#nodeId, link, message);
        this.#incoming.push(message);
      }),
      onEnd: () => {
        if (this.#connection === connection) this.lostConnection();
        connection.session.closed(null);
      },
    });
    const connection = { link, session: this.#world.openSession(link) };
    this.#connection = connection;
    const active = [...this.running, ...[...this.unacknowledged.values()].map(({ job_id, attempt }) => [job_id, attempt] as const)];
    const token = this.#token === null ? {} : { node_token: this.#token };
    const message = registration({
      node_id: this.#nodeId,
      ...token,
      max_concurrent_jobs: NODE_CAPACITY,
      ...(this.wakeMac === null ? {} : { wake_mac: this.wakeMac }),
      active_jobs: active.map(([job_id, attempt]) => ({ job_id, attempt })),
    });
    await connection.session.receive(nodeMessageSchema.parse(message));
    for (const received of this.#incoming) if (received.type === 'node_register_ack') this.#token = received.node_token;
    this.beat(3);
    for (const [jobId, attempt] of active) this.#outgoing.push(...this.#streams.sent(jobId, attempt));
    for (const result of this.unacknowledged.values()) this.#outgoing.push(result);
  }

  beat(times = 1): void {
    for (let i = 0; i < times; i++) this.#say(heartbeat(this.#nodeId));
  }

  /** The owner starts or stops other work on the machine. */
  use(cpuPercent: number): void {
    this.#say(heartbeat(this.#nodeId, { resource_usage: { cpu_percent: cpuPercent, mem_percent: 1, running_jobs: this.running.size } }));
  }

  /** Models appear and disappear. */
  offer(...modelIds: readonly string[]): void {
    const models = modelIds.map((modelId) => ({ model_id: modelId, kind: 'llm' as const, version: '1', enabled: true }));
    this.#say(heartbeat(this.#nodeId, { installed_models: models }));
  }

  /** The connection is lost and the scheduler notices at once. Undelivered messages are lost. */
  disconnect(): void {
    this.#connection?.link.close();
  }

  /** Its computer goes to sleep. */
  sleep(): void {
    this.#connection?.session.closed(ASLEEP_CLOSE_CODE);
    this.disconnect();
  }

  /** The connection closes. The scheduler will notice a little later. */
  startClosing(): void {
    this.#connection?.link.startClosing();
  }

  /** Whether it reads messages about jobs. */
  read(isReading: boolean): void {
    this.#connection?.link.read(isReading);
  }

  lostConnection(): void {
    this.#connection = null;
    this.#incoming = [];
    this.#outgoing = [];
  }

  /** kill -9: running jobs are lost. Finished results of stored jobs are on the disk of the node. */
  crash(): void {
    this.disconnect();
    this.running.clear();
    for (const key of this.#inMemory) this.unacknowledged.delete(key);
  }

  sendRequest(type: 'node_drain' | 'node_resume' | 'node_unregister'): void {
    if (!this.isConnected) return;
    this.#say({ type, node_id: this.#nodeId });
    if (type !== 'node_unregister') return;
    this.#token = null;
    this.disconnect();
  }

  /** Messages from the scheduler arrive, up to the first about a job. */
  receive(): void {
    let message = this.#incoming.shift();
    while (message !== undefined && !message.type.startsWith('job_')) message = this.#incoming.shift();
    if (message?.type === 'job_assign') {
      this.#world.invariants.started(this.#nodeId, message.job_id, message.attempt, this.running.size);
      this.running.set(message.job_id, message.attempt);
      if (message.interactive === true) this.#inMemory.add(keyOf(message.job_id, message.attempt));
      this.lastTask = message.task;
      this.#streams.assigned(message);
      this.#outgoing.push({ type: 'job_accepted', job_id: message.job_id, attempt: message.attempt });
    } else if (message?.type === 'job_cancel') {
      if (this.running.get(message.job_id) === message.attempt) this.#end(message.job_id, 'final');
    } else if (message?.type === 'job_result_ack') {
      this.unacknowledged.delete(keyOf(message.job_id, message.attempt));
    }
  }

  /** One message to the scheduler arrives. */
  deliver(): void {
    const message = this.#outgoing.shift();
    if (message !== undefined) this.#say(message);
  }

  /** A part of each answer that it streams. */
  stream(): void {
    for (const [jobId, attempt] of this.running) this.#sendPart(jobId, attempt);
  }

  /** Without a connection it is sent after the next registration. */
  #sendPart(jobId: string, attempt: number): void {
    const parts = this.#streams.next(jobId, attempt);
    if (this.isConnected) this.#outgoing.push(...parts);
  }

  finishOne(ending: Ending): void {
    const [jobId] = this.running.keys();
    if (jobId !== undefined) this.#end(jobId, ending);
  }

  /** Any earlier result, once more. On a connection, none comes before the parts of its stream. */
  repeat(index: number): void {
    const result = this.sentResults[index % Math.max(1, this.sentResults.length)];
    const isEarly = this.#outgoing.some((message) => message.type === 'job_chunk' && message.job_id === result?.job_id);
    if (result !== undefined && this.isConnected && !isEarly) this.#say(result);
  }

  resend(): void {
    this.#outgoing.push(...this.unacknowledged.values());
  }

  get hasWork(): boolean {
    return this.#incoming.length + this.#outgoing.length + this.running.size + this.unacknowledged.size > 0;
  }

  #end(jobId: string, ending: Ending): void {
    const attempt = this.running.get(jobId) ?? 0;
    this.running.delete(jobId);
    const isSuccess = ending === 'success' || ending === 'nonsense';
    // A stream without a part is no answer.
    if (isSuccess && this.#streams.sent(jobId, attempt).length === 0) this.#sendPart(jobId, attempt);
    const result: ResultMessage = {
      type: 'job_result',
      job_id: jobId,
      attempt,
      node_id: this.#nodeId,
      success: isSuccess,
      output: ending === 'nonsense' ? 'nonsense' : this.#streams.outputOf(jobId, attempt),
      error: isSuccess ? null : { code: 'broke', message: 'it broke', details: { retryable: ending === 'retryable' } },
      processing_time_ms: 1,
      trace_id: 't',
    };
    this.sentResults.push(result);
    this.unacknowledged.set(keyOf(jobId, attempt), result);
    // Without a connection it is sent after the next registration.
    if (this.isConnected) this.#outgoing.push(result);
  }

  #say(message: NodeMessage): void {
    if (!this.isConnected) return;
    if (message.type === 'job_result') this.#world.invariants.reported(message.job_id, message.attempt);
    void this.#connection?.session.receive(message);
  }
}
