// A check of lifecycle §2 that failed, and its form in the protocol (protocol §3).
import { assertNever } from '../../../shared/assert-never';
import type { FailedCheck as FailedCheckView } from '../../../shared/protocol/scheduler-messages';
import { HEALTH_CHECK_TEXTS } from '../../../shared/reasons/health-checks';
import { bilingual, type ReasonText } from '../../../shared/reasons/reason-text';
import type { GpuUnusableReason } from './gpu-usability';
import type { ModelState, NodeUsage } from './node-report';

interface LateHeartbeat {
  readonly check: 'heartbeat';
  readonly code: 'heartbeat_late';
  readonly lateMs: number;
  readonly timeoutMs: number;
}

interface UnusableGpu {
  readonly check: 'gpu';
  readonly code: 'gpu_unavailable';
  readonly fault: GpuUnusableReason;
  readonly gpuPercent: NodeUsage['gpuPercent'];
  /** Number of available GPUs; null when the node sent no live readings: unknown is not zero. */
  readonly available: number | null;
  readonly of: number;
}

export interface UnreadyModel {
  readonly modelId: string;
  readonly state: ModelState;
}

export interface UnreadyModels {
  readonly check: 'models';
  readonly code: 'model_not_ready';
  /** `required`: all models that the policy requires must be ready. `all`, `any`: of the enabled models. */
  readonly rule: 'required' | 'all' | 'any';
  /** The first of the models that are not ready. */
  readonly models: readonly UnreadyModel[];
  readonly notReady: number;
  /** Number of models under the rule. 0: the node has no enabled model. */
  readonly of: number;
}

export type FailedCheck = LateHeartbeat | UnusableGpu | UnreadyModels;

export const toFailedCheckView = (failed: FailedCheck): FailedCheckView => ({
  check: failed.check,
  code: failed.code,
  message: bilingual(textOf(failed)),
  details: detailsOf(failed),
});

function textOf(failed: FailedCheck): ReasonText {
  switch (failed.code) {
    case 'heartbeat_late':
      return HEALTH_CHECK_TEXTS.heartbeat_late(failed);
    case 'gpu_unavailable':
      return HEALTH_CHECK_TEXTS[failed.fault](failed);
    case 'model_not_ready':
      return failed.of === 0 ? HEALTH_CHECK_TEXTS.no_enabled_model() : HEALTH_CHECK_TEXTS.models_not_ready(failed);
    default:
      return assertNever(failed);
  }
}

function detailsOf(failed: FailedCheck): Record<string, unknown> {
  switch (failed.code) {
    case 'heartbeat_late':
      return { late_ms: failed.lateMs, timeout_ms: failed.timeoutMs };
    case 'gpu_unavailable':
      return { fault: failed.fault, gpu_percent: gpuPercentView(failed), available: failed.available, of: failed.of };
    case 'model_not_ready':
      return {
        rule: failed.rule,
        models: failed.models.map(({ modelId, state }) => ({ model_id: modelId, state })),
        not_ready: failed.notReady,
        of: failed.of,
      };
    default:
      return assertNever(failed);
  }
}

/** The value as sent, with null for values that JSON cannot hold. */
function gpuPercentView({ gpuPercent }: UnusableGpu): number | null | 'not_measured' {
  if (gpuPercent === undefined) return 'not_measured';
  return gpuPercent !== null && Number.isFinite(gpuPercent) ? gpuPercent : null;
}
