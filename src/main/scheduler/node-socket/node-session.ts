// The protocol on one socket (protocol §2): which messages are allowed, for which node, and how they are answered. The connection handles
// bytes, limits and closing; the pool changes the node.
import { assertNever } from '../../../shared/assert-never';
import { ASLEEP_CLOSE_CODE, CLOSE_CODES, messageOf, type NodeErrorCode } from '../../../shared/protocol/codes';
import type { NodeHeartbeat, NodeMessage, NodeRegister } from '../../../shared/protocol/node-messages';
import type { NodeError } from '../../../shared/protocol/scheduler-messages';
import type { NodeEvent, RefusalCode } from '../lifecycle/events';
import type { NodeProfile } from '../lifecycle/node-record';
import { parsePause } from '../nodes/core/node-profile';
import { parseHeartbeat, parseReading, parseUsage, UNCHANGED_PROFILE } from '../nodes/core/node-report-views';
import type { NodePrincipal } from '../members/core/principal';
import type { Admissions, Admitted } from '../members/admissions';
import type { NodeLink } from '../nodes/node-link';
import type { SchedulerStats } from '../nodes/scheduler-stats';
import type { Pool } from '../pool/pool';
import type { Registered } from '../pool/registration';
import type { RegistrationRefusal } from '../pool/registration-limits';
import { type JobResult, parseResult } from './parse-result';

type JobChunk = Extract<NodeMessage, { type: 'job_chunk' }>;
type BeatFigures = Pick<NodeHeartbeat, 'gpus'> & { readonly usage: NodeHeartbeat['resource_usage'] };
type NodeDrain = Extract<NodeMessage, { type: 'node_drain' }>;
type JobEvents = NonNullable<Pool['jobs']>['nodes'];

export interface NodeErrorDetails {
  readonly field: string;
  readonly reason: string;
}

/** `nodeId`: the node of the connection. */
export const nodeErrorOf = (nodeId: string | null, code: NodeErrorCode, details: NodeErrorDetails | null): NodeError => ({
  type: 'node_error',
  node_id: nodeId,
  code,
  message: messageOf(code),
  details: details === null ? null : { ...details },
});

export const notRegistered = (nodeId: string | null): NodeErrorDetails => ({
  field: 'node_id',
  reason: nodeId === null ? 'not registered' : `this socket is ${nodeId}`,
});

/** For heartbeats that waited while the scheduler was stalled (lifecycle §1, Liveness). */
interface Liveness {
  graceUntilMonotonicMs(): number;
}

/** The part of the pool that a session uses. */
type SessionPool = Pick<Pool, 'apply' | 'record' | 'registrations' | 'withinMemory' | 'linkOf' | 'linkClosed' | 'jobs' | 'modelControl'>;

/** The part of the members that a session uses. */
type SessionMembers = Pick<Admissions, 'admit' | 'registered' | 'refused'>;

export interface NodeSessionOptions {
  readonly pool: SessionPool;
  /** Null: no node has a credential. */
  readonly members: SessionMembers | null;
  readonly liveness: Liveness;
  readonly stats: SchedulerStats;
}

export class NodeSession {
  readonly #options: NodeSessionOptions;
  readonly #link: NodeLink;
  readonly #principal: NodePrincipal | null;
  #registered: Registered | null = null;
  #admitted: Admitted | null = null;
  readonly #onHolder: () => void;
  #memberId: string | null = null;
  #replacedEntries = 0;

  /** `onHolder`: `holder` has changed. */
  constructor(options: NodeSessionOptions, link: NodeLink, principal: NodePrincipal | null = null, onHolder: () => void = () => undefined) {
    this.#options = options;
    this.#link = link;
    this.#principal = principal;
    this.#onHolder = onHolder;
  }

  /** The id of the member, of the key, or of the owner. Null: none, or an invitation whose member is not known yet. */
  get holder(): string | null {
    return this.#memberId ?? (this.#principal === null || this.#principal.kind === 'invite' ? null : this.#principal.id);
  }

  get nodeId(): string | null {
    return this.#registered?.nodeId ?? null;
  }

