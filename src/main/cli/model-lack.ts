// What a node lacks of the models that a job needs, read from the exclusion that says so. Pure.
import { z } from 'zod';
import type { Exclusion } from '../../shared/api/dispatch';

const wantedSchema = z.object({
  models: z.array(z.string()),
  kinds: z.array(z.object({ kind: z.string(), src_lang: z.string().nullable(), tgt_lang: z.string().nullable() })),
  features: z.array(z.string()),
  task: z.object({ model_id: z.string(), task: z.string() }).optional(),
});
const foundSchema = z.object({ models: z.record(z.string(), z.string()), tasks: z.array(z.string()).default([]) });

export interface ModelLack {
  /** Models that are not ready, with their state. */
  readonly models: readonly { readonly id: string; readonly state: string }[];
  readonly kinds: readonly string[];
  readonly features: readonly string[];
  /** A model that takes other tasks than the one asked for; null: that is no reason. */
  readonly refusedTask: { readonly model: string; readonly task: string; readonly taken: readonly string[] } | null;
}

/** Null: the exclusion is about something else, or of a version that words it in another way. */
export function modelLackOf({ code, wanted, found }: Pick<Exclusion, 'code' | 'wanted' | 'found'>): ModelLack | null {
  if (code !== 'model_not_available') return null;
  const [asked, has] = [wantedSchema.safeParse(wanted).data, foundSchema.safeParse(found).data];
  if (asked === undefined || has === undefined) return null;
  const { task } = asked;
  return {
    models: asked.models.map((id) => ({ id, state: has.models[id] ?? 'unknown' })),
    kinds: asked.kinds.map(({ kind, src_lang: from, tgt_lang: to }) => [kind, from, to].filter((part) => part !== null).join(' ')),
    features: asked.features,
    refusedTask: task === undefined ? null : { model: task.model_id, task: taskName(task.task), taken: has.tasks.map(taskName) },
  };
}

/** As `--task` calls it, and other OpenAI paths without their version. */
export const taskName = (task: string): string => (task === '/v1/chat/completions' ? 'chat' : task.replace(/^\/v1\//, ''));
