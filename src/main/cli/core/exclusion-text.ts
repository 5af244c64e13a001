// Why a node is not a candidate, as one short text with numbers (lifecycle §3). Unknown facts are shown as JSON. Pure.
import {
  type ExclusionFacts,
  exclusionFacts,
  type FailingModelFacts,
  type MissingModels,
  type OverLimits,
  type ReportedExclusion,
} from '../../../shared/api/exclusion-facts';
import { assertNever } from '../../../shared/assert-never';
import type { StatusReasonCode } from '../../../shared/protocol/status';
import { EXCLUSION_TEXTS } from '../../../shared/reasons/exclusions';
import { overUseText } from '../../../shared/api/over-use-text';
import { STATUS_REASON_TEXTS } from '../../../shared/reasons/statuses';
import { pauseCauseText } from './pause-text';
import { printable } from './text-table';

export function exclusionText(exclusion: ReportedExclusion): string {
  const facts = exclusionFacts(exclusion);
  const { wanted, found } = exclusion;
  return printable(facts === null ? `wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}` : factsText(facts));
}

function factsText(facts: ExclusionFacts): string {
  switch (facts.code) {
    case 'not_requested_node':
      return facts.requested === null ? 'another node must confirm the error of this one' : `the job requires node ${facts.requested}`;
    case 'status_not_ready':
      if (facts.pause !== null) return pauseCauseText(facts.pause);
      return `status ${facts.status}: ${isReason(facts.reasonCode) ? STATUS_REASON_TEXTS[facts.reasonCode].en : facts.reasonCode}`;
    case 'not_online':
    case 'not_in_public_pool':
      return EXCLUSION_TEXTS[facts.code].en;
    case 'quarantined':
      return `quarantined by an operator${facts.reason === null ? '' : `: ${facts.reason}`}`;
    case 'gpu_unavailable':
      return facts.fault === null
        ? `largest usable GPU has ${String(facts.largestGb)} GB, the job requires ${String(facts.wantedGb)} GB`
        : `no usable GPU (${facts.fault})`;
    case 'model_not_available':
      return modelsText(facts);
    case 'model_failing':
      return failingModelText(facts);
    case 'capacity_exceeded':
      return `${String(facts.inFlight)} of ${String(facts.limit)} job slots in use`;
    case 'vram_insufficient':
      return `${facts.model} needs ${String(facts.neededGb)} GB of GPU memory, ${String(facts.freeGb)} GB are free`;
    case 'resource_threshold_exceeded':
      return useText(facts);
    default:
      return assertNever(facts);
  }
}

/** `takesJobs`: no other node could confirm the errors, so the model is not excluded. */
export function failingModelText(
  { model, failures, untilWallMs, lastError }: Omit<FailingModelFacts, 'code'>,
  { takesJobs } = { takesJobs: false },
): string {
  const pause = untilWallMs === null ? 'one job tests the model now' : `excluded until ${new Date(untilWallMs).toISOString()}`;
  const next = takesJobs ? 'and still gets jobs' : pause;
  const error = lastError === null ? '' : `; last error ${lastError.code}: ${lastError.message}`;
  return `${model} failed ${String(failures)} times in a row on this node${takesJobs ? ' ' : ', '}${next}${error}`;
}

const isReason = (code: string): code is StatusReasonCode => Object.hasOwn(STATUS_REASON_TEXTS, code);

/** The task as `--task` names it. Other OpenAI paths are shown without their version. */
export const taskName = (task: string): string => (task === '/v1/chat/completions' ? 'chat' : task.replace(/^\/v1\//, ''));

const MODEL_STATES: ReadonlyMap<string, string> = new Map([
  ['not_installed', 'is not installed'],
  ['downloading', 'is downloading'],
  ['error', 'has an error'],
  ['disabled', 'is disabled'],
]);

function modelsText({ models, kinds, features, refusedTask }: MissingModels): string {
  const refused =
    refusedTask === null
      ? []
      : [`${refusedTask.model} supports ${refusedTask.taken.map(taskName).join(', ') || 'no task'}, not ${taskName(refusedTask.task)}`];
  return [
    ...models.map(({ id, state }) => `${id} ${MODEL_STATES.get(state) ?? 'has an unknown state'}`),
    ...kinds.map(({ kind, languages }) => `no ready model of kind ${[kind, ...languages].join(' ')}`),
    ...features.map((feature) => `feature ${feature} is missing`),
    ...refused,
  ].join('; ');
}

const useText = ({ over }: OverLimits): string =>
  over === null ? 'load not reported yet' : over.map((item) => overUseText(item).en).join('; ');
