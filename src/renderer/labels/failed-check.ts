// A failed health check as text: its code, then its numbers (lifecycle §2). `message` of the protocol is never shown.
import { z } from 'zod';
import type { FailedCheck } from '../../shared/protocol/scheduler-messages';
import { assertNever } from '../../shared/assert-never';
import type { Labels } from '../i18n/use-labels';

const lateSchema = z.object({ late_ms: z.number(), timeout_ms: z.number() });
const gpuSchema = z.object({ fault: z.string(), available: z.number().nullable(), of: z.number() });
const modelsSchema = z.object({
  rule: z.string(),
  models: z.array(z.object({ model_id: z.string(), state: z.string() })),
  not_ready: z.number(),
  of: z.number(),
});

export interface FailedCheckLabel {
  readonly title: string;
  /** Null where the details have an unknown shape. */
  readonly detail: string | null;
}

export function failedCheckLabel(labels: Labels, { code, details }: FailedCheck): FailedCheckLabel {
  return { title: labels.code('health_code', code), detail: detailOf(labels, code, details) };
}

/** `piper-zh not ready`, `12 s late, 45 s allowed`: one fact, for the cell of a table. */
export function shortCheckLabel(labels: Labels, check: FailedCheck): string {
  const { t } = labels;
  const { title, detail } = failedCheckLabel(labels, check);
  if (check.code === 'heartbeat_late') return detail ?? title;
  if (check.code === 'gpu_unavailable') {
    const gpu = gpuSchema.safeParse(check.details);
    const { available = null, of = 0 } = gpu.success ? gpu.data : {};
    return available === null ? (detail ?? title) : t('health_detail.gpus', { available, all: of });
  }
  const models = modelsSchema.safeParse(check.details);
  if (!models.success) return title;
  const { not_ready: count, of: all, models: named } = models.data;
  if (count > 1) return t('health_detail.models_short', { count, all });
  return named[0] === undefined ? (detail ?? title) : t('health_detail.model_short', { model: named[0].model_id });
}

/** The models that the pool requires and that fail the check. */
export function requiredModelsOf({ code, details }: FailedCheck): readonly string[] {
  const parsed = modelsSchema.safeParse(details);
  return code === 'model_not_ready' && parsed.success && parsed.data.rule === 'required'
    ? parsed.data.models.map(({ model_id: id }) => id)
    : [];
}

function detailOf(labels: Labels, code: FailedCheck['code'], details: FailedCheck['details']): string | null {
  const { t, format } = labels;
  switch (code) {
    case 'heartbeat_late': {
      const late = lateSchema.safeParse(details);
      if (!late.success) return null;
      return t('health_detail.late', { late: format.duration(late.data.late_ms), allowed: format.duration(late.data.timeout_ms) });
    }
    case 'gpu_unavailable': {
      const gpu = gpuSchema.safeParse(details);
      if (!gpu.success) return null;
      const { fault, available, of } = gpu.data;
      const why = labels.code('gpu_use_fault', fault);
      return available === null ? why : `${why}${t('punctuation.colon')}${t('health_detail.gpus', { available, all: of })}`;
    }
    case 'model_not_ready': {
      const models = modelsSchema.safeParse(details);
      return models.success ? modelsDetail(labels, models.data) : null;
    }
    default:
      return assertNever(code);
  }
}

function modelsDetail(labels: Labels, { rule, models, not_ready, of }: z.infer<typeof modelsSchema>): string {
  const { t } = labels;
  if (of === 0) return t('health_detail.none_enabled');
  const named = models.map(({ model_id, state }) => t('explain.item', { name: model_id, state: labels.code('node_model_state', state) }));
  const more = not_ready > models.length ? [t('health_detail.more', { count: not_ready - models.length })] : [];
  const list = [...named, ...more].join(t('punctuation.list'));
  if (rule === 'required') return t('health_detail.models_required', { models: list });
  return t('health_detail.models_some', { count: not_ready, all: of, models: list });
}
