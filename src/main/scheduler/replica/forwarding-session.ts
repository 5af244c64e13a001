// The session of a node on a replica: passes its messages to the leader. Rejects what no leader would accept. The session that handles the
// messages is on the leader, one after the other on each leader; this one lives as long as the connection.
import { assertNever } from '../../../shared/assert-never';
import type { NodeErrorCode } from '../../../shared/protocol/codes';
import type { NodeHeartbeat, NodeMessage } from '../../../shared/protocol/node-messages';
import type { Clock } from '../../platform/clock';
import type { Channel } from '../cluster/channel/channel';
import { drained } from '../cluster/channel/drained';
import type { ConnectionLink, ConnectionSession } from '../node-socket/connection-options';
import { nodeErrorOf, type NodeErrorDetails, notRegistered } from '../node-socket/node-session';
import type { SchedulerStats } from '../nodes/scheduler-stats';
import { heartbeatChange, type Reported, reportedBy } from './core/heartbeat-change';
import { type HandledRecord, NODE_CLOSED, NODE_MESSAGE, NODE_OPEN, type SeenRecord, type WirePrincipal } from './core/node-records';
import type { NodeBeats } from './node-beats';
import type { JobChunk, ReplicaChunks } from './replica-chunks';

export interface ForwardingSessionOptions {
  readonly stats: SchedulerStats;
  readonly beats: NodeBeats;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly chunks: ReplicaChunks;
  /** To the present leader. Null: there is none. */
  readonly channel: () => Channel | null;
  /** The leader has answered a registration, or the connection has ended. */
  readonly onAnswered: (session: ForwardingSession) => void;
  readonly onClosed: (session: ForwardingSession) => void;
}

/** A message whose answer the connection waits for. */
interface Asked {
  readonly data: Uint8Array;
  readonly isRegistration: boolean;
  readonly sinceMonotonicMs: number;
  /** It was not sent at once, or not to the present leader. */
  hasWaited: boolean;
  readonly resolve: (valid: boolean) => void;
}

export class ForwardingSession implements ConnectionSession {
  readonly id: number;
  readonly link: ConnectionLink;
  readonly #options: ForwardingSessionOptions;
  readonly #principal: WirePrincipal;
  readonly #onHolder: () => void;
  /** The leader knows the connection on this channel. */
  #openOn: Channel | null = null;
  /** The leader of that channel has registered the node. */
  #isRegistered = false;
  #nodeId: string | null = null;
  #holder: string | null = null;
  #asked: Asked | null = null;
  #reported: Reported | null = null;
  #replacedEntries = 0;
  #isClosed = false;

  constructor(options: ForwardingSessionOptions, id: number, link: ConnectionLink, principal: WirePrincipal, onHolder: () => void) {
    this.#options = options;
    this.id = id;
    this.link = link;
    this.#principal = principal;
    this.#onHolder = onHolder;
  }

  get holder(): string | null {
    return this.#holder;
  }

  /** Kept while no leader knows the node: its connection stays that of a node. */
  get nodeId(): string | null {
    return this.#nodeId;
  }

  receive(message: NodeMessage, data: Uint8Array): boolean | Promise<boolean> {
    switch (message.type) {
      case 'node_register':
        return this.#ask(data, true);
      case 'node_heartbeat':
        return this.#isOf(message.node_id) ? this.#heartbeat(message, data) : true;
      case 'node_unregister':
        return this.#isOf(message.node_id) && this.#isRegistered ? this.#ask(data, false) : true;
      case 'node_drain':
      case 'node_resume':
        return this.#isOf(message.node_id) ? this.#forward(data) : true;
      case 'job_result':
        return this.#result(message, data);
      case 'job_chunk':
        return this.#isOf(this.#nodeId) ? this.#chunk(this.#nodeId, message, data) : true;
      case 'job_accepted':
      case 'model_control_result':
        return this.#isOf(this.#nodeId) ? this.#forward(data) : true;
      default:
        return assertNever(message);
    }
  }

