// Accepts or refuses a `node_register` (protocol §2): runs the checks in their order and determines the id of the node. A new identity is
// durable before the acknowledgement.
import type { NodeErrorCode } from '../../../shared/protocol/codes';
import { CAPABILITY_SCHEMA_VERSION } from '../../../shared/protocol/limits';
import type { NodeRegister } from '../../../shared/protocol/node-messages';
import { MAX_POOL_ADDRESSES } from '../../../shared/protocol/pool-addresses';
import type { LoadLimitsView } from '../../../shared/protocol/scheduler-messages';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { WorkTurns } from '../../platform/work-turns';
import type { ActiveJob, PoolListener } from '../jobs/pool-listener';
import type { NodeEvent } from '../lifecycle/events';
import type { NodeRecord } from '../lifecycle/node-record';
import type { LifecyclePolicy } from '../lifecycle/policy';
import { parsePause, parseProfile } from '../nodes/core/node-profile';
import { profileBytes } from '../nodes/core/profile-bytes';
import { toStoredNode } from '../nodes/core/stored-node';
import type { NodeIdentities } from '../nodes/node-identities';
import type { NodeLink } from '../nodes/node-link';
import type { NodeStore } from '../nodes/node-store';
import { MemberRates } from './member-rates';
import type { RegistrationLimits, RegistrationRefusal } from './registration-limits';

/** The node of a socket, and the token that proves it. */
export interface Registered {
  readonly nodeId: string;
  readonly token: string;
}

export interface RegistrationOptions {
  readonly policy: LifecyclePolicy;
  readonly maxMessageBytes: number;
  readonly version: string;
  readonly store: NodeStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly identities: NodeIdentities;
  readonly limits: RegistrationLimits;
  /** As in `PoolOptions`. */
  readonly addresses?: (() => readonly string[]) | undefined;
  /** As in `PoolOptions`. */
  readonly leaderEpoch?: number | undefined;
  readonly pool: {
    /** Null: the pool has no jobs. */
    readonly jobs: PoolListener | null;
    record(nodeId: string): NodeRecord | undefined;
    records(): Iterable<NodeRecord>;
    readonly profileBytes: number;
    linkOf(nodeId: string): NodeLink | undefined;
    attach(nodeId: string, link: NodeLink): void;
    preview(nodeId: string, event: NodeEvent): { readonly next: NodeRecord | null };
    apply(nodeId: string, event: NodeEvent): unknown;
    /** The limits of the load that hold on the node once it has this record: a second node ends the pool of one computer. */
    limitsWith(record: NodeRecord): LoadLimitsView;
  };
}

/** Of the member that registers a node. Null: there is none. */
export interface RegisteringMember {
  readonly memberId: string | null;
  /** The new credential, for the acknowledgement. */
  readonly credential: string | null;
}

interface Registering extends RegistrationOptions, RegisteringMember {
  readonly memberRates: MemberRates;
  readonly turns: WorkTurns;
}

const refuse = (code: NodeErrorCode, field: string, reason: string): Result<never, RegistrationRefusal> =>
  fail({ code, details: { field, reason } });

export class Registrations {
  readonly #options: RegistrationOptions;
  readonly #memberRates: MemberRates;
  /** One commit can end the writes of hundreds of registrations. */
  readonly #turns: WorkTurns;

