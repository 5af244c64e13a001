// Accepts or refuses a `node_register` (protocol §2): the checks in their order, the node's identity, durable before its ack.
import { CAPABILITY_SCHEMA_VERSION } from '../../../shared/protocol/limits';
import type { NodeErrorCode } from '../../../shared/protocol/codes';
import type { NodeRegister } from '../../../shared/protocol/node-messages';
import { fail, ok, type Result } from '../../../shared/result';
import type { NodeEvent } from '../lifecycle/events';
import type { NodeLink } from '../nodes/node-link';
import { profileOf } from '../nodes/core/node-profile';
import type { Scheduler } from './pool';
import { storedNodeFrom } from '../nodes/core/stored-node';

/** Who a socket speaks for, and the proof that its node holds. */
export interface Registered {
  readonly nodeId: string;
  readonly token: string;
}

export interface Refusal {
  readonly code: NodeErrorCode;
  readonly details: { readonly field: string; readonly reason: string } | null;
}

const refuse = (code: NodeErrorCode, field: string, reason: string): Result<never, Refusal> => fail({ code, details: { field, reason } });

/**
 * `current`: who this socket is already, or null. When it is accepted the ack and the first status have been sent; when it
 * is refused nothing has changed, and the answer is the caller's to give.
 */
export async function register(
  scheduler: Scheduler,
  link: NodeLink,
  message: NodeRegister,
  current: Registered | null,
): Promise<Result<Registered, Refusal>> {
  const { logger } = scheduler.parts;
  const schemaVersion = message.capability_schema_version ?? CAPABILITY_SCHEMA_VERSION;
  logger.log('info', 'node_register_received', {
    node_id: message.node_id ?? null,
    capability_schema_version: schemaVersion,
    gpu_count: message.hardware.gpus.length,
    model_count: message.installed_models.length,
    remote: link.remote,
  });
  const outcome = await decide(scheduler, link, message, schemaVersion, current);
  if (outcome.ok) return outcome;
  const { code, details } = outcome.error;
  logger.log('warn', 'node_register_refused', { code, node_id: message.node_id ?? null, field: details?.field ?? null });
  return outcome;
}

async function decide(
  scheduler: Scheduler,
  link: NodeLink,
  message: NodeRegister,
  schemaVersion: string,
  current: Registered | null,
): Promise<Result<Registered, Refusal>> {
  const { identities } = scheduler;
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
  if (current !== null) return ok(accept(scheduler, link, message, current, true));
  if (wantedId == null || !identities.isTaken(wantedId)) return newNode(scheduler, link, message);
  const token = message.node_token;
  if (token != null && scheduler.registry.get(wantedId) !== undefined && identities.isProvenBy(wantedId, token)) {
    return ok(accept(scheduler, link, message, { nodeId: wantedId, token }, true));
  }
  scheduler.parts.logger.log('warn', 'node_id_conflict', {
    node_id: wantedId,
    remote: link.remote,
    held_by: scheduler.linkOf(wantedId)?.remote ?? null,
  });
  return refuse('NODE_ID_CONFLICT', 'node_id', 'taken, and node_token does not prove that this node owns it');
}

/** The id is reserved while its identity is written; a node that went away meanwhile never learnt of it, so it is freed. */
async function newNode(scheduler: Scheduler, link: NodeLink, message: NodeRegister): Promise<Result<Registered, Refusal>> {
  const { identities } = scheduler;
  const { store, clock, logger } = scheduler.parts;
  const identity = identities.issue(message.node_id ?? null, clock.wallMs());
  const { nodeId, token } = identity;
  const { next } = scheduler.preview(nodeId, registeredEvent(scheduler, message, nodeId));
  const written = next === null ? fail({ reason: 'no record' }) : await store.insert({ ...storedNodeFrom(next), ...identity });
  if (!written.ok) {
    identities.forget(nodeId);
    logger.log('error', 'store_write_failed', { node_id: nodeId, reason: written.error.reason });
    return fail({ code: 'INTERNAL_ERROR', details: null });
  }
  if (!link.isOpen) {
    identities.forget(nodeId);
    void store.remove(nodeId);
    return fail({ code: 'INTERNAL_ERROR', details: null });
  }
  return ok(accept(scheduler, link, message, { nodeId, token }, false));
}

/** Synchronous: between the check and the ack nothing else can happen. The ack goes before the status that it begins. */
function accept(scheduler: Scheduler, link: NodeLink, message: NodeRegister, node: Registered, resumed: boolean): Registered {
  const { policy, clock, logger, version, maxMessageBytes } = scheduler.parts;
  const { nodeId, token } = node;
  const isAgain = scheduler.linkOf(nodeId) === link;
  scheduler.attach(nodeId, link);
  link.send({
    type: 'node_register_ack',
    node_id: nodeId,
    node_token: token,
    message: 'registered',
    status: 'registering',
    heartbeat_interval_seconds: policy.heartbeatIntervalMs / 1000,
    heartbeat_timeout_seconds: policy.heartbeatTimeoutMs / 1000,
    scheduler_version: version,
    max_message_bytes: maxMessageBytes,
    timestamp: clock.wallMs(),
  });
  const event = registeredEvent(scheduler, message, nodeId);
  logger.log('info', 'node_registered', {
    node_id: nodeId,
    name: event.profile.name,
    platform: event.profile.platform,
    gpu_count: event.profile.hardware.gpus.length,
    model_count: event.profile.installedModels.length,
    accept_public_jobs: event.profile.acceptPublicJobs,
    resumed,
  });
  scheduler.apply(nodeId, event);
  // On the same socket nothing can have been lost: jobs that are not spoken of go on.
  if (message.active_jobs != null || !isAgain) scheduler.jobs?.nodes.registered(nodeId, message.active_jobs ?? [], isAgain);
  return { nodeId, token };
}

function registeredEvent(scheduler: Scheduler, message: NodeRegister, nodeId: string): Extract<NodeEvent, { type: 'registered' }> {
  return { type: 'registered', nodeId, profile: profileOf(message, nodeId, scheduler.parts.policy) };
}
