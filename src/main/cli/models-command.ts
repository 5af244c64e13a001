// `muster models`: the models of the nodes with their residency; load, unload, pin and unpin a model of a node.
import type { AppError, Outcome } from '../../shared/api/app-api';
import type { NodeView } from '../../shared/api/node-view';
import { MODEL_ACTIONS, type ModelAction, type ModelResidency } from '../../shared/protocol/model-control';
import type { CapabilityState } from '../../shared/protocol/node-messages';
import { CONTROL_REFUSAL_TEXTS, refusalTextOf, RESIDENCY_TEXTS } from '../../shared/reasons/model-control';
import { ok } from '../../shared/result';
import type { Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { printable, textTable } from './core/text-table';
import { EXIT } from './exit-code';
import { allNodes } from './nodes-command';
import { type SchedulerSession, withScheduler } from './with-scheduler';

export const modelsCommand: Command = {
  name: 'models',
  summary: 'List the models of the nodes, or load, unload, pin or unpin a model.',
  operands: [`[${MODEL_ACTIONS.join('|')}]`, '[MODEL]'],
  options: {
    node: { value: 'NODE', doc: 'The id of a node. Default: all nodes; for an action, the only node that has the model.' },
    ...CLIENT_OPTIONS,
  },
  run: runModels,
};

async function runModels(invocation: Invocation): Promise<number> {
  const { io, operands } = invocation;
  const [given, model] = operands;
  if (given === undefined) return withScheduler(invocation, (session) => listModels(invocation, session));
  const action = MODEL_ACTIONS.find((known) => known === given);
  if (action === undefined || model === undefined) {
    const fault = action === undefined ? `the first argument is one of ${MODEL_ACTIONS.join(', ')}` : `${action}: MODEL is missing`;
    io.err(`muster: models: ${fault}\n`);
    return EXIT.usage;
  }
  return withScheduler(invocation, (session) => act(invocation, session, action, model));
}

export interface ModelRow {
  readonly model_id: string;
  readonly node_id: string;
  readonly node_name: string;
  /** Null: unknown. */
  readonly residency: ModelResidency | null;
  readonly state: CapabilityState | 'unknown' | 'disabled';
  readonly ready: boolean;
  readonly actions: readonly ModelAction[];
}

async function listModels({ io, options }: Invocation, session: SchedulerSession): Promise<Outcome<number>> {
  const nodes = await nodesWithModels(session, options.text('node'));
  if (!nodes.ok) return nodes;
  const rows = nodes.value.flatMap(modelRows);
  io.out(options.isSet('json') ? `${JSON.stringify({ models: rows }, null, 2)}\n` : modelsText(rows));
  return ok(EXIT.ok);
}

/** Lists of nodes have no models. A node that left meanwhile is left out. */
async function nodesWithModels({ client, pool }: SchedulerSession, nodeId: string | undefined): Promise<Outcome<readonly NodeView[]>> {
  if (nodeId !== undefined) {
    const node = await pool.node(nodeId);
    return node.ok ? ok([node.value]) : node;
  }
  const listed = await allNodes(client);
  if (!listed.ok) return listed;
  const nodes: NodeView[] = [];
  for (const { node_id: id, models } of listed.value.nodes) {
    if (models?.installed === 0) continue;
    const node = await pool.node(id);
    if (node.ok) nodes.push(node.value);
    else if (node.error.code !== 'NOT_FOUND') return node;
  }
  return ok(nodes);
}

/** Only a connected node has a residency: what it reported before says nothing about now. */
export const modelRows = ({
  node_id: nodeId,
  name,
  online,
  installed_models: models,
  capability_state: states,
  ...node
}: NodeView): ModelRow[] =>
  (models ?? []).map(({ model_id: modelId, enabled, actions }) => {
    const state = !enabled ? 'disabled' : states == null ? 'ready' : (states[modelId] ?? 'unknown');
    return {
      model_id: modelId,
      node_id: nodeId,
      node_name: name,
      residency: online ? (node.model_residency?.[modelId] ?? null) : null,
      state,
      ready: online && state === 'ready',
      actions: online && node.model_control === true ? [...(actions ?? [])] : [],
    };
  });

/** Some servers must load a model before it can take jobs: this model is installed, although its state on the wire is `not_installed`. */
const readinessText = ({ state, residency }: ModelRow): string =>
  state === 'not_installed' && residency === 'cold' ? 'not loaded' : state.replace('_', ' ');

export function modelsText(rows: readonly ModelRow[]): string {
  if (rows.length === 0) return 'No node has a model.\n';
  const cells = rows.map((row) => {
    const { model_id: id, node_id: nodeId, node_name: name, residency, state, ready, actions } = row;
    return [
      id,
      nodeId,
      name,
      residency === null ? 'unknown' : RESIDENCY_TEXTS[residency].en,
      ready ? 'yes' : state === 'ready' ? 'no' : `no (${readinessText(row)})`,
      actions.length === 0 ? '-' : actions.join(', '),
    ];
  });
  return textTable(['MODEL', 'NODE', 'NAME', 'RESIDENCY', 'READY', 'ACTIONS'], cells);
}

async function act(invocation: Invocation, { pool }: SchedulerSession, action: ModelAction, modelId: string): Promise<Outcome<number>> {
  const { io, options } = invocation;
  const found = options.text('node') === undefined ? await nodesThatHave(pool, modelId) : ok([options.text('node') ?? '']);
  if (!found.ok) return found;
  const [nodeId, ...others] = found.value;
  if (nodeId === undefined || others.length > 0) {
    const fault =
      nodeId === undefined ? 'no node has this model' : `several nodes have this model; choose one with --node: ${found.value.join(', ')}`;
    io.err(`muster: ${printable(modelId)}: ${printable(fault)}\n`);
    return ok(nodeId === undefined ? EXIT.refused : EXIT.usage);
  }
  const outcome = await pool.controlModel({ node_id: nodeId, model_id: modelId, action });
  if (!outcome.ok) {
    const text = refusalText(outcome.error);
    if (text === null) return outcome;
    io.err(`muster: ${printable(modelId)} on ${printable(nodeId)}: ${text}\n`);
    return ok(EXIT.refused);
  }
  const { state } = outcome.value;
  const end = state === 'done' ? `${action}: done` : `${action}: started; run "muster models" to see the result`;
  io.out(options.isSet('json') ? `${JSON.stringify(outcome.value)}\n` : `${printable(modelId)} on ${printable(nodeId)}: ${end}\n`);
  return ok(EXIT.ok);
}

/** The search finds parts of ids, in upper and lower case. */
async function nodesThatHave(pool: SchedulerSession['pool'], modelId: string): Promise<Outcome<readonly string[]>> {
  const found = await pool.nodesWithModel(modelId);
  if (!found.ok) return found;
  const having: string[] = [];
  for (const nodeId of found.value.node_ids) {
    const node = await pool.node(nodeId);
    if (node.ok && node.value.installed_models?.some(({ model_id: id }) => id === modelId) === true) having.push(nodeId);
  }
  return ok(having);
}

/** Null: another failure than a refused action. */
function refusalText({ details }: AppError): string | null {
  if (details?.['reason'] === 'not_connected') return 'the node is not connected';
  const refusal = refusalTextOf(details);
  if (refusal === null) return null;
  const message = details?.['runtime_message'];
  return `${CONTROL_REFUSAL_TEXTS[refusal].en}${typeof message === 'string' ? `: ${printable(message)}` : ''}`;
}
