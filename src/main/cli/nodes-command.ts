// `muster nodes`: the nodes of a running scheduler, with the availability of each node and its reason.
import type { Outcome } from '../../shared/api/app-api';
import { availabilityOf, slotsOf } from '../../shared/api/availability';
import { MAX_NODES_PER_PAGE, type NameConflict, nodePageSchema, type NodeView } from '../../shared/api/node-view';
import { nodeTagsSchema } from '../../shared/api/node-tags';
import { AVAILABILITY_TEXTS } from '../../shared/reasons/availability';
import { drainNote } from '../../shared/reasons/drain-notes';
import { pauseFactsOf } from '../../shared/api/exclusion-facts';
import { ok } from '../../shared/result';
import type { HttpClient } from '../scheduler-client/http-client';
import type { Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { availabilityReasonText, countsText } from './core/availability-text';
import { exclusionText, failingModelText } from './core/exclusion-text';
import { pauseText } from './core/pause-text';
import { ageText, printable, textTable } from './core/text-table';
import { inLanguage, type MessageContext } from './core/message-context';
import { withScheduler } from './with-scheduler';

export const nodesCommand: Command = {
  name: 'nodes',
  summary: 'List the nodes of a running scheduler, or replace the tags of a node: tag NODE TAGS.',
  operands: ['[tag]', '[NODE]', '[TAGS]'],
  options: CLIENT_OPTIONS,
  run: (invocation) => (invocation.operands.length === 0 ? listNodes(invocation) : tagNode(invocation)),
};

/** An older scheduler lists all nodes at once. */
const pageSchema = nodePageSchema.extend({ next_cursor: nodePageSchema.shape.next_cursor.default(null) });

/** All pages. */
export async function allNodes(client: HttpClient): Promise<Outcome<{ readonly nodes: readonly NodeView[] }>> {
  const nodes: NodeView[] = [];
  let query = '';
  for (;;) {
    const page = await client.ask({ method: 'GET', path: `/api/v1/nodes${query}`, answer: 'list' }, pageSchema);
    if (!page.ok) return page;
    nodes.push(...page.value.nodes);
    if (page.value.next_cursor === null || page.value.nodes.length === 0) return ok({ nodes });
    query = `?limit=${String(MAX_NODES_PER_PAGE)}&cursor=${encodeURIComponent(page.value.next_cursor)}`;
  }
}

const NAME_CONFLICT_TEXTS: Readonly<Record<NameConflict, string>> = {
  same: 'another node has the same name; compare the node ids',
  similar: 'the name looks like another name; compare the node ids',
};

/** `TAGS`: separated by commas; an empty text removes all tags. */
function tagNode(invocation: Invocation): Promise<number> {
  const { io, options, operands } = invocation;
  const [action, nodeId, text] = operands;
  const tags = nodeTagsSchema.safeParse(text === undefined || text.trim() === '' ? [] : text.split(','));
  const issue = tags.error?.issues[0];
  const fault =
    action !== 'tag'
      ? `unknown action "${action ?? ''}"`
      : nodeId === undefined || text === undefined
        ? 'tag: NODE and TAGS are required'
        : null;
  if (fault !== null || nodeId === undefined || !tags.success) {
    io.err(`muster: nodes: ${fault ?? `TAGS: ${issue?.message ?? 'invalid'}`}\n`);
    return Promise.resolve(EXIT.usage);
  }
  return withScheduler(invocation, async ({ pool }) => {
    const outcome = await pool.setTags(nodeId, tags.data);
    if (!outcome.ok) return outcome;
    const { name, tags: kept = [] } = outcome.value;
    io.out(
      options.isSet('json')
        ? `${JSON.stringify({ node_id: nodeId, tags: kept })}\n`
        : `${printable(name)}: ${kept.length === 0 ? 'no tags' : printable(kept.join(', '))}\n`,
    );
    return ok(EXIT.ok);
  });
}

const listNodes = (invocation: Invocation): Promise<number> =>
  withScheduler(invocation, async ({ client, context }) => {
    const { io, options } = invocation;
    const answer = await allNodes(client);
    if (!answer.ok) return answer;
    io.out(options.isSet('json') ? `${JSON.stringify(answer.value, null, 2)}\n` : nodesText(answer.value.nodes, Date.now(), context));
    return ok(EXIT.ok);
  });

/** The table of nodes with their counts, then details of each node that gets no jobs for another reason than its slots. */
export function nodesText(nodes: readonly NodeView[], nowWallMs: number, context: MessageContext): string {
  if (nodes.length === 0) return 'No node has registered.\n';
  const rows = nodes.map((node) => {
    const { state, since } = availabilityOf(node);
    return [
      node.node_id,
      node.name,
      AVAILABILITY_TEXTS[state].en,
      availabilityReasonText(node, nowWallMs),
      ageText(nowWallMs - since),
      gpusText(node),
      modelsText(node),
      `${String(node.in_flight_jobs)}/${String(slotsOf(node).total)}`,
    ];
  });
  const details = nodes.flatMap((node) => detailsText(node, nowWallMs, context));
  return `${textTable(['NODE', 'NAME', 'AVAILABILITY', 'REASON', 'FOR', 'GPUS', 'MODELS READY', 'JOBS'], rows)}\n${countsText(nodes)}.\n${details.length === 0 ? '' : `\n${details.join('')}`}`;
}

/** The status with its checks and its drain; for a busy node each load with its limit, and where the limit is set. */
function detailsText(node: NodeView, nowWallMs: number, context: MessageContext): string[] {
  const id = printable(node.node_id);
  const { state, reasons } = availabilityOf(node);
  const names = nameTexts(node).map((text) => `${id}: ${text}\n`);
  if (state === 'busy') return [...names, ...reasons.map((reason) => `${id}: ${exclusionText(reason)}\n`)];
  const extra = `${pauseDetailText(node, nowWallMs)}${quarantineText(node, context)}${failingText(node)}`;
  if (node.status === 'ready' && extra === '') return names;
  return [
    ...names,
    `${id}: ${printable(inLanguage(node.reason, context))}${checksText(node, context)}${drainText(node, context)}${extra}\n`,
  ];
}

/** Names that a person can mistake for others. */
function nameTexts({ name_conflict: conflict, models }: NodeView): readonly string[] {
  const mixed = models?.mixed_scripts ?? 0;
  return [
    ...(conflict == null ? [] : [NAME_CONFLICT_TEXTS[conflict]]),
    ...(mixed === 0 ? [] : [`${String(mixed)} of its model ids mix${mixed === 1 ? 'es' : ''} letters of different scripts`]),
  ];
}

function gpusText(node: NodeView): string {
  return node.hardware.gpus
    .map((gpu) => `${gpu.name} ${String(gpu.memory_gb)} GB${gpu.simulated === true ? ' (simulated)' : ''}`)
    .join(', ');
}

function modelsText({ models, installed_models: installed = [], capability_state: states = null }: NodeView): string {
  if (models !== undefined) return `${String(models.ready)} of ${String(models.installed)}`;
  const ready = installed.filter((model) => states === null || states[model.model_id] === 'ready');
  return `${String(ready.length)} of ${String(installed.length)}`;
}

function checksText({ status, health }: NodeView, context: MessageContext): string {
  const progress =
    status === 'registering' ? [`${String(health.consecutive_successes)} of ${String(health.required_successes)} checks`] : [];
  const failed =
    status === 'offline' ? [] : health.failed_checks.map(({ code, message }) => `${code}: ${printable(inLanguage(message, context))}`);
  const all = [...progress, ...failed];
  return all.length === 0 ? '' : ` (${all.join('; ')})`;
}

function quarantineText({ node_id, quarantine }: NodeView, { program, schedulerFlags }: MessageContext): string {
  if (quarantine == null) return '';
  return `; quarantined by an operator, release with: ${program} release ${node_id}${schedulerFlags}`;
}

/** An operator cannot end the pause. */
const pauseDetailText = ({ pause }: NodeView, nowWallMs: number): string =>
  pause == null ? '' : printable(`; ${pauseText(pauseFactsOf(pause), nowWallMs)}; only the owner can resume it`);

/** Each failing model with its last error. */
const failingText = ({ failing_models: models }: NodeView): string =>
  (models ?? [])
    .map(({ model_id: model, failures, until: untilWallMs, last_error: lastError, takes_jobs: takesJobs = false }) =>
      printable(`; ${failingModelText({ model, failures, untilWallMs, lastError }, { takesJobs })}`),
    )
    .join('');

/** Who requested the drain, how the drain ends, and the reason. */
function drainText({ node_id, drain }: NodeView, { program, schedulerFlags }: MessageContext): string {
  if (drain === null) return '';
  const source =
    drain.by === 'operator'
      ? `drain requested by an operator, resume with: ${program} resume ${node_id}${schedulerFlags}`
      : 'drain requested by the node, until it resumes or registers again';
  const note = drainNote(drain.reason);
  return `; ${source}${note === null ? '' : `; reason: ${printable(note.en)}`}`;
}
