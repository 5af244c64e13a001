// Why a job waits, as text: in a line while it is watched, and in full with what each node lacks.
import type { JobView, WaitingView } from '../../shared/api/job';
import { exclusionText } from './core/exclusion-text';
import { noModelText } from './core/no-model-text';
import { printable, textTable } from './core/text-table';
import { inLanguage, type Wording } from './core/labels';

/** In full, with a line end before it; empty for a job that does not wait. */
export function waitingText(job: JobView, nowMs: number): string {
  const { waiting } = job;
  if (waiting === null) return '';
  const sentence = sentenceOf(waiting, nowMs) ?? noModelText(job, []);
  const said = sentence === null ? '' : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.\n`;
  const head = `${aheadText(waiting.ahead)} ahead of it; ${untilText(job)}.\n`;
  return `\n${head}${said}${reasonsText('WAITS BECAUSE', waiting.reasons)}${lackingText(waiting.nodes)}`;
}

/** In a line: the status, and of a job that waits why, where that was told. `known`: the models of the pool, where they were asked for. */
export function progressText(job: JobView, nowMs: number, wording: Wording, known: readonly string[] = []): string {
  const { job_id: jobId, status, node_id: nodeId, attempt, waiting } = job;
  if (status !== 'queued') return `${jobId}: ${status}${nodeId === null ? '' : ` on ${nodeId}, attempt ${String(attempt)}`}`;
  if (waiting === null) return `${jobId}: queued${againText(job, wording)}`;
  const sentence = sentenceOf(waiting, nowMs);
  if (sentence !== null) return `${jobId}: queued: ${sentence}${waiting.nodes.length === 0 ? `; ${untilText(job)}` : ''}`;
  const why = noModelText(job, known) ?? reasonSentences(waiting);
  return `${jobId}: queued: ${why}; ${untilText(job)}; ${wording.program} jobs ${jobId}${wording.where} says what each node lacks`;
}

/** Why it is back in the queue; empty before its first attempt. */
function againText({ attempts }: JobView, wording: Wording): string {
  const last = attempts.at(-1);
  if (last === undefined) return '';
  const { error, outcome } = last;
  const why = error === null ? (outcome ?? 'not over') : `${error.code}: ${inLanguage(error.message, wording)}`;
  return ` again, since attempt ${String(last.attempt)} on ${last.node_id} failed: ${printable(why)}`;
}

const untilText = ({ queue_deadline_at: at }: JobView): string =>
  `it waits until ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** For each reason one of the nodes that it keeps out, and how many more there are. */
function reasonSentences({ reasons, nodes }: WaitingView): string {
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
  storage_full: 'the disk of the scheduler is full, and no job goes out until it can be written to',
};

/** Why no node is asked now; null: the reasons say it. */
function sentenceOf({ not_before: notBefore, blocked_by: blockedBy, reasons, nodes }: WaitingView, nowMs: number): string | null {
  if (blockedBy !== null) return BLOCKED[blockedBy];
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

/** What each node lacks. */
function lackingText(nodes: WaitingView['nodes']): string {
  const rows = nodes.flatMap(({ node_id, excluded }) => excluded.map((exclusion) => [node_id, exclusion.code, exclusionText(exclusion)]));
  if (rows.length === 0) return '';
  const more = rows.length - MAX_ROWS;
  return `\n${textTable(['NODE', 'LACKS', 'WHY'], rows.slice(0, MAX_ROWS))}${more > 0 ? `and ${String(more)} more: --json has them all\n` : ''}`;
}