  closed(code: number | null): void {
    this.#isClosed = true;
    const { beats, chunks, onClosed } = this.#options;
    beats.forget(this.id);
    this.#openOn?.send(NODE_CLOSED, { c: this.id, code });
    if (this.#nodeId !== null) chunks.ended(this.#nodeId, null);
    this.#answer(true);
    onClosed(this);
  }

  takeReplacedEntries(): number {
    const entries = this.#replacedEntries;
    this.#replacedEntries = 0;
    return entries;
  }

  answerError(code: NodeErrorCode, details: NodeErrorDetails | null): void {
    this.#options.stats.nodeErrorSent(code);
    this.link.send(nodeErrorOf(this.#nodeId, code, details));
  }

  /** The channel has ended. A registration waits for the next one; other messages do not: the node repeats what counts. */
  lost(): void {
    this.#openOn = null;
    this.#isRegistered = false;
    this.#reported = null;
    if (this.#asked?.isRegistration !== true) this.#answer(true);
  }

  /** A new leader: the node registers again on its connection. False: this has happened, or the node was never registered. */
  renew(): boolean {
    if (this.#openOn !== null || this.#isClosed) return false;
    const asked = this.#asked;
    if (asked !== null) void this.#sendAsked(asked);
    else if (this.#nodeId !== null) this.answerError('NOT_REGISTERED', notRegistered(null));
    return asked !== null || this.#nodeId !== null;
  }

  /** The leader has handled the message that was asked. */
  handled({ valid, node_id: nodeId, holder, entries }: HandledRecord): void {
    const wasRegistration = this.#asked?.isRegistration === true;
    if (wasRegistration) this.#reported = null;
    this.#isRegistered = nodeId !== null;
    if (this.#nodeId !== null && this.#nodeId !== nodeId) this.#options.chunks.ended(this.#nodeId, null);
    this.#nodeId = nodeId;
    this.#replacedEntries += entries;
    if (holder !== this.#holder) {
      this.#holder = holder;
      this.#onHolder();
    }
    this.#answer(valid);
    if (wasRegistration) this.#options.onAnswered(this);
  }

  /** Jobs wait for the load of the node. */
  wantsLoad(): void {
    this.#reported = null;
  }

  #answer(valid: boolean): void {
    const asked = this.#asked;
    this.#asked = null;
    asked?.resolve(valid);
  }

  /** Whether the message is for the node of this connection. Else answers with an error. */
  #isOf(nodeId: string | null): nodeId is string {
    if (nodeId !== null && nodeId === this.#nodeId) return true;
    this.answerError('NOT_REGISTERED', notRegistered(this.#nodeId));
    return false;
  }

  #heartbeat(message: NodeHeartbeat, data: Uint8Array): boolean | Promise<boolean> {
    if (!this.#isRegistered) return true;
    const { beats } = this.#options;
    const reported = reportedBy(message);
    const change = heartbeatChange(this.#reported, reported);
    this.#reported = reported;
    if (change === 'profile') return this.#ask(data, false);
    beats.add(this.id, change === 'nothing' ? null : { usage: reported.usage, gpus: reported.gpus }, change === 'load');
    return true;
  }

  /** A result for an earlier id of the node changes nothing: it is acknowledged, so that the node does not repeat it. */
  #result(message: Extract<NodeMessage, { type: 'job_result' }>, data: Uint8Array): boolean | Promise<boolean> {
    const { job_id: jobId, attempt, node_id: nodeId } = message;
    if (!this.#isOf(nodeId)) {
      if (this.#nodeId !== null) this.link.send({ type: 'job_result_ack', job_id: jobId, attempt });
      return true;
    }
    const seen = this.#options.chunks.seen(nodeId, { jobId, attempt });
    return this.#forward(data, seen === null ? {} : { seen: { count: seen.count, has_content: seen.hasContent } });
  }

  #chunk(nodeId: string, message: JobChunk, data: Uint8Array): boolean | Promise<boolean> {
    return this.#options.chunks.take(nodeId, message) || this.#forward(data);
  }

  /** Dropped while no leader has the node registered: the node repeats its pause, its jobs and its results with each registration. */
  #forward(data: Uint8Array, head: { readonly seen?: SeenRecord } = {}): boolean | Promise<boolean> {
    const channel = this.#openOn;
    if (channel === null || !this.#isRegistered) return true;
    if (channel.isFull) return this.#forwardWhenDrained(channel, data, head);
    this.#options.beats.send(this.id);
    channel.send(NODE_MESSAGE, { c: this.id, ...head }, data);
    return true;
  }

  async #forwardWhenDrained(channel: Channel, data: Uint8Array, head: { readonly seen?: SeenRecord }): Promise<boolean> {
    await drained(channel);
    return this.#isClosed || this.#forward(data, head);
  }

  #ask(data: Uint8Array, isRegistration: boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const asked = { data, isRegistration, sinceMonotonicMs: this.#options.clock.monotonicMs(), hasWaited: false, resolve };
      this.#asked = asked;
      void this.#sendAsked(asked);
    });
  }

  async #sendAsked(asked: Asked): Promise<void> {
    const channel = this.#opened();
    let { hasWaited } = asked;
    asked.hasWaited = true;
    if (channel === null) return;
    if (channel.isFull) {
      hasWaited = true;
      await drained(channel);
    }
    if (this.#asked !== asked || this.#openOn !== channel) return;
    this.#options.beats.send(this.id);
    const waited = asked.isRegistration && hasWaited ? { waited_ms: this.#options.clock.monotonicMs() - asked.sinceMonotonicMs } : {};
    channel.send(NODE_MESSAGE, { c: this.id, asked: true, ...waited }, asked.data);
  }

  /** The channel on which the leader knows the connection, from now on. Null: there is no leader. */
  #opened(): Channel | null {
    const channel = this.#options.channel();
    if (this.#openOn !== null || channel === null) return this.#openOn;
    const { remote, loopbackEnd = null } = this.link;
    channel.send(NODE_OPEN, { c: this.id, remote, loopback_end: loopbackEnd, as: this.#principal, holder: this.#holder });
    this.#openOn = channel;
    return channel;
  }
}
