// Whether a waiting request is refused because the owners of all capable nodes use them, and the error with the numbers (docs/openai.md).
// A capable node fails no filter but those of load, slots, GPU memory and failures. Where a slot is missing, waiting may help, so the
// request waits, at most to its queue timeout. The same holds while a capable node registers.
import { exclusionFacts, type OverUse } from '../../../../../shared/api/exclusion-facts';
import type { Exclusion, Explanation } from '../../../../../shared/api/dispatch';
import type { Localized } from '../../../../../shared/language';
import type { ExclusionReason } from '../../../../../shared/protocol/status';
import { limitSettings, overUseText } from '../../../../../shared/api/over-use-text';
import { type OpenAiFailure, poolFailure } from './openai-error';

/** Explains why the job waits: counts over all nodes, and the exclusions of at most `nodeLimit` nodes. */
export type Explain = (nodeLimit: number) => Explanation;

/** A node with one of these cannot take the request before a job ends there. */
export const FULL_CODES: readonly ExclusionReason[] = ['vram_insufficient', 'capacity_exceeded'];
/** A node with one of these may take the request soon. */
export const WAIT_CODES: readonly ExclusionReason[] = [...FULL_CODES, 'model_failing'];
const NAMED_NODES = 3;
/** Every reason has up to five examples, and there are fewer than twelve reasons. */
const NODES_WITH_EXAMPLES = 60;

/**
 * From the counts over all nodes. Null: a node can take the request, a node is woken for it, a node has one of `otherCodes`, or the load of
 * owners is not the reason.
 */
export function busyFailure(
  { chosen, reasons, wake }: Explanation,
  explain: Explain,
  otherCodes: readonly ExclusionReason[],
): OpenAiFailure | null {
  const busy = reasons.resource_threshold_exceeded?.count ?? 0;
  if (busy === 0 || chosen !== null || wake !== undefined || otherCodes.some((code) => reasons[code] !== undefined)) return null;
  const nodes = busyNodes(explain(NODES_WITH_EXAMPLES)).slice(0, NAMED_NODES);
  const muster = { reasons, nodes: nodes.map(({ nodeId, over }) => ({ node_id: nodeId, over: over.map(toOverView) })) };
  return poolFailure('pool_busy', { reason: reasonText(nodes, busy), muster });
}

/**
 * Whether a node that could take the request is registering: it may be ready in a few seconds. Its other filters must not keep the request
 * away for longer; a load that it has not reported yet does not. Reads all nodes, and only when some node is not ready.
 */
export function mayServeSoon({ reasons, nodes_total: total }: Explanation, explain: Explain): boolean {
  if (reasons.status_not_ready === undefined) return false;
  return explain(total).nodes.some(
    ({ excluded: [first, ...others] }) => first !== undefined && isRegistering(first) && others.every(passesSoon),
  );
}

function isRegistering(exclusion: Exclusion): boolean {
  const facts = exclusionFacts(exclusion);
  return facts?.code === 'status_not_ready' && facts.status === 'registering';
}

function passesSoon(exclusion: Exclusion): boolean {
  if (WAIT_CODES.includes(exclusion.code)) return true;
  const facts = exclusionFacts(exclusion);
  return facts?.code === 'resource_threshold_exceeded' && facts.over === null;
}

interface BusyNode {
  readonly nodeId: string;
  readonly over: readonly OverUse[];
}

/** The listed nodes that only their load keeps from the request. */
function busyNodes({ nodes }: Explanation): readonly BusyNode[] {
  return nodes.flatMap(({ node_id: nodeId, excluded: [first, ...others] }) => {
    const facts = first === undefined || others.length > 0 ? null : exclusionFacts(first);
    return facts?.code === 'resource_threshold_exceeded' ? [{ nodeId, over: facts.over ?? [] }] : [];
  });
}

const toOverView = (over: OverUse) =>
  over.use === 'available_memory'
    ? {
        use: over.use,
        available_gb: over.availableGb,
        required_gb: over.requiredGb,
        set_by: 'default',
        settings: limitSettings('mem', 'default'),
      }
    : {
        use: over.use,
        percent: over.percent,
        limit_percent: over.limitPercent,
        set_by: over.setBy,
        settings: limitSettings(over.use, over.setBy),
      };

function reasonText(nodes: readonly BusyNode[], busy: number): Localized {
  const texts = nodes.map(({ nodeId, over }) => ({ nodeId, texts: over.map(overUseText) }));
  const rest = busy - nodes.length;
  const en = texts.map(({ nodeId, texts: all }) => `${nodeId}: ${all.map((text) => text.en).join(', ')}`);
  const zh = texts.map(({ nodeId, texts: all }) => `${nodeId}：${all.map((text) => text.zh).join('，')}`);
  return {
    en: [...en, ...(rest > 0 ? [`and ${String(rest)} more`] : [])].join('; '),
    zh: [...zh, ...(rest > 0 ? [`另有 ${String(rest)} 个节点`] : [])].join('；'),
  };
}
