// The health check of one heartbeat (lifecycle §2): the node is healthy when every check of the list passes.
import type { NodeStatus } from '../../../shared/protocol/status';
import type { FailedCheck, UnreadyModel, UnreadyModels } from './failed-check';
import { gpuFault } from './gpu-usability';
import { isModelReady, modelState, reportedState } from './model-readiness';
import type { NodeProfile } from './node-record';
import type { GpuReading, NodeUsage } from './node-report';
import type { LifecyclePolicy } from './policy';

/** The facts about a node when a heartbeat arrives. */
export interface CheckInput {
  readonly profile: NodeProfile;
  readonly status: NodeStatus;
  readonly usage: NodeUsage;
  readonly gpus: readonly GpuReading[] | null;
  /** Since the node was last seen; 0 during a grace period. */
  readonly gapMs: number;
  readonly policy: LifecyclePolicy;
}

/** Null when the check passes. */
type HealthCheck = (input: CheckInput) => FailedCheck | null;

const NONE: readonly FailedCheck[] = [];

/** The checks that failed, in the order of the list; empty when the node is healthy. */
export function checkHealth(input: CheckInput): readonly FailedCheck[] {
  let failed: FailedCheck[] | null = null;
  for (const check of CHECKS) {
    const failure = check(input);
    if (failure !== null) (failed ??= []).push(failure);
  }
  return failed ?? NONE;
}

/** The heartbeat arrived within the timeout after the last one. */
const heartbeatCheck: HealthCheck = ({ gapMs, policy: { heartbeatTimeoutMs } }) => {
  if (gapMs <= heartbeatTimeoutMs) return null;
  return { check: 'heartbeat', code: 'heartbeat_late', lateMs: Math.round(gapMs - heartbeatTimeoutMs), timeoutMs: heartbeatTimeoutMs };
};

/** The node has a GPU with memory that is usable now. */
const gpuCheck: HealthCheck = ({ profile, usage, gpus }) => {
  const fault = gpuFault({ hardware: profile.hardware, usage, gpus });
  if (fault === null) return null;
  return { check: 'gpu', code: 'gpu_unavailable', fault, gpuPercent: usage.gpuPercent, ...availability(profile, gpus) };
};

const availability = ({ hardware }: NodeProfile, gpus: CheckInput['gpus']) => ({
  available: gpus === null ? null : gpus.filter((gpu) => gpu.available).length,
  of: gpus === null ? hardware.gpus.length : gpus.length,
});

/** A node can have a thousand models. The check names this many and counts the others. */
const MAX_NAMED_MODELS = 10;

/** All required models are ready. While the node is registering, all enabled models are ready too; later, at least one. */
const modelsCheck: HealthCheck = (input) => requiredModels(input) ?? enabledModels(input);

function requiredModels({ profile, policy: { requiredModels: ids } }: CheckInput): FailedCheck | null {
  if (ids.length === 0) return null;
  const unready = unreadyOf(ids, (id) => modelState(profile, id));
  return unready.length === 0 ? null : modelFailure('required', unready, ids.length);
}

function enabledModels({ profile, status }: CheckInput): FailedCheck | null {
  const rule = status === 'registering' ? 'all' : 'any';
  if (passes(rule, profile)) return null;
  const ids = profile.installedModels.filter((model) => model.enabled).map((model) => model.modelId);
  // They are installed and enabled. To look each up in the list would take a million steps for a thousand models.
  return modelFailure(
    rule,
    unreadyOf(ids, (id) => reportedState(profile, id)),
    ids.length,
  );
}

function passes(rule: 'all' | 'any', profile: NodeProfile): boolean {
  let ready = false;
  for (const model of profile.installedModels) {
    if (!model.enabled) continue;
    if (isModelReady(profile, model)) {
      if (rule === 'any') return true;
      ready = true;
    } else if (rule === 'all') return false;
  }
  return ready;
}

function unreadyOf(ids: readonly string[], stateOf: (modelId: string) => UnreadyModel['state']): UnreadyModel[] {
  return ids.map((id) => ({ modelId: id, state: stateOf(id) })).filter(({ state }) => state !== 'ready');
}

const modelFailure = (rule: UnreadyModels['rule'], unready: readonly UnreadyModel[], of: number): UnreadyModels => ({
  check: 'models',
  code: 'model_not_ready',
  rule,
  models: unready.slice(0, MAX_NAMED_MODELS),
  notReady: unready.length,
  of,
});

const CHECKS: readonly HealthCheck[] = [heartbeatCheck, gpuCheck, modelsCheck];