  /** A registration is asynchronous; all other messages are handled on return. Resolves to false for an invalid message. */
  receive(message: NodeMessage): boolean | Promise<boolean> {
    switch (message.type) {
      case 'node_register':
        return this.#register(message);
      case 'node_heartbeat':
        if (this.#isFor(message.node_id)) this.#heartbeat(message);
        return true;
      case 'node_drain':
        if (this.#isFor(message.node_id)) this.#answerRefusal(this.#options.pool.apply(message.node_id, drainEvent(message)));
        return true;
      case 'node_resume':
        if (this.#isFor(message.node_id))
          this.#answerRefusal(this.#options.pool.apply(message.node_id, { type: 'resume_requested', by: 'node' }));
        return true;
      case 'node_unregister':
        if (this.#isFor(message.node_id)) {
          this.#options.pool.registrations.leave(message.node_id, this.#memberId);
          this.#registered = null;
        }
        return true;
      case 'job_result':
        if (this.#isFor(message.node_id)) this.#jobResult(message);
        else if (this.#registered !== null) this.#acknowledge(message);
        return true;
      case 'job_accepted':
        this.#ifRegistered((nodeId) =>
          this.#options.pool.jobs?.nodes.accepted(nodeId, { jobId: message.job_id, attempt: message.attempt }),
        );
        return true;
      case 'job_chunk':
        this.#ifRegistered((nodeId) => this.#options.pool.jobs?.nodes.chunk(nodeId, chunkOf(message)));
        return true;
      case 'model_control_result':
        this.#ifRegistered((nodeId) => this.#options.pool.modelControl.answered(nodeId, message));
        return true;
      default:
        return assertNever(message);
    }
  }

  /** A heartbeat that changes only these figures. Null: it changes nothing. */
  beat(figures: BeatFigures | null): void {
    const { nodeId } = this;
    if (!this.#isFor(nodeId)) return;
    const { pool, liveness } = this.#options;
    const record = pool.record(nodeId);
    const usage = figures === null ? (record?.usage ?? null) : parseUsage(figures.usage);
    // Without a heartbeat since the registration there is nothing to repeat.
    if (record === undefined || usage === null) return;
    const gpus = figures === null ? record.gpus : (figures.gpus?.map(parseReading) ?? null);
    const report = { ...UNCHANGED_PROFILE, usage, gpus };
    pool.apply(nodeId, { type: 'heartbeat', report, graceUntilMonotonicMs: liveness.graceUntilMonotonicMs() });
  }

  /** `code`: the close code of the peer; null when the scheduler closed. */
  closed(code: number | null): void {
    if (this.#registered !== null) this.#options.pool.linkClosed(this.#registered.nodeId, this.#link, code === ASLEEP_CLOSE_CODE);
    this.#registered = null;
  }

  /** Entries of the lists that heartbeats have replaced since the last call, before and after. */
  takeReplacedEntries(): number {
    const entries = this.#replacedEntries;
    this.#replacedEntries = 0;
    return entries;
  }

  answerError(code: NodeErrorCode, details: NodeErrorDetails | null): void {
    this.#options.stats.nodeErrorSent(code);
    this.#link.send(nodeErrorOf(this.nodeId, code, details));
  }

  /** These messages have no node id: they are about the node of this socket. */
  #ifRegistered(handle: (nodeId: string) => void): void {
    const { nodeId } = this;
    if (this.#isFor(nodeId)) handle(nodeId);
  }

  /** Without job handling every job is unknown. */
  #jobResult(message: JobResult): void {
    const { jobs } = this.#options.pool;
    if (jobs === null) this.#acknowledge(message);
    else jobs.nodes.result(message.node_id, parseResult(message));
  }

  /**
   * Acknowledges a result that changes nothing, so that the node does not repeat it: for example after a node lost its id and keeps results
   * of its old id (protocol §2).
   */
  #acknowledge({ job_id: jobId, attempt }: JobResult): void {
    this.#link.send({ type: 'job_result_ack', job_id: jobId, attempt });
  }

  /** Whether the message is for the node of this socket, and the node still uses this socket. Else answers with an error. */
  #isFor(nodeId: string | null): nodeId is string {
    if (nodeId !== null && this.#registered?.nodeId === nodeId && this.#options.pool.linkOf(nodeId) === this.#link) return true;
    this.answerError('NOT_REGISTERED', notRegistered(this.nodeId));
    return false;
  }

  #heartbeat(message: NodeHeartbeat): void {
    const { pool, liveness } = this.#options;
    const before = pool.record(message.node_id)?.profile;
    pool.apply(message.node_id, {
      type: 'heartbeat',
      report: pool.withinMemory(message.node_id, parseHeartbeat(message), this.#link.remote),
      graceUntilMonotonicMs: liveness.graceUntilMonotonicMs(),
    });
    const after = pool.record(message.node_id)?.profile;
    if (before !== after) this.#replacedEntries += entriesOf(before) + entriesOf(after);
  }

  async #register(message: NodeRegister): Promise<boolean> {
    const { pool, members } = this.#options;
    // Before the admission, which writes to the disk.
    const counted = pool.registrations.count(this.#link, message, this.#registered);
    if (!counted.ok) return this.#refused(counted.error);
    const admitted = await this.#admit(message);
    if (!admitted) return true;
    const outcome = await pool.registrations.register(this.#link, message, this.#registered, {
      memberId: this.#memberId,
      credential: this.#newCredential(),
    });
    if (this.#admitted !== null && outcome.ok) members?.registered(this.#admitted.memberId, outcome.value.nodeId);
    if (!outcome.ok && this.#registered === null && this.#admitted !== null) {
      members?.refused(this.#admitted.memberId);
      this.#admitted = null;
      this.#setMember(null);
    }
    if (outcome.ok && this.#link.isOpen) this.#registered = outcome.value;
    else if (outcome.ok) pool.linkClosed(outcome.value.nodeId, this.#link);
    return outcome.ok || this.#refused(outcome.error);
  }

  /** Whether the message counts as valid. */
  #refused({ code, details }: RegistrationRefusal): boolean {
    this.answerError(code, details);
    return !COUNTED_AS_INVALID.has(code);
  }

  /** Issues the credential of this connection, once. False: the node is barred, and the link was closed or answered. */
  async #admit({ name }: NodeRegister): Promise<boolean> {
    const { members } = this.#options;
    if (members === null || this.#admitted !== null) return true;
    const admitted = await members.admit(this.#principal, name ?? 'node', (memberId) => {
      this.#setMember(memberId);
    });
    if (admitted.ok) {
      this.#admitted = admitted.value;
      return true;
    }
    if (admitted.error === 'write_failed') this.answerError('INTERNAL_ERROR', null);
    else this.#link.close(admitted.error === 'not_a_node' ? CLOSE_CODES.notANode : CLOSE_CODES.revoked);
    return false;
  }

  #setMember(memberId: string | null): void {
    this.#memberId = memberId;
    this.#onHolder();
  }

  /** The credential for the next acknowledgement. A repeated registration on the same connection gets none. */
  #newCredential(): string | null {
    if (this.#registered !== null) return null;
    return this.#admitted?.credential ?? null;
  }

  /** A refused request of a node is a message that is invalid in its state. */
  #answerRefusal(refusal: RefusalCode | null): void {
    if (refusal !== null) this.answerError('INVALID_MESSAGE', { field: 'type', reason: refusal });
  }
}

/** With a code, the drain is the pause of the owner. */
function drainEvent({ reason, timeout_seconds: timeoutSeconds, reason_code: code, ...pause }: NodeDrain): NodeEvent {
  if (code != null) return { type: 'pause_requested', pause: parsePause({ ...pause, reason_code: code, timeout_seconds: timeoutSeconds }) };
  const timeoutMs = timeoutSeconds == null ? null : timeoutSeconds * 1000;
  return { type: 'drain_requested', by: 'node', reason: reason ?? null, timeoutMs };
}

function entriesOf(profile: NodeProfile | undefined): number {
  return profile === undefined ? 0 : profile.installedModels.length + Object.keys(profile.capabilityState ?? {}).length;
}

/** A node that repeats such a registration on its socket is disconnected (protocol §1). */
const COUNTED_AS_INVALID: ReadonlySet<NodeErrorCode> = new Set(['INVALID_MESSAGE', 'TOO_MANY_REGISTRATIONS', 'POOL_FULL']);

const chunkOf = ({ job_id: jobId, attempt, seq, data }: JobChunk): Parameters<JobEvents['chunk']>[1] => ({ jobId, attempt, seq, data });

export const hasActiveJobs = (message: NodeMessage): boolean => message.type === 'node_register' && (message.active_jobs ?? []).length > 0;
