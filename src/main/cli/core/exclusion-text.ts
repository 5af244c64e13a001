// Why a node is not a candidate, as one short text with numbers (lifecycle §3). Unknown facts are shown as JSON. Pure.
import {
  type ExclusionFacts,
  exclusionFacts,
  type MissingModels,
  type OverLimits,
  type OverUse,
  type ReportedExclusion,
  type Use,
} from '../../../shared/api/exclusion-facts';
import { assertNever } from '../../../shared/assert-never';
import type { LimitSource, StatusReasonCode } from '../../../shared/protocol/status';
import { EXCLUSION_TEXTS } from '../../../shared/reasons/exclusions';
import { STATUS_REASON_TEXTS } from '../../../shared/reasons/statuses';
import { printable } from './text-table';

export function exclusionText(exclusion: ReportedExclusion): string {
  const facts = exclusionFacts(exclusion);
  const { wanted, found } = exclusion;
  return printable(facts === null ? `wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}` : factsText(facts));
}

function factsText(facts: ExclusionFacts): string {
  switch (facts.code) {
    case 'not_requested_node':
      return `the job requires node ${facts.requested}`;
    case 'status_not_ready':
      return `status ${facts.status}: ${isReason(facts.reasonCode) ? STATUS_REASON_TEXTS[facts.reasonCode].en : facts.reasonCode}`;
    case 'not_online':
    case 'not_in_public_pool':
      return EXCLUSION_TEXTS[facts.code].en;
    case 'gpu_unavailable':
      return facts.fault === null
        ? `largest usable GPU has ${String(facts.largestGb)} GB, the job requires ${String(facts.wantedGb)} GB`
        : `no usable GPU (${facts.fault})`;
    case 'model_not_available':
      return modelsText(facts);
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

const USE_LABELS = { cpu: 'CPU', gpu: 'GPU' } as const;

/** Who can change a limit, and where. */
function settingText(use: Use, setBy: LimitSource): string {
  const name = use === 'mem' ? 'memory' : use;
  switch (setBy) {
    case 'owner':
      return 'set by its owner: agent.share, agent.limits';
    case 'scheduler':
      return `set by the host: scheduler.load_balancer.${name}_threshold`;
    case 'default':
    case 'own_pool':
      return `default; the owner can set agent.limits.${use}_percent, the host scheduler.load_balancer.${name}_threshold`;
  }
}

function useText({ over }: OverLimits): string {
  if (over === null) return 'load not reported yet';
  return over.map(overText).join('; ');
}

function overText(over: OverUse): string {
  if (over.use === 'room') return `${String(over.availableGb)} GB of memory available, ${String(over.requiredGb)} GB needed`;
  const { use, percent, limitPercent, setBy } = over;
  const found = `${String(percent)} %`;
  const subject = use === 'mem' ? `${found} of memory in use` : `its owner uses ${found} of the ${USE_LABELS[use]}`;
  return `${subject}, limit ${String(limitPercent)} % (${settingText(use, setBy)})`;
}
