// Parses `wanted` and `found` of an exclusion to facts for each reason (lifecycle §3), for the texts of CLI and renderer. Pure.
import { z } from 'zod';
import { MAX_LIST, recordOf } from '../protocol/bounded';
import { assertNever } from '../assert-never';
import type { PauseCode, PauseView } from '../protocol/pauses';
import { LIMIT_SOURCES, type LimitSource } from '../protocol/status';
import type { Exclusion } from './dispatch';

export interface MissingModels {
  readonly code: 'model_not_available';
  /** Models that are not ready, with their state. */
  readonly models: readonly { readonly id: string; readonly state: string }[];
  /** `isInstalled`: the node has a model of this kind that is not ready or has other languages. */
  readonly kinds: readonly { readonly kind: string; readonly languages: readonly string[]; readonly isInstalled: boolean }[];
  readonly features: readonly string[];
  /** A model that does not take the task of the job; null when that is not a reason. */
  readonly refusedTask: { readonly model: string; readonly task: string; readonly taken: readonly string[] } | null;
}

const USES = ['cpu', 'gpu', 'mem'] as const;
export type Use = (typeof USES)[number];

/** A use that is not below its limit. `available_memory`: the available memory is less than the required one. */
export type OverUse =
  | { readonly use: Use; readonly percent: number; readonly limitPercent: number; readonly setBy: LimitSource }
  | { readonly use: 'available_memory'; readonly availableGb: number; readonly requiredGb: number };

export interface OverLimits {
  readonly code: 'resource_threshold_exceeded';
  /** Null: the node has not reported its load. */
  readonly over: readonly OverUse[] | null;
}

export interface FailingModelFacts {
  readonly code: 'model_failing';
  readonly model: string;
  readonly failures: number;
  /** Unix ms; null: one job tests the model now. */
  readonly untilWallMs: number | null;
  readonly lastError: { readonly code: string; readonly message: string } | null;
}

/** The owner pauses the node. `untilWallMs` null: until the owner resumes. */
export interface PauseFacts {
  readonly code: PauseCode;
  readonly detail: string | null;
  readonly sinceWallMs: number;
  readonly untilWallMs: number | null;
}

export type ExclusionFacts =
  /** `requested` null: any node but this one, whose error another node must confirm. */
  | { readonly code: 'not_requested_node'; readonly requested: string | null }
  | { readonly code: 'status_not_ready'; readonly status: string; readonly reasonCode: string; readonly pause: PauseFacts | null }
  | { readonly code: 'not_online' | 'not_in_public_pool' }
  | { readonly code: 'quarantined'; readonly reason: string | null }
  /** With a fault: no GPU is usable. Without: the largest usable GPU has too little memory. */
  | { readonly code: 'gpu_unavailable'; readonly fault: string }
  | { readonly code: 'gpu_unavailable'; readonly fault: null; readonly wantedGb: number; readonly largestGb: number }
  | MissingModels
  | FailingModelFacts
  | { readonly code: 'capacity_exceeded'; readonly inFlight: number; readonly limit: number }
  | { readonly code: 'vram_insufficient'; readonly model: string; readonly neededGb: number; readonly freeGb: number }
  | OverLimits;

export type ReportedExclusion = Pick<Exclusion, 'code' | 'wanted' | 'found'>;

/** The pool shows a member the reason without its values. */
export const isHidden = ({ wanted, found }: Pick<Exclusion, 'wanted' | 'found'>): boolean => wanted === null && found === null;

/** Null for an exclusion of another version, or without its values. */
export function exclusionFacts({ code, wanted, found }: ReportedExclusion): ExclusionFacts | null {
  switch (code) {
    case 'not_requested_node':
      return requestFacts(wanted);
    case 'status_not_ready':
      return statusFacts(found);
    case 'not_online':
    case 'not_in_public_pool':
      return { code };
    case 'quarantined':
      return quarantineFacts(found);
    case 'gpu_unavailable':
      return gpuFacts(wanted, found);
    case 'model_not_available':
      return modelFacts(wanted, found);
    case 'model_failing':
      return failingFacts(found);
    case 'capacity_exceeded':
      return capacityFacts(wanted, found);
    case 'vram_insufficient':
      return vramFacts(wanted, found);
    case 'resource_threshold_exceeded':
      return useFacts(wanted, found);
    default:
      return assertNever(code);
  }
}

const quarantineSchema = z.object({ reason: z.string().nullable() });
function quarantineFacts(found: unknown): ExclusionFacts | null {
  const { data } = quarantineSchema.safeParse(found);
  return data === undefined ? null : { code: 'quarantined', reason: data.reason };
}

const otherThanSchema = z.object({ other_than: z.string() });

function requestFacts(wanted: unknown): ExclusionFacts {
  if (otherThanSchema.safeParse(wanted).success) return { code: 'not_requested_node', requested: null };
  return { code: 'not_requested_node', requested: typeof wanted === 'string' ? wanted : JSON.stringify(wanted) };
}

