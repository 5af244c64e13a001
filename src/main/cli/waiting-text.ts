// Why a job waits, as text: one line while the job is followed, or in full with the exclusions of each node.
import type { JobView, WaitingView } from '../../shared/api/job';
import { exclusionText } from './core/exclusion-text';
import { noModelText } from './core/no-model-text';
import { holdTableText, holdText, NO_NAMES, type NodeNames, wakeText } from './core/prediction-text';
import { printable, textTable } from './core/text-table';
import { inLanguage, type MessageContext } from './core/message-context';

/** In full, after an empty line. Empty for a job that does not wait. */
export function waitingText(job: JobView, nowWallMs: number, names: NodeNames = NO_NAMES): string {
  const { waiting } = job;
  if (waiting === null) return '';
  const cause = causeText(waiting, nowWallMs) ?? noModelText(job, []);
  const sentence = cause === null ? '' : `${cause.charAt(0).toUpperCase()}${cause.slice(1)}.\n`;
  const head = `${aheadText(waiting.ahead)} ahead, ${waitText(waiting)}${deadlineText(job)}.\n`;
  const tables = [waiting.held === undefined ? '' : holdTableText(waiting.held, names), reasonsText(waiting.reasons)].filter(
    (text) => text !== '',
  );
  return `\n${head}${sentence}${tables.join('\n')}${nodesText(waiting.nodes)}`;
}

/** One line: the status, and why a queued job waits if the scheduler reports it. `known`: the models of the pool, if requested. */
export function progressText(job: JobView, nowWallMs: number, context: MessageContext, known: readonly string[] = []): string {
  const { job_id: jobId, status, node_id: nodeId, attempt, waiting } = job;
  if (status !== 'queued') return `${jobId}: ${status}${nodeId === null ? '' : ` on ${nodeId}, attempt ${String(attempt)}`}`;
  if (waiting === null) return `${jobId}: queued${requeueText(job, context)}`;
  const cause = causeText(waiting, nowWallMs);
  if (cause !== null) return `${jobId}: queued: ${cause}${waiting.nodes.length === 0 ? `; ${deadlineText(job)}` : ''}`;
  const reason = noModelText(job, known) ?? reasonTexts(waiting);
  return `${jobId}: queued: ${reason}; ${deadlineText(job)}; details: ${context.program} jobs ${jobId}${context.schedulerFlags}`;
}

/** Why the job was requeued. Empty before its first attempt. */
function requeueText({ attempts }: JobView, context: MessageContext): string {
  const last = attempts.at(-1);
  if (last === undefined) return '';
  const { error, outcome } = last;
  const reason = error === null ? (outcome ?? 'running') : `${error.code}: ${inLanguage(error.message, context)}`;
  return ` again after attempt ${String(last.attempt)} on ${last.node_id} failed: ${printable(reason)}`;
}

const deadlineText = ({ queue_deadline_at: at }: JobView): string =>
  `queue deadline ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** For each reason one node that it excludes, and the number of further nodes. */
function reasonTexts({ reasons, nodes }: WaitingView): string {
  return Object.entries(reasons)
    .map(([code, { count, examples }]) => {
      const example = nodes.find(({ node_id: id }) => examples.includes(id));
      const exclusion = example?.excluded.find((found) => found.code === code);
      if (example === undefined || exclusion === undefined) return `${code} ${String(count)}`;
      return `${example.node_id}${count > 1 ? ` and ${String(count - 1)} more` : ''}: ${exclusionText(exclusion)}`;
    })
    .join('; ');
}

const BLOCKED: Readonly<Record<NonNullable<WaitingView['blocked_by']>, string>> = {
  storage_full: 'the disk of the scheduler is full, and no job starts until the scheduler can write again',
};

/** Why the job waits, when the cause is not an exclusion of nodes. Null when it is. */
function causeText(
  { not_before: retryAtWallMs, blocked_by: blockedBy, reasons, nodes, held, wake }: WaitingView,
  nowWallMs: number,
): string | null {
  if (blockedBy !== null) return BLOCKED[blockedBy];
  if (held !== undefined)
    return `waits for ${holdText(held)}; at most ${String(Math.max(0, Math.ceil((held.until - nowWallMs) / 1000)))} s more`;
  if (retryAtWallMs !== null)
    return `retry in ${String(Math.max(0, Math.ceil((retryAtWallMs - nowWallMs) / 1000)))} s after a failed attempt`;
  if (wake !== undefined) return wakeText(wake);
  if (Object.keys(reasons).length > 0) return null;
  return nodes.length === 0 ? 'no node has registered' : 'a node is available now';
}

/** The number of nodes that each reason excludes. Empty without a reason. */
export function reasonsText(reasons: WaitingView['reasons']): string {
  const rows = Object.entries(reasons).map(([code, { count, examples }]) => [code, String(count), examples.join(', ')]);
  return rows.length === 0 ? '' : textTable(['REASON', 'NODES', 'EXAMPLES'], rows);
}

function aheadText(ahead: number): string {
  if (ahead === 0) return 'No job';
  return ahead === 1 ? '1 job' : `${String(ahead)} jobs`;
}

/** Empty when it is not known. */
const waitText = ({ wait_seconds: seconds }: WaitingView): string =>
  seconds === undefined ? '' : `predicted wait ${String(Math.max(1, Math.ceil(seconds)))} s, `;

/** A larger table would push the rest of the text off the screen. */
const MAX_ROWS = 20;

/** The exclusions of each node. */
function nodesText(nodes: WaitingView['nodes']): string {
  const rows = nodes.flatMap(({ node_id, excluded }) => excluded.map((exclusion) => [node_id, exclusion.code, exclusionText(exclusion)]));
  if (rows.length === 0) return '';
  const more = rows.length - MAX_ROWS;
  return `\n${textTable(['NODE', 'REASON', 'DETAIL'], rows.slice(0, MAX_ROWS))}${more > 0 ? `${String(more)} more rows. --json prints all.\n` : ''}`;
}
