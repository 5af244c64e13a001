// Why a node was chosen, as text: the predicted seconds of each part of a job, by node (ADR 0024).
import type { JobWake } from '../../../shared/api/wake';
import type { HoldView, PredictedNodeView, PredictionView } from '../../../shared/api/prediction';
import { remarkOf } from '../../../shared/api/prediction-remark';
import { REMARK_TEXTS, ROUTE_TEXTS } from '../../../shared/reasons/routes';
import { printable, textTable } from './text-table';

const HEADER = ['SLOT', 'OTHERS', 'LOAD', 'PROMPT', 'ANSWER', 'TOTAL', 'DISPLACED', 'NOTE'];

/** The names of nodes by id, as far as they are known. */
export type NodeNames = ReadonlyMap<string, string>;
export const NO_NAMES: NodeNames = new Map();

/** The column of the names exists when one is known. */
export const nodeHeader = ({ size }: NodeNames): readonly string[] => (size === 0 ? ['NODE'] : ['NODE', 'NAME']);
export const nodeCells = (id: string, names: NodeNames): readonly string[] => (names.size === 0 ? [id] : [id, names.get(id) ?? '-']);

const UNIT = 'Predicted seconds. TOTAL does not include DISPLACED: the time for prompts that this one displaces from the cache.\n';
const NOTHING_KNOWN = 'Times are predicted once a node has finished a request with this model, with the strategy "predicted".';

/** The route as a sentence, then a row for each node, the chosen one first. */
export function predictionText(prediction: PredictionView, names: NodeNames = NO_NAMES): string {
  const { route, nodes } = prediction;
  const remark = remarkOf(prediction);
  const isNothingKnown = nodes.length === 0 && route === 'fallback';
  const more = remark !== null ? ` ${sentenceOf(REMARK_TEXTS[remark].en)}` : isNothingKnown ? ` ${NOTHING_KNOWN}` : '';
  const sentence = `Why this node: ${ROUTE_TEXTS[route].en}.${more}\n`;
  return nodes.length === 0 ? sentence : `${sentence}${tableOf(nodes, names)}`;
}

/** `wakes lab-a, about 40 s` */
export const wakeText = ({ node_id: nodeId, seconds }: JobWake): string =>
  `wakes ${nodeId}${seconds === null ? '' : `, about ${String(seconds)} s`}`;

/** Both nodes, with their predicted times. */
export const holdTableText = ({ node, best_free: free }: HoldView, names: NodeNames = NO_NAMES): string => tableOf([node, free], names);

/** After the verb `wait for`: `gpu-1: predicted 4.1 s there, 9.3 s on the free node gpu-2`. */
export const holdText = ({ node, best_free: free }: HoldView): string =>
  printable(
    `${node.node_id}: predicted ${secondsText(node.seconds)} s there, ${secondsText(free.seconds)} s on the free node ${free.node_id}`,
  );

const tableOf = (nodes: readonly PredictedNodeView[], names: NodeNames): string =>
  UNIT +
  textTable(
    [...nodeHeader(names), ...HEADER],
    nodes.map((node) => {
      const { slot, wait, load, input, output, displaced } = node.terms;
      return [
        ...nodeCells(node.node_id, names),
        ...[slot, wait, load, input, output, node.seconds, displaced].map(secondsText),
        noteOf(node),
      ];
    }),
  );

const noteOf = ({ cached_tokens: cached, measured }: PredictedNodeView): string =>
  [...(cached === 0 ? [] : [`${String(cached)} tokens cached`]), ...(measured ? [] : ['estimated from similar nodes'])].join(', ');

const LARGE_SECONDS = 100;

/** `0` is exactly nothing. */
export function secondsText(seconds: number): string {
  if (seconds === 0) return '0';
  if (seconds < 0.05) return '<0.1';
  return seconds.toFixed(seconds < LARGE_SECONDS ? 1 : 0);
}

const sentenceOf = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