const failingSchema = z.object({
  model_id: z.string(),
  failures: z.number(),
  until: z.number().nullable(),
  last_error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

function failingFacts(found: unknown): FailingModelFacts | null {
  const { data } = failingSchema.safeParse(found);
  if (data === undefined) return null;
  const { model_id: model, failures, until: untilWallMs, last_error: lastError } = data;
  return { code: 'model_failing', model, failures, untilWallMs, lastError };
}

const statusSchema = z.object({
  status: z.string(),
  reason_code: z.string(),
  pause: z.object({ since: z.number(), until: z.number().nullable() }).optional(),
});

function statusFacts(found: unknown): ExclusionFacts | null {
  const { data } = statusSchema.safeParse(found);
  if (data === undefined) return null;
  const { status, reason_code: reasonCode, pause } = data;
  // Explanations do not tell which rule of the owner pauses the node.
  const ofOwner = pause === undefined ? null : pauseFactsOf({ ...pause, reason_code: 'owner', detail: null });
  return { code: 'status_not_ready', status, reasonCode, pause: ofOwner };
}

export const pauseFactsOf = (pause: Pick<PauseView, 'reason_code' | 'detail' | 'since' | 'until'>): PauseFacts => ({
  code: pause.reason_code,
  detail: pause.detail,
  sinceWallMs: pause.since,
  untilWallMs: pause.until,
});

const gpuWantedSchema = z.object({ memory_gb: z.number().optional() });
const gpuFoundSchema = z.object({ fault: z.string().nullable(), memory_gb: z.number().nullable() });

function gpuFacts(wanted: unknown, found: unknown): ExclusionFacts | null {
  const [required, reported] = [gpuWantedSchema.safeParse(wanted).data, gpuFoundSchema.safeParse(found).data];
  if (required === undefined || reported === undefined) return null;
  const { fault, memory_gb: largestGb } = reported;
  if (fault !== null) return { code: 'gpu_unavailable', fault };
  if (required.memory_gb === undefined || largestGb === null) return null;
  return { code: 'gpu_unavailable', fault, wantedGb: required.memory_gb, largestGb };
}

const modelsWantedSchema = z.object({
  models: z.array(z.string()).max(MAX_LIST),
  kinds: z.array(z.object({ kind: z.string(), src_lang: z.string().nullable(), tgt_lang: z.string().nullable() })).max(MAX_LIST),
  features: z.array(z.string()).max(MAX_LIST),
  task: z.object({ model_id: z.string(), task: z.string() }).optional(),
});
const modelsFoundSchema = z.object({
  models: recordOf(z.string(), z.string(), MAX_LIST),
  kinds: z.array(z.array(z.unknown()).max(MAX_LIST)).max(MAX_LIST),
  tasks: z.array(z.string()).max(MAX_LIST).default([]),
});

function modelFacts(wanted: unknown, found: unknown): MissingModels | null {
  const [required, reported] = [modelsWantedSchema.safeParse(wanted).data, modelsFoundSchema.safeParse(found).data];
  if (required === undefined || reported === undefined) return null;
  const { models, kinds, features, task } = required;
  return {
    code: 'model_not_available',
    models: models.map((id) => ({ id, state: reported.models[id] ?? 'unknown' })),
    kinds: kinds.map(({ kind, src_lang: from, tgt_lang: to }, position) => ({
      kind,
      languages: [from, to].filter((language) => language !== null),
      isInstalled: (reported.kinds[position] ?? []).length > 0,
    })),
    features,
    refusedTask: task === undefined ? null : { model: task.model_id, task: task.task, taken: reported.tasks },
  };
}

const slotsWantedSchema = z.object({ in_flight_jobs_below: z.number() });
const slotsFoundSchema = z.object({ in_flight_jobs: z.number() });

function capacityFacts(wanted: unknown, found: unknown): ExclusionFacts | null {
  const [required, reported] = [slotsWantedSchema.safeParse(wanted).data, slotsFoundSchema.safeParse(found).data];
  if (required === undefined || reported === undefined) return null;
  return { code: 'capacity_exceeded', inFlight: reported.in_flight_jobs, limit: required.in_flight_jobs_below };
}

const vramWantedSchema = z.object({ model_id: z.string(), vram_gb: z.number() });
const vramFoundSchema = z.object({ free_vram_gb: z.number() });

function vramFacts(wanted: unknown, found: unknown): ExclusionFacts | null {
  const [required, reported] = [vramWantedSchema.safeParse(wanted).data, vramFoundSchema.safeParse(found).data];
  if (required === undefined || reported === undefined) return null;
  return { code: 'vram_insufficient', model: required.model_id, neededGb: required.vram_gb, freeGb: reported.free_vram_gb };
}

const limitSchema = z.number().nullable();
const sourceSchema = z.enum(LIMIT_SOURCES);
const limitsSchema = z.object({
  cpu_percent_below: limitSchema,
  gpu_percent_below: limitSchema,
  mem_percent_below: limitSchema,
  available_memory_gb: z.number().optional(),
  set_by: z.object({ cpu: sourceSchema, gpu: sourceSchema, mem: sourceSchema }),
});
const useSchema = z
  .object({
    cpu_percent: z.number(),
    gpu_percent: z.number(),
    mem_percent: z.number(),
    available_memory_gb: z.number(),
  })
  .partial()
  .nullable();

function useFacts(wanted: unknown, found: unknown): OverLimits | null {
  const [limits, uses] = [limitsSchema.safeParse(wanted).data, useSchema.safeParse(found).data];
  if (limits === undefined || uses === undefined) return null;
  if (uses === null) return { code: 'resource_threshold_exceeded', over: null };
  const over: OverUse[] = USES.flatMap((use) => {
    const [percent, limitPercent] = [uses[`${use}_percent`], limits[`${use}_percent_below`]];
    return percent === undefined || limitPercent === null ? [] : [{ use, percent, limitPercent, setBy: limits.set_by[use] }];
  });
  const { available_memory_gb: availableGb } = uses;
  const { available_memory_gb: requiredGb } = limits;
  if (availableGb !== undefined && requiredGb !== undefined) over.push({ use: 'available_memory', availableGb, requiredGb });
  return over.length === 0 ? null : { code: 'resource_threshold_exceeded', over };
}