  constructor(options: RegistrationOptions) {
    this.#options = options;
    const { pool, clock } = options;
    this.#turns = new WorkTurns(() => clock.monotonicMs());
    this.#memberRates = new MemberRates({
      record: (nodeId) => pool.record(nodeId),
      now: () => ({ wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() }),
      liveOn: (nodeId, modelId) => pool.jobs?.liveOn(nodeId, modelId) ?? 0,
    });
  }

  /** The node leaves the pool. */
  leave(nodeId: string, memberId: string | null): void {
    if (memberId !== null) this.#memberRates.leaving(memberId, nodeId);
    this.#options.pool.apply(nodeId, { type: 'left' });
  }

  /**
   * Counts one registration against the limits. Before all else: a refused registration may be repeated without end. `current`: the node that
   * is registered on this socket, or null.
   */
  count(link: NodeLink, message: NodeRegister, current: Registered | null): Result<null, RegistrationRefusal> {
    return this.#options.limits.count(current?.nodeId ?? provenIdOf(this.#options, message), link.remote);
  }

  /**
   * When the registration is accepted, the acknowledgement and the first status were
   * sent. When it is refused, nothing has changed and the caller sends the answer.
   */
  async register(
    link: NodeLink,
    message: NodeRegister,
    current: Registered | null,
    member: RegisteringMember,
  ): Promise<Result<Registered, RegistrationRefusal>> {
    const { logger } = this.#options;
    const schemaVersion = message.capability_schema_version ?? CAPABILITY_SCHEMA_VERSION;
    logger.log('info', 'node_register_received', {
      node_id: message.node_id ?? null,
      capability_schema_version: schemaVersion,
      gpu_count: message.hardware.gpus.length,
      model_count: message.installed_models.length,
      remote: link.remote,
    });
    const options = { ...this.#options, ...member, memberRates: this.#memberRates, turns: this.#turns };
    const decided = () => decide(options, link, message, schemaVersion, current);
    // The credential was just written.
    const outcome = await (member.credential === null ? decided() : this.#turns.run(decided));
    if (outcome.ok && member.memberId !== null) this.#memberRates.registered(member.memberId, outcome.value.nodeId);
    if (outcome.ok) return outcome;
    const { code, details } = outcome.error;
    logger.log('warn', 'node_register_refused', {
      code,
      node_id: message.node_id ?? null,
      field: details?.field ?? null,
      remote: link.remote,
    });
    return outcome;
  }
}

async function decide(
  options: Registering,
  link: NodeLink,
  message: NodeRegister,
  schemaVersion: string,
  current: Registered | null,
): Promise<Result<Registered, RegistrationRefusal>> {
  const { identities, limits, logger, pool } = options;
  const { node_id: wantedId } = message;
  if (current !== null && wantedId != null && wantedId !== current.nodeId) {
    return refuse('INVALID_MESSAGE', 'node_id', `this socket is registered as ${current.nodeId}`);
  }
  if (schemaVersion !== CAPABILITY_SCHEMA_VERSION) {
    return refuse('INVALID_CAPABILITY_SCHEMA', 'capability_schema_version', `supported: ${CAPABILITY_SCHEMA_VERSION}`);
  }
  if (!message.hardware.gpus.some((gpu) => gpu.memory_gb > 0)) {
    return refuse('NO_GPU_AVAILABLE', 'hardware.gpus', 'no GPU with memory_gb above 0');
  }
  const bytes = profileBytes(parseProfile(message, wantedId ?? '', options.policy));
  const changed = (nodeId: string) => limits.admitChange(pool.record(nodeId)?.profile ?? null, bytes, pool, link.remote);
  if (current !== null) {
    const admitted = changed(current.nodeId);
    return admitted.ok ? ok(accept(options, link, message, current, true)) : admitted;
  }
  if (wantedId == null || !identities.isTaken(wantedId)) {
    const admitted = limits.admit(identities.size, bytes, pool, link.remote);
    return admitted.ok ? newNode(options, link, message) : admitted;
  }
  const token = message.node_token;
  if (token != null && wantedId === provenIdOf(options, message)) {
    const admitted = changed(wantedId);
    return admitted.ok ? ok(accept(options, link, message, { nodeId: wantedId, token }, true)) : admitted;
  }
  logger.log('warn', 'node_id_conflict', {
    node_id: wantedId,
    remote: link.remote,
    held_by: pool.linkOf(wantedId)?.remote ?? null,
  });
  return refuse('NODE_ID_CONFLICT', 'node_id', 'taken, and node_token does not prove that this node owns it');
}

/** The id of a known node whose token the message contains. */
function provenIdOf(
  { identities, pool }: Pick<RegistrationOptions, 'identities' | 'pool'>,
  { node_id: nodeId, node_token: token }: NodeRegister,
): string | null {
  if (nodeId == null || token == null || pool.record(nodeId) === undefined) return null;
  return identities.isProvenBy(nodeId, token) ? nodeId : null;
}

/** Reserves the id while the identity is written. When the node has disconnected meanwhile, it never got the id, so the id is freed. */
async function newNode(options: Registering, link: NodeLink, message: NodeRegister): Promise<Result<Registered, RegistrationRefusal>> {
  const { identities, store, clock, logger, pool, turns } = options;
  const identity = identities.issue(message.node_id ?? null, clock.wallMs());
  const { nodeId, token } = identity;
  const { next } = pool.preview(nodeId, registeredEvent(options, message, nodeId));
  const written = next === null ? fail({ isFull: false, reason: 'no record' }) : await store.insert({ ...toStoredNode(next), ...identity });
  if (!written.ok) {
    identities.forget(nodeId);
    logger.log('error', 'store_write_failed', { node_id: nodeId, reason: written.error.reason });
    return fail({ code: 'INTERNAL_ERROR', details: null });
  }
  return turns.run(() => {
    if (link.isOpen) return ok(accept(options, link, message, { nodeId, token }, false));
    identities.forget(nodeId);
    void store.remove(nodeId);
    return fail({ code: 'INTERNAL_ERROR', details: null });
  });
}

/** Synchronous, so nothing can happen between check and acknowledgement. The acknowledgement is sent before the first status. */
function accept(options: Registering, link: NodeLink, message: NodeRegister, node: Registered, resumed: boolean): Registered {
  const { policy, clock, logger, version, maxMessageBytes, pool, credential, addresses, leaderEpoch } = options;
  const { nodeId, token } = node;
  const isAgain = pool.linkOf(nodeId) === link;
  const event = registeredEvent(options, message, nodeId);
  const { next } = pool.preview(nodeId, event);
  pool.attach(nodeId, link);
  link.send({
    type: 'node_register_ack',
    node_id: nodeId,
    node_token: token,
    ...(link.loopbackEnd == null ? {} : { proves_token_at: link.loopbackEnd }),
    ...(credential === null ? {} : { member_credential: credential }),
    message: 'registered',
    status: 'registering',
    heartbeat_interval_seconds: policy.heartbeatIntervalMs / 1000,
    heartbeat_timeout_seconds: policy.heartbeatTimeoutMs / 1000,
    scheduler_version: version,
    max_message_bytes: maxMessageBytes,
    ...(next === null ? {} : { limits: pool.limitsWith(next) }),
    ...(addresses === undefined ? {} : { addresses: addresses().slice(0, MAX_POOL_ADDRESSES) }),
    ...(leaderEpoch === undefined ? {} : { leader_epoch: leaderEpoch }),
    timestamp: clock.wallMs(),
  });
  logger.log('info', 'node_registered', {
    node_id: nodeId,
    node_name: event.profile.name,
    platform: event.profile.platform,
    gpu_count: event.profile.hardware.gpus.length,
    model_count: event.profile.installedModels.length,
    accept_public_jobs: event.profile.acceptPublicJobs,
    resumed,
  });
  pool.apply(nodeId, event);
  // On the same socket nothing can be lost, so jobs that the message does not name continue.
  if (message.active_jobs != null || !isAgain) pool.jobs?.nodes.registered(nodeId, activeJobsOf(message), isAgain);
  return { nodeId, token };
}

const activeJobsOf = ({ active_jobs: jobs }: NodeRegister): readonly ActiveJob[] =>
  (jobs ?? []).map(({ job_id: jobId, attempt }) => ({ jobId, attempt }));

function registeredEvent(
  { policy, memberId, memberRates }: Registering,
  message: NodeRegister,
  nodeId: string,
): Extract<NodeEvent, { type: 'registered' }> {
  const rates = memberId === null ? {} : { rates: memberRates.of(memberId) };
  const pause = message.pause == null ? {} : { pause: parsePause(message.pause) };
  return { type: 'registered', nodeId, profile: parseProfile(message, nodeId, policy), ...rates, ...pause };
}
