// Why a node is no candidate, as one short sentence with the numbers (lifecycle §3). What is not understood is shown as JSON. Pure.
import { z } from 'zod';
import type { Exclusion } from '../../shared/api/dispatch';
import { assertNever } from '../../shared/assert-never';
import { STATUS_REASONS, type StatusReasonCode } from '../../shared/protocol/status';
import { type ModelLack, modelLackOf } from './model-lack';
import { printable } from './text-table';

type Told = Pick<Exclusion, 'code' | 'wanted' | 'found'>;

export const exclusionText = (told: Told): string =>
  printable(sentenceOf(told) ?? `wanted ${JSON.stringify(told.wanted)}, found ${JSON.stringify(told.found)}`);

/** Null: it is of a version that words it in another way. */
function sentenceOf(told: Told): string | null {
  const { code, wanted, found } = told;
  switch (code) {
    case 'not_requested_node':
      return `the job asks for ${String(wanted)}`;
    case 'status_not_ready':
      return statusText(found);
    case 'not_online':
      return 'it is not connected';
    case 'not_in_public_pool':
      return 'the job is public, and its owner takes no public jobs';
    case 'gpu_unavailable':
      return gpuText(wanted, found);
    case 'model_not_available': {
      const lack = modelLackOf(told);
      return lack === null ? null : modelsText(lack);
    }
    case 'capacity_exceeded':
      return capacityText(wanted, found);
    case 'resource_threshold_exceeded':
      return useText(wanted, found);
    default:
      return assertNever(code);
  }
}

const statusSchema = z.object({ status: z.string(), reason_code: z.string() });

function statusText(found: unknown): string | null {
  const { data } = statusSchema.safeParse(found);
  return data === undefined
    ? null
    : `it is ${data.status}: ${isReason(data.reason_code) ? STATUS_REASONS[data.reason_code].en : data.reason_code}`;
}

const isReason = (code: string): code is StatusReasonCode => Object.hasOwn(STATUS_REASONS, code);

const gpuWantedSchema = z.object({ memory_gb: z.number().optional() });
const gpuFoundSchema = z.object({ fault: z.string().nullable(), memory_gb: z.number().nullable() });

function gpuText(wanted: unknown, found: unknown): string | null {
  const [asked, has] = [gpuWantedSchema.safeParse(wanted).data, gpuFoundSchema.safeParse(found).data];
  if (asked === undefined || has === undefined) return null;
  if (has.fault !== null) return `none of its GPUs can be used (${has.fault})`;
  if (asked.memory_gb === undefined || has.memory_gb === null) return null;
  return `its largest usable GPU has ${String(has.memory_gb)} GB, ${String(asked.memory_gb)} GB are asked for`;
}

const MODEL_STATES: ReadonlyMap<string, string> = new Map([
  ['not_installed', 'is not installed'],
  ['downloading', 'is still being downloaded'],
  ['error', 'has an error'],
  ['disabled', 'is switched off'],
]);

function modelsText({ models, kinds, features, refusedTask }: ModelLack): string {
  const refused =
    refusedTask === null ? [] : [`${refusedTask.model} takes ${refusedTask.taken.join(', ') || 'no jobs'}, not ${refusedTask.task}`];
  return [
    ...models.map(({ id, state }) => `${id} ${MODEL_STATES.get(state) ?? 'is not known to be ready'}`),
    ...kinds.map((kind) => `no model for ${kind} is ready`),
    ...features.map((feature) => `it has no ${feature}`),
    ...refused,
  ].join('; ');
}

const slotsWantedSchema = z.object({ in_flight_jobs_below: z.number() });
const slotsFoundSchema = z.object({ in_flight_jobs: z.number() });

function capacityText(wanted: unknown, found: unknown): string | null {
  const [slots, taken] = [slotsWantedSchema.safeParse(wanted).data, slotsFoundSchema.safeParse(found).data];
  if (slots === undefined || taken === undefined) return null;
  return `it has ${String(taken.in_flight_jobs)} jobs of the ${String(slots.in_flight_jobs_below)} that it takes at a time`;
}

const USES = [
  { of: 'cpu', what: 'processor', setting: 'cpu_threshold' },
  { of: 'gpu', what: 'GPU', setting: 'gpu_threshold' },
  { of: 'mem', what: 'memory', setting: 'memory_threshold' },
] as const;
const BALANCER = 'scheduler.load_balancer';

const limitsSchema = z.object({ cpu_percent_below: z.number(), gpu_percent_below: z.number(), mem_percent_below: z.number() });
const useSchema = z.partialRecord(z.enum(['cpu_percent', 'gpu_percent', 'mem_percent']), z.number().nullable()).nullable();

function useText(wanted: unknown, found: unknown): string | null {
  const [limits, uses] = [limitsSchema.safeParse(wanted).data, useSchema.safeParse(found).data];
  if (limits === undefined || uses === undefined) return null;
  if (uses === null) return 'it has not told its load yet';
  const isCommon = new Set(Object.values(limits)).size === 1;
  const over = USES.flatMap(({ of, what, setting }) => {
    const use = uses[`${of}_percent`];
    if (use === undefined) return [];
    const key = `${BALANCER}.${isCommon ? 'resource_threshold' : setting}`;
    const below = String(limits[`${of}_percent_below`]);
    return [`its ${what} is at ${use === null ? 'an unknown use' : `${String(use)} %`}, jobs go where it is below ${below} % (${key})`];
  });
  return over.length === 0 ? null : over.join('; ');
}
