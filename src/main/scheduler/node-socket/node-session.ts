// One socket's side of the node protocol (protocol §2): which message is allowed now, for which node, and what is answered.
// Bytes, limits and closing belong to the connection; what becomes of the node belongs to the scheduler.
import { assertNever } from '../../../shared/assert-never';
import { messageOf, type NodeErrorCode } from '../../../shared/protocol/codes';
import type { NodeMessage, NodeRegister } from '../../../shared/protocol/node-messages';
import type { RefusalCode } from '../lifecycle/events';
import type { NodeLink } from '../nodes/node-link';
import { register, type Registered } from '../pool/registration';
import type { Scheduler } from '../pool/pool';

type JobResult = Extract<NodeMessage, { type: 'job_result' }>;

export interface ErrorDetails {
  readonly field: string;
  readonly reason: string;
}

/** For a heartbeat that waited while the scheduler was stalled (lifecycle §1, Liveness). */
interface Liveness {
  graceUntilMs(): number;
}

export class NodeSession {
  readonly #scheduler: Scheduler;
  readonly #link: NodeLink;
  readonly #liveness: Liveness;
  #registered: Registered | null = null;

  constructor(scheduler: Scheduler, link: NodeLink, liveness: Liveness) {
    this.#scheduler = scheduler;
    this.#link = link;
    this.#liveness = liveness;
  }

  get nodeId(): string | null {
    return this.#registered?.nodeId ?? null;
  }

  /** A registration is awaited, everything else is done on return. Resolves to false when the message was invalid. */
  receive(message: NodeMessage): boolean | Promise<boolean> {
    switch (message.type) {
      case 'node_register':
        return this.#register(message);
      case 'node_heartbeat':
        if (this.#isFor(message.node_id)) this.#scheduler.heartbeat(message, this.#liveness.graceUntilMs());
        return true;
      case 'node_drain':
        if (!this.#isFor(message.node_id)) return true;
        this.#answerRefusal(
          this.#scheduler.apply(message.node_id, {
            type: 'drain_requested',
            by: 'node',
            reason: message.reason ?? null,
            timeoutMs: message.timeout_seconds == null ? null : message.timeout_seconds * 1000,
          }),
        );
        return true;
      case 'node_resume':
        if (this.#isFor(message.node_id))
          this.#answerRefusal(this.#scheduler.apply(message.node_id, { type: 'resume_requested', by: 'node' }));
        return true;
      case 'node_unregister':
        if (this.#isFor(message.node_id)) {
          this.#scheduler.apply(message.node_id, { type: 'left' });
          this.#registered = null;
        }
        return true;
      case 'job_result':
        if (this.#isFor(message.node_id)) this.#jobResult(message);
        else if (this.#registered !== null) this.#acknowledge(message);
        return true;
      case 'job_accepted':
        this.#ofOwnJob((nodeId) => this.#scheduler.jobs?.nodes.accepted(nodeId, message));
        return true;
      case 'job_chunk':
        this.#ofOwnJob((nodeId) => this.#scheduler.jobs?.nodes.chunk(nodeId, message));
        return true;
      default:
        return assertNever(message);
    }
  }

  closed(): void {
    if (this.#registered !== null) this.#scheduler.linkClosed(this.#registered.nodeId, this.#link);
    this.#registered = null;
  }

  answerError(code: NodeErrorCode, details: ErrorDetails | null): void {
    this.#scheduler.parts.stats.nodeErrorSent(code);
    this.#link.send({
      type: 'node_error',
      node_id: this.nodeId,
      code,
      message: messageOf(code),
      details: details === null ? null : { ...details },
    });
  }

  /** These messages name no node: they are of the one that this socket is. */
  #ofOwnJob(handle: (nodeId: string) => void): void {
    const { nodeId } = this;
    if (this.#isFor(nodeId)) handle(nodeId);
  }

  /** Without jobs every result is one of a job that is not known. */
  #jobResult(message: JobResult): void {
    const { jobs } = this.#scheduler;
    if (jobs === null) this.#acknowledge(message);
    else jobs.nodes.result(message.node_id, message);
  }

  /** It changes nothing, and need not be told again: as of a node that has lost its id and keeps results of the old one (protocol §2). */
  #acknowledge({ job_id: jobId, attempt }: JobResult): void {
    this.#link.send({ type: 'job_result_ack', job_id: jobId, attempt });
  }

  /** The message is for the node that this socket is, and the socket is still that node's; else it is told so. */
  #isFor(nodeId: string | null): nodeId is string {
    if (nodeId !== null && this.#registered?.nodeId === nodeId && this.#scheduler.linkOf(nodeId) === this.#link) return true;
    this.answerError('NOT_REGISTERED', {
      field: 'node_id',
      reason: this.#registered === null ? 'not registered' : `this socket is ${this.#registered.nodeId}`,
    });
    return false;
  }

  async #register(message: NodeRegister): Promise<boolean> {
    const outcome = await register(this.#scheduler, this.#link, message, this.#registered);
    if (outcome.ok && this.#link.isOpen) this.#registered = outcome.value;
    else if (outcome.ok) this.#scheduler.linkClosed(outcome.value.nodeId, this.#link);
    else this.answerError(outcome.error.code, outcome.error.details);
    return outcome.ok || outcome.error.code !== 'INVALID_MESSAGE';
  }

  /** A node's request that is impossible now is a message that does not fit its state. */
  #answerRefusal(refusal: RefusalCode | null): void {
    if (refusal !== null) this.answerError('INVALID_MESSAGE', { field: 'type', reason: refusal });
  }
}
