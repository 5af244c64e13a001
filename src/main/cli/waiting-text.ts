// Why a job waits, as text: in a line while it is watched, and in full with what was wanted of each node.
import type { JobView, WaitingView } from '../../shared/api/job';
import { textTable, valueText } from './text-table';

/** In full, with a line end before it; empty for a job that does not wait. */
export function waitingText({ waiting }: JobView, nowMs: number): string {
  if (waiting === null) return '';
  const sentence = sentenceOf(waiting, nowMs);
  const said = sentence === null ? '' : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.\n`;
  return `\n${aheadText(waiting.ahead)} ahead of it.\n${said}${reasonsText('WAITS BECAUSE', waiting.reasons)}${lackingText(waiting.nodes)}`;
}

/** In a line: the status, and of a job that waits why, where that was told. */
export function progressText({ job_id: jobId, status, node_id: nodeId, attempt, waiting }: JobView, nowMs: number): string {
  if (status !== 'queued') return `${jobId}: ${status}${nodeId === null ? '' : ` on ${nodeId}, attempt ${String(attempt)}`}`;
  if (waiting === null) return `${jobId}: queued`;
  const isKeptOut = Object.keys(waiting.reasons).length > 0;
  return `${jobId}: queued (${whyInShort(waiting, nowMs)})${isKeptOut ? `; muster jobs ${jobId} says what each node lacks` : ''}`;
}

function whyInShort(waiting: WaitingView, nowMs: number): string {
  const reasons = Object.entries(waiting.reasons).map(([code, { count }]) => `${code} ${String(count)}`);
  return sentenceOf(waiting, nowMs) ?? reasons.join(', ');
}

const PAUSED: Readonly<Record<NonNullable<WaitingView['paused']>, string>> = {
  storage_full: 'the disk of the scheduler is full, and no job goes out until it can be written to',
};

/** Why no node is asked now; null: the reasons say it. */
function sentenceOf({ not_before: notBefore, paused, reasons, nodes }: WaitingView, nowMs: number): string | null {
  if (paused !== null) return PAUSED[paused];
  if (notBefore !== null)
    return `it is tried again in ${String(Math.max(0, Math.ceil((notBefore - nowMs) / 1000)))} s, after a failed attempt`;
  if (Object.keys(reasons).length > 0) return null;
  return nodes.length === 0 ? 'no node has registered' : 'a node could take it now';
}

/** How many nodes each reason keeps out; empty without a reason. */
export function reasonsText(title: string, reasons: WaitingView['reasons']): string {
  const rows = Object.entries(reasons).map(([code, { count, examples }]) => [code, String(count), examples.join(', ')]);
  return rows.length === 0 ? '' : textTable([title, 'NODES', 'SUCH AS'], rows);
}

function aheadText(ahead: number): string {
  if (ahead === 0) return 'No job is';
  return ahead === 1 ? '1 job is' : `${String(ahead)} jobs are`;
}

/** A pool of hundreds would push the rest off the screen. */
const MAX_ROWS = 20;

/** What was wanted of each node, and what it has. */
function lackingText(nodes: WaitingView['nodes']): string {
  const rows = nodes.flatMap(({ node_id, excluded }) =>
    excluded.map(({ code, wanted, found }) => [node_id, code, valueText(wanted), valueText(found)]),
  );
  if (rows.length === 0) return '';
  const more = rows.length - MAX_ROWS;
  return `\n${textTable(['NODE', 'LACKS', 'WANTED', 'FOUND'], rows.slice(0, MAX_ROWS))}${more > 0 ? `and ${String(more)} more: --json has them all\n` : ''}`;
}
