// The health check of one heartbeat (lifecycle §2): the node is healthy when every check of the list passes.
import type { HeartbeatGpu, ResourceUsage } from '../../../shared/protocol/node-messages';
import type { FailedCheck } from '../../../shared/protocol/scheduler-messages';
import type { NodeStatus } from '../../../shared/protocol/status';
import { type GpuFacts, type GpuUnusableReason, gpuFault } from './gpu-usability';
import { isModelReady, modelState, type ModelState } from './model-readiness';
import type { NodeProfile } from './node-record';
import type { LifecyclePolicy } from './policy';

/** The facts about a node when a heartbeat arrives. */
export interface CheckInput {
  readonly profile: NodeProfile;
  readonly status: NodeStatus;
  readonly usage: ResourceUsage;
  readonly gpus: readonly HeartbeatGpu[] | null;
  /** Since the node was last seen; 0 during a grace period. */
  readonly gapMs: number;
  readonly policy: LifecyclePolicy;
}

/** Null when the check passes. Messages are `<zh> / <en>`; a user interface makes its own text from code and details. */
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
  const lateMs = Math.round(gapMs - heartbeatTimeoutMs);
  return {
    check: 'heartbeat',
    code: 'heartbeat_late',
    message: `心跳迟到 ${String(lateMs)} 毫秒 / heartbeat ${String(lateMs)} ms late`,
    details: { late_ms: lateMs, timeout_ms: heartbeatTimeoutMs },
  };
};

/** The node has a GPU with memory that is usable now. */
const gpuCheck: HealthCheck = ({ profile, usage, gpus }) => {
  const facts = { hardware: profile.hardware, usage, gpus };
  const fault = gpuFault(facts);
  if (fault === null) return null;
  return {
    check: 'gpu',
    code: 'gpu_unavailable',
    message: gpuFaultMessage(fault, facts),
    details: { fault, gpu_percent: gpuPercentFound(facts), ...availability(facts) },
  };
};

/** `not_measured` when absent; else the value as sent, with null for values that JSON cannot hold. */
function gpuPercentFound({ usage }: GpuFacts): number | null | 'not_measured' {
  const gpuPercent = usage?.gpu_percent;
  if (gpuPercent === undefined) return 'not_measured';
  return gpuPercent !== null && Number.isFinite(gpuPercent) ? gpuPercent : null;
}

/** `available` is null when the node sent no live readings: unknown is not zero. */
const availability = ({ hardware, gpus }: GpuFacts) => ({
  available: gpus === null ? null : gpus.filter((gpu) => gpu.available).length,
  of: gpus === null ? hardware.gpus.length : gpus.length,
});

function gpuFaultMessage(fault: GpuUnusableReason, facts: GpuFacts): string {
  const of = String(availability(facts).of);
  switch (fault) {
    case 'no_gpu_memory':
      return `${of} 个 GPU 均无显存 / none of ${of} GPUs has memory`;
    case 'use_unreadable':
      return `GPU 使用率不可读（${String(facts.usage?.gpu_percent)}） / GPU use is not readable (${String(facts.usage?.gpu_percent)})`;
    case 'none_available':
      return `可用 GPU：0/${of} / 0 of ${of} GPUs available`;
  }
}

type ModelRule = 'required' | 'all' | 'any';
interface Unready {
  readonly model_id: string;
  readonly state: ModelState;
}

/** A node can have a thousand models. The check names this many and counts the others. */
const MAX_NAMED_MODELS = 10;

/** All required models are ready. While the node is registering, all enabled models are ready too; later, at least one. */
const modelsCheck: HealthCheck = (input) => requiredModels(input) ?? enabledModels(input);

function requiredModels({ profile, policy: { requiredModels: ids } }: CheckInput): FailedCheck | null {
  if (ids.length === 0) return null;
  const unready = unreadyOf(profile, ids);
  return unready.length === 0 ? null : modelFailure('required', unready, ids.length);
}

function enabledModels({ profile, status }: CheckInput): FailedCheck | null {
  const rule: ModelRule = status === 'registering' ? 'all' : 'any';
  if (passes(rule, profile)) return null;
  const ids = profile.installedModels.filter((model) => model.enabled).map((model) => model.model_id);
  return modelFailure(rule, unreadyOf(profile, ids), ids.length);
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

function unreadyOf(profile: NodeProfile, ids: readonly string[]): Unready[] {
  return ids.map((id) => ({ model_id: id, state: modelState(profile, id) })).filter(({ state }) => state !== 'ready');
}

/** `of` 0: the node has no enabled model. */
function modelFailure(rule: ModelRule, unready: readonly Unready[], of: number): FailedCheck {
  const named = unready.slice(0, MAX_NAMED_MODELS);
  const count = `${String(unready.length)}/${String(of)}`;
  const names = named.map(({ model_id, state }) => `${model_id} (${state})`).join(', ');
  return {
    check: 'models',
    code: 'model_not_ready',
    message: of === 0 ? '没有已启用的模型 / no enabled model' : `模型未就绪 ${count}：${names} / models not ready ${count}: ${names}`,
    details: { rule, models: named, not_ready: unready.length, of },
  };
}

const CHECKS: readonly HealthCheck[] = [heartbeatCheck, gpuCheck, modelsCheck];
