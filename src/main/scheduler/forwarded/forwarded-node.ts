// The connection of a node on a replica, as the scheduler of this term sees it: the link to the node, and its session.
import type { CloseCode } from '../../../shared/protocol/codes';
import type { NodeMessage } from '../../../shared/protocol/node-messages';
import type { JobAssign, SchedulerMessage } from '../../../shared/protocol/scheduler-messages';
import type { Logger } from '../../platform/logger';
import type { Channel } from '../cluster/channel/channel';
import { jsonBytes } from '../cluster/channel/core/record';
import type { NodePrincipal } from '../members/core/principal';
import type { NodeSession } from '../node-socket/node-session';
import { assignText, MAX_JOB_BYTES } from '../node-socket/send-buffer';
import type { AnswerRoute, AssignHead, NodeLink } from '../nodes/node-link';
import type { SchedulerStats } from '../nodes/scheduler-stats';
import { NODE_ASSIGN, NODE_CLOSE, NODE_HANDLED, NODE_SEND } from '../replica/core/node-records';
import type { Assignments } from './assignments';

export interface ForwardedNodeOptions {
  readonly logger: Logger;
  readonly stats: SchedulerStats;
  readonly openSession: (link: NodeLink, principal: NodePrincipal | null, onHolder: () => void) => NodeSession;
  /** The credential of the connection has changed. */
  readonly onHolder: (node: ForwardedNode) => void;
  readonly onEnded: (node: ForwardedNode) => void;
}

export interface ForwardedConnection {
  /** The number that the replica gave it. */
  readonly id: number;
  readonly remote: string;
  readonly loopbackEnd: string | null;
}

const encoder = new TextEncoder();

export class ForwardedNode implements NodeLink {
  readonly id: number;
  readonly remote: string;
  readonly loopbackEnd: string | null;
  /** When its replica got the last registration. */
  askedAtMonotonicMs = -Infinity;
  readonly #channel: Channel;
  readonly #options: ForwardedNodeOptions;
  readonly #session: NodeSession;
  readonly #assignments: Assignments;
  /** Of assignments that the node has not taken yet. */
  #jobBytes = 0;
  #waiters: (() => void)[] = [];
  #isEnded = false;

  constructor(
    channel: Channel,
    { id, remote, loopbackEnd }: ForwardedConnection,
    principal: NodePrincipal | null,
    options: ForwardedNodeOptions,
    assignments: Assignments,
  ) {
    this.#assignments = assignments;
    this.id = id;
    this.remote = remote;
    this.loopbackEnd = loopbackEnd;
    this.#channel = channel;
    this.#options = options;
    this.#session = options.openSession(this, principal, () => {
      if (!this.#isEnded) options.onHolder(this);
    });
  }

  get holder(): string | null {
    return this.#session.holder;
  }

  get nodeId(): string | null {
    return this.#session.nodeId;
  }

  get isOpen(): boolean {
    return !this.#isEnded && this.#channel.isOpen;
  }

  get isFull(): boolean {
    return this.#jobBytes > MAX_JOB_BYTES || this.#channel.isFull;
  }

  send(message: Exclude<SchedulerMessage, JobAssign>): boolean {
    if (!this.isOpen) return false;
    this.#channel.send(NODE_SEND, headOf(this.id, message), jsonBytes(message));
    return true;
  }

  sendAssign(head: AssignHead, task: string, { path, follower }: AnswerRoute, onLost: () => void): boolean {
    if (!this.isOpen) return false;
    const bytes = encoder.encode(assignText(head, task));
    this.#jobBytes += bytes.length;
    this.#assignments.begin(this.id, head, (isLost) => {
      this.#taken(bytes.length);
      if (isLost) onLost();
    });
    this.#channel.send(NODE_ASSIGN, { c: this.id, job_id: head.job_id, attempt: head.attempt, path, follower }, bytes);
    return true;
  }

  whenDrained(callback: () => void): void {
    if (!this.isFull || !this.isOpen) {
      callback();
      return;
    }
    this.#waiters.push(callback);
    if (this.#jobBytes <= MAX_JOB_BYTES) void this.#channel.whenDrained().then(() => this.#drained());
  }

  close(code: CloseCode): void {
    if (this.#isEnded) return;
    this.#options.stats.socketClosed(code);
    this.#channel.send(NODE_CLOSE, { c: this.id, code });
    this.end(null);
  }

  /** The connection has ended. `code`: the close code of the node. */
  end(code: number | null): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#session.closed(code);
    this.#options.onEnded(this);
    // Waiting jobs then choose another connection. Deferred, because a registration that replaces the connection may be running.
    queueMicrotask(() => {
      this.#drained();
    });
  }

  /** Handles the message; null: it could not be read. `isAsked`: the replica waits for the answer. */
  receive(message: NodeMessage | null, isAsked: boolean): void {
    if (!this.isOpen) return;
    try {
      const valid = message === null || this.#session.receive(message);
      if (typeof valid === 'boolean') this.#handled(valid, isAsked);
      else void this.#whenHandled(valid, isAsked);
    } catch (error) {
      this.#failed(error, isAsked);
    }
  }

  beat(...figures: Parameters<NodeSession['beat']>): void {
    this.#session.beat(...figures);
  }

  async #whenHandled(valid: Promise<boolean>, isAsked: boolean): Promise<void> {
    try {
      this.#handled(await valid, isAsked);
    } catch (error) {
      this.#failed(error, isAsked);
    }
  }

  /** An exception is a bug of the scheduler and must not affect other nodes (protocol §4, INTERNAL_ERROR). */
  #failed(error: unknown, isAsked: boolean): void {
    const { logger } = this.#options;
    logger.log('error', 'internal_error', { node_id: this.nodeId, error: error instanceof Error ? error.stack : String(error) });
    this.#session.answerError('INTERNAL_ERROR', null);
    this.#handled(true, isAsked);
  }

  #handled(valid: boolean, isAsked: boolean): void {
    if (!isAsked || this.#isEnded) return;
    const entries = this.#session.takeReplacedEntries();
    this.#channel.send(NODE_HANDLED, { c: this.id, valid, node_id: this.nodeId, holder: this.holder, entries });
  }

  #taken(bytes: number): void {
    this.#jobBytes -= bytes;
    if (!this.isFull) this.#drained();
  }

  /** One waiter can fill the link again; the others keep waiting. */
  #drained(): void {
    for (const waiter of this.#waiters.splice(0)) this.whenDrained(waiter);
  }
}

function headOf(c: number, message: Exclude<SchedulerMessage, JobAssign>): object {
  if (message.type === 'job_result_ack') return { c, ended: { job_id: message.job_id, attempt: message.attempt } };
  return message.type === 'load_request' ? { c, wants_load: true } : { c };
}
