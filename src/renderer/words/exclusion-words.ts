// Why a node was no candidate, as sentences with the numbers wanted and found (lifecycle §3). What is not understood is shown raw.
import { z } from 'zod';
import type { Exclusion } from '../../shared/api/dispatch';
import { assertNever } from '../../shared/assert-never';
import type { Catalogue } from '../i18n/en/index';
import type { Words } from '../i18n/use-words';

/** A key of the catalogue whose words may hold `<b>`, and its values. */
export interface RichText {
  readonly key: `explain.${keyof Catalogue['explain'] & string}`;
  readonly values: Readonly<Record<string, string>>;
}

const kindSchema = z.object({ kind: z.string(), src_lang: z.string().nullable(), tgt_lang: z.string().nullable() });
const schemas = {
  status: z.object({ status: z.string(), reason_code: z.string() }),
  gpuWanted: z.object({ memory_gb: z.number().optional() }),
  gpuFound: z.object({ fault: z.string().nullable(), memory_gb: z.number().nullable() }),
  modelsWanted: z.object({
    models: z.array(z.string()),
    kinds: z.array(kindSchema),
    features: z.array(z.string()),
    task: z.object({ model_id: z.string(), task: z.string() }).optional(),
  }),
  modelsFound: z.object({
    models: z.record(z.string(), z.string()),
    kinds: z.array(z.array(z.unknown())),
    tasks: z.array(z.string()).default([]),
  }),
  slotsWanted: z.object({ in_flight_jobs_below: z.number() }),
  slotsFound: z.object({ in_flight_jobs: z.number() }),
  useWanted: z.object({ cpu_percent_below: z.number(), gpu_percent_below: z.number(), mem_percent_below: z.number() }),
  useFound: z.partialRecord(z.enum(['cpu_percent', 'gpu_percent', 'mem_percent']), z.number().nullable()).nullable(),
};

export function exclusionWords(words: Words, { code, wanted, found }: Pick<Exclusion, 'code' | 'wanted' | 'found'>): readonly RichText[] {
  const raw: readonly RichText[] = [{ key: 'explain.raw', values: { wanted: JSON.stringify(wanted), found: JSON.stringify(found) } }];
  switch (code) {
    case 'not_requested_node':
      return [{ key: 'explain.not_requested_node', values: { wanted: String(wanted) } }];
    case 'status_not_ready': {
      const status = schemas.status.safeParse(found);
      if (!status.success) return raw;
      const values = { status: words.code('status', status.data.status), reason: words.code('status_reason', status.data.reason_code) };
      return [{ key: 'explain.status_not_ready', values }];
    }
    case 'not_online':
      return [{ key: 'explain.not_online', values: {} }];
    case 'not_in_public_pool':
      return [{ key: 'explain.not_in_public_pool', values: {} }];
    case 'gpu_unavailable':
      return gpuWords(words, wanted, found) ?? raw;
    case 'model_not_available':
      return modelWords(words, wanted, found) ?? raw;
    case 'capacity_exceeded': {
      const slots = schemas.slotsWanted.safeParse(wanted);
      const taken = schemas.slotsFound.safeParse(found);
      if (!slots.success || !taken.success) return raw;
      const values = {
        found: words.format.number(taken.data.in_flight_jobs),
        wanted: words.format.number(slots.data.in_flight_jobs_below),
      };
      return [{ key: 'explain.capacity_exceeded', values }];
    }
    case 'resource_threshold_exceeded':
      return loadWords(words, wanted, found) ?? raw;
    default:
      return assertNever(code);
  }
}

function gpuWords(words: Words, wanted: unknown, found: unknown): readonly RichText[] | null {
  const asked = schemas.gpuWanted.safeParse(wanted);
  const has = schemas.gpuFound.safeParse(found);
  if (!asked.success || !has.success) return null;
  const { fault, memory_gb } = has.data;
  if (fault !== null) return [{ key: 'explain.gpu_none', values: { fault: words.code('gpu_use_fault', fault) } }];
  if (asked.data.memory_gb === undefined || memory_gb === null) return null;
  return [{ key: 'explain.gpu_memory', values: { wanted: words.format.gb(asked.data.memory_gb), found: words.format.gb(memory_gb) } }];
}

function modelWords(words: Words, wanted: unknown, found: unknown): readonly RichText[] | null {
  const asked = schemas.modelsWanted.safeParse(wanted);
  const has = schemas.modelsFound.safeParse(found);
  if (!asked.success || !has.success) return null;
  const { t } = words;
  const item = (name: string, state: string): string => t('explain.item', { name, state });
  const items = [
    ...asked.data.models.map((id) => item(id, words.code('node_model_state', has.data.models[id] ?? 'unknown'))),
    ...asked.data.kinds.map(({ kind, src_lang, tgt_lang }, position) => {
      const languages = [src_lang, tgt_lang].filter((language) => language !== null).join(' → ');
      const none = (has.data.kinds[position] ?? []).length === 0;
      return item(`${words.code('model_kind', kind)} ${languages}`.trim(), none ? t('explain.none_of_kind') : t('explain.not_of_language'));
    }),
    ...asked.data.features.map((feature) => item(words.code('feature', feature), t('explain.not_supported'))),
  ];
  const { task } = asked.data;
  if (task !== undefined) items.push(item(task.model_id, takenWords(words, task.task, has.data.tasks)));
  return [{ key: 'explain.model_not_available', values: { wanted: items.join(t('punctuation.comma')) } }];
}

function takenWords(words: Words, wanted: string, taken: readonly string[]): string {
  if (taken.length === 0) return words.t('explain.takes_nothing');
  const tasks = taken.map((task) => words.code('task', task)).join(words.t('punctuation.comma'));
  return words.t('explain.takes_other', { task: words.code('task', wanted), tasks });
}

const USES = [
  { of: 'cpu_percent', key: 'explain.threshold_cpu' },
  { of: 'gpu_percent', key: 'explain.threshold_gpu' },
  { of: 'mem_percent', key: 'explain.threshold_mem' },
] as const;

function loadWords(words: Words, wanted: unknown, found: unknown): readonly RichText[] | null {
  const limits = schemas.useWanted.safeParse(wanted);
  const uses = schemas.useFound.safeParse(found);
  if (!limits.success || !uses.success) return null;
  const { data } = uses;
  if (data === null) return [{ key: 'explain.use_unknown', values: {} }];
  return USES.flatMap(({ of, key }) => {
    const use = data[of];
    if (use === undefined) return [];
    const shown = use === null ? words.t('unknown.not_reported') : words.format.percent(use);
    return [{ key, values: { found: shown, wanted: words.format.percent(limits.data[`${of}_below`]) } }];
  });
}
