// The place of a job in the queue, from the view of the job.
import type { JobView, WaitingView } from '../../../../../shared/api/job';
import type { QueueHelp, QueuePlace } from '../../../../../shared/api/queue';
import type { Language, Localized } from '../../../../../shared/language';
import type { ExclusionReason } from '../../../../../shared/protocol/status';
import { EXCLUSION_HELP } from '../../../../../shared/reasons/exclusion-help';
import { EXCLUSION_TEXTS } from '../../../../../shared/reasons/exclusions';
import { HOLD_TEXTS } from '../../../../../shared/reasons/routes';
import { POOL_ERRORS } from './openai-error';

const NO_NODES: Localized = { zh: '算力池中没有节点', en: 'the pool has no nodes' };
const NODE_WAKING: Localized = { zh: '正在唤醒一个节点', en: 'a sleeping node is being woken' };

export function queuePlaceOf({ job_id, status, task, waiting }: JobView, language: Language): QueuePlace {
  const wait = waiting?.wait_seconds;
  return {
    object: 'queue.place',
    job: job_id,
    status,
    model: task.model,
    place: waiting === null ? null : waiting.ahead + 1,
    ...(wait === undefined ? {} : { wait_seconds: wait }),
    not_before: waiting?.not_before ?? null,
    help: waiting === null ? [] : helpOf(waiting, language),
  };
}

/** What stops all jobs comes first, then the reason of the most nodes. */
function helpOf({ blocked_by: blockedBy, nodes_total: total, held, wake, reasons, nodes }: WaitingView, language: Language): QueueHelp[] {
  const about = (code: string, text: Localized, examples: readonly string[] = []): QueueHelp => ({
    code,
    message: text[language],
    nodes: { count: examples.length, examples: [...examples] },
  });
  const general = [
    blockedBy === null ? null : about(blockedBy, POOL_ERRORS[blockedBy]),
    total === 0 ? about('no_nodes', NO_NODES) : null,
    held === undefined ? null : about(held.reason, HOLD_TEXTS[held.reason], [held.node.node_id]),
    wake === undefined ? null : about('node_waking', NODE_WAKING, [wake.node_id]),
  ].filter((help) => help !== null);
  const excluded = Object.entries(reasons)
    .flatMap(([code, count]) => (isKnown(code) ? [{ code, count }] : []))
    .sort((one, other) => other.count.count - one.count.count)
    .map(({ code, count }) => exclusionHelp(code, count, nodes, language));
  return [...general, ...excluded];
}

function exclusionHelp(code: ExclusionReason, count: QueueHelp['nodes'], nodes: WaitingView['nodes'], language: Language): QueueHelp {
  const node = nodes.find(({ excluded: [first] }) => first?.code === code);
  const [exclusion] = node?.excluded ?? [];
  const example =
    node === undefined || exclusion === undefined
      ? {}
      : { example: { node_id: node.node_id, wanted: exclusion.wanted, found: exclusion.found } };
  return { code, message: messageOf(code, language), nodes: count, ...example };
}

const messageOf = (code: ExclusionReason, language: Language): string =>
  `${EXCLUSION_TEXTS[code][language]}${language === 'en' ? '. ' : '。'}${EXCLUSION_HELP[code][language]}`;

const isKnown = (code: string): code is ExclusionReason => Object.hasOwn(EXCLUSION_TEXTS, code);
