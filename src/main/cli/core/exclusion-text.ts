// Why a node is no candidate, as one short sentence with the numbers (lifecycle §3). What is not understood is shown as JSON. Pure.
import { type ExclusionFacts, exclusionFacts, type ModelLack, type OverUse, type ToldExclusion } from '../../../shared/api/exclusion-facts';
import { assertNever } from '../../../shared/assert-never';
import { STATUS_REASONS, type StatusReasonCode } from '../../../shared/protocol/status';
import { taskName } from './task-name';
import { printable } from './text-table';

export function exclusionText(told: ToldExclusion): string {
  const facts = exclusionFacts(told);
  return printable(facts === null ? `wanted ${JSON.stringify(told.wanted)}, found ${JSON.stringify(told.found)}` : sentenceOf(facts));
}

function sentenceOf(facts: ExclusionFacts): string {
  switch (facts.code) {
    case 'not_requested_node':
      return `the job asks for ${facts.requested}`;
    case 'status_not_ready':
      return `it is ${facts.status}: ${isReason(facts.reasonCode) ? STATUS_REASONS[facts.reasonCode].en : facts.reasonCode}`;
    case 'not_online':
      return 'it is not connected';
    case 'not_in_public_pool':
      return 'the job is public, and its owner takes no public jobs';
    case 'gpu_unavailable':
      return facts.fault === null
        ? `its largest usable GPU has ${String(facts.largestGb)} GB, ${String(facts.wantedGb)} GB are asked for`
        : `none of its GPUs can be used (${facts.fault})`;
    case 'model_not_available':
      return modelsText(facts);
    case 'capacity_exceeded':
      return `it has ${String(facts.inFlight)} jobs of the ${String(facts.limit)} that it takes at a time`;
    case 'resource_threshold_exceeded':
      return useText(facts);
    default:
      return assertNever(facts);
  }
}

const isReason = (code: string): code is StatusReasonCode => Object.hasOwn(STATUS_REASONS, code);

const MODEL_STATES: ReadonlyMap<string, string> = new Map([
  ['not_installed', 'is not installed'],
  ['downloading', 'is still being downloaded'],
  ['error', 'has an error'],
  ['disabled', 'is switched off'],
]);

function modelsText({ models, kinds, features, refusedTask }: ModelLack): string {
  const refused =
    refusedTask === null
      ? []
      : [`${refusedTask.model} takes ${refusedTask.taken.map(taskName).join(', ') || 'no jobs'}, not ${taskName(refusedTask.task)}`];
  return [
    ...models.map(({ id, state }) => `${id} ${MODEL_STATES.get(state) ?? 'is not known to be ready'}`),
    ...kinds.map(({ kind, languages }) => `no model for ${[kind, ...languages].join(' ')} is ready`),
    ...features.map((feature) => `it has no ${feature}`),
    ...refused,
  ].join('; ');
}

const USE_WORDS = {
  cpu: { what: 'processor', setting: 'cpu_threshold' },
  gpu: { what: 'GPU', setting: 'gpu_threshold' },
  mem: { what: 'memory', setting: 'memory_threshold' },
} as const;

function useText({ limitPercent, over }: OverUse): string {
  if (over === null) return 'it has not told its load yet';
  const isCommon = new Set(Object.values(limitPercent)).size === 1;
  return over
    .map(({ use, percent }) => {
      const { what, setting } = USE_WORDS[use];
      const key = `scheduler.load_balancer.${isCommon ? 'resource_threshold' : setting}`;
      const at = percent === null ? 'an unknown use' : `${String(percent)} %`;
      return `its ${what} is at ${at}, jobs go where it is below ${String(limitPercent[use])} % (${key})`;
    })
    .join('; ');
}
