// The availability of a node as plain English: its reason with numbers, and the counts of a pool. Pure.
import { type AvailabilityFacts, availabilityFacts, availabilityOf, READY_STATES } from '../../../shared/api/availability';
import { type OverUse, pauseFactsOf } from '../../../shared/api/exclusion-facts';
import type { NodeView } from '../../../shared/api/node-view';
import { availableMemoryText } from '../../../shared/api/over-use-text';
import { assertNever } from '../../../shared/assert-never';
import { AVAILABILITY_STATES, type HealthCode } from '../../../shared/protocol/status';
import { AVAILABILITY_TEXTS } from '../../../shared/reasons/availability';
import { drainNote } from '../../../shared/reasons/drain-notes';
import { inLanguage } from './message-context';
import { pauseText, shortPauseText } from './pause-text';
import { ageText, printable, remainingText } from './text-table';

/** Every job requires a model (docs/dispatch.md), so an available node without one gets no jobs. The window says the same of its node. */
export const WITHOUT_MODEL = 'without a model: gets no jobs';

export function availabilityReasonText(node: NodeView, nowWallMs: number): string {
  if (availabilityOf(node).state === 'available' && modelsOf(node) === 0) return WITHOUT_MODEL;
  return printable(factsText(availabilityFacts(node), node, nowWallMs));
}

/** Undefined: not known. */
const modelsOf = ({ models, installed_models: installed }: NodeView): number | undefined => models?.installed ?? installed?.length;

function factsText(facts: AvailabilityFacts, { reason }: NodeView, nowWallMs: number): string {
  switch (facts.kind) {
    case 'slots':
      return slotsText(facts, nowWallMs);
    case 'load':
      if (facts.over === null) return facts.isHidden ? 'limit reached' : 'load not reported yet';
      return facts.over.map(overText).join('; ');
    case 'drained':
      return withNote(facts.by === 'operator' ? 'drained by an operator' : 'stopped by its owner', drainNote(facts.note)?.en ?? null);
    case 'quarantined':
      return withNote('quarantined by an operator', facts.note);
    case 'paused':
      return shortPauseText(pauseFactsOf(facts.pause), nowWallMs);
    case 'draining': {
      const cause = facts.pause === null ? '' : `${pauseText(pauseFactsOf(facts.pause), nowWallMs)}; `;
      const jobs = `${cause}${String(facts.jobs)} ${facts.jobs === 1 ? 'job' : 'jobs'} left`;
      return facts.deadlineAtWallMs === null ? jobs : `${jobs}, deadline in ${ageText(facts.deadlineAtWallMs - nowWallMs)}`;
    }
    case 'checks':
      return `${String(facts.passed)} of ${String(facts.required)} checks`;
    case 'failed_check':
      return CHECKS[facts.check.code];
    case 'gpu':
      return `${CHECKS.gpu_unavailable} (${facts.fault})`;
    case 'silent':
      return facts.sinceWallMs === null ? 'no heartbeat yet' : `no heartbeat for ${ageText(nowWallMs - facts.sinceWallMs)}`;
    case 'asleep':
      return facts.waking === null
        ? `for ${ageText(nowWallMs - facts.sinceWallMs)}`
        : `waking up, ${ageText(nowWallMs - facts.waking.sinceWallMs)} ${facts.waking.usualSeconds === null ? 'so far' : `of about ${String(facts.waking.usualSeconds)} s`}`;
    case 'status':
      return inLanguage(reason, { language: 'en' });
    default:
      return assertNever(facts);
  }
}

function slotsText(
  { used, total, later, nextAtWallMs }: Extract<AvailabilityFacts, { readonly kind: 'slots' }>,
  nowWallMs: number,
): string {
  const next = nextAtWallMs === null || nextAtWallMs <= nowWallMs ? '' : `, next in about ${remainingText(nextAtWallMs - nowWallMs)}`;
  return `${String(used)} of ${String(total)} slots in use${next}${later === 0 ? '' : `, ${String(later)} more after successful jobs`}`;
}

const withNote = (reason: string, note: string | null): string => (note === null ? reason : `${reason}: ${note}`);

const CHECKS: Readonly<Record<HealthCode, string>> = {
  heartbeat_late: 'heartbeat late',
  gpu_unavailable: 'no usable GPU',
  model_not_ready: 'model not ready',
};

const LABELS = { cpu: 'CPU', gpu: 'GPU', mem: 'memory' } as const;

const overText = (over: OverUse): string =>
  over.use === 'available_memory'
    ? availableMemoryText(over).en
    : `${LABELS[over.use]} ${String(Math.round(over.percent))} %, limit ${String(over.limitPercent)} %`;

/** `50 nodes, 48 ready: 3 available, 45 busy` */
export function countsText(nodes: readonly NodeView[]): string {
  const states = nodes.map((node) => availabilityOf(node).state);
  const counts = AVAILABILITY_STATES.map((state) => ({ state, count: states.filter((one) => one === state).length }));
  const listed = counts
    .filter(({ state, count }) => count > 0 && READY_STATES.some((ready) => ready === state))
    .map(({ state, count }) => ({ text: `${String(count)} ${AVAILABILITY_TEXTS[state].en}`, count }));
  const ready = listed.reduce((sum, { count }) => sum + count, 0);
  const total = `${String(nodes.length)} ${nodes.length === 1 ? 'node' : 'nodes'}`;
  return ready === 0 ? `${total}, none ready` : `${total}, ${String(ready)} ready: ${listed.map(({ text }) => text).join(', ')}`;
}
