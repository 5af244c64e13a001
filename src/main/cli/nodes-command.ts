// `muster nodes`: the nodes of a running scheduler, each with its status and the reason for it.
import { z } from 'zod';
import { type NodeView, nodeViewSchema } from '../../shared/api/node-view';
import { HttpClient } from '../scheduler-client/http-client';
import type { Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { ageText } from './age-text';
import { EXIT } from './exit-code';
import { findScheduler, requestFailure } from './scheduler-client';
import { printable, textTable } from './core/text-table';
import { inLanguage, type Wording, wordingOf } from './core/labels';

export const nodesCommand: Command = {
  name: 'nodes',
  summary: 'List the nodes of a running scheduler.',
  operands: [],
  options: CLIENT_OPTIONS,
  run: listNodes,
};

const answerSchema = z.object({ nodes: z.array(nodeViewSchema) });

async function listNodes(invocation: Invocation): Promise<number> {
  const { io, options } = invocation;
  const place = await findScheduler(invocation);
  if (!place.ok) {
    io.err(`muster: ${place.error.message}\n`);
    return place.error.exitCode;
  }
  const answer = await new HttpClient(place.value).ask({ method: 'GET', path: '/api/v1/nodes' }, answerSchema);
  if (!answer.ok) {
    const { message, exitCode } = requestFailure(answer.error, place.value.baseUrl, wordingOf(io.env, invocation.options));
    io.err(`muster: ${message}\n`);
    return exitCode;
  }
  io.out(
    options.isSet('json')
      ? `${JSON.stringify(answer.value, null, 2)}\n`
      : nodesText(answer.value.nodes, Date.now(), wordingOf(io.env, invocation.options)),
  );
  return EXIT.ok;
}

/** The table of nodes, and for each that is not ready the reason below it. */
export function nodesText(nodes: readonly NodeView[], nowMs: number, wording: Wording): string {
  if (nodes.length === 0) return 'No node has registered.\n';
  const rows = nodes.map((node) => [
    node.node_id,
    node.name,
    node.online || node.status === 'offline' ? node.status : `${node.status}, not connected`,
    ageText(nowMs - node.since),
    gpusText(node),
    modelsText(node),
    `${String(node.in_flight_jobs)}/${String(node.max_concurrent_jobs)}`,
  ]);
  const reasons = nodes
    .filter((node) => node.status !== 'ready')
    .map(
      (node) =>
        `${printable(node.node_id)}: ${printable(inLanguage(node.reason, wording))}${checksText(node, wording)}${drainText(node, wording)}\n`,
    );
  return `${textTable(['NODE', 'NAME', 'STATUS', 'FOR', 'GPUS', 'MODELS READY', 'JOBS'], rows)}${reasons.length === 0 ? '' : `\n${reasons.join('')}`}`;
}

function gpusText(node: NodeView): string {
  return node.hardware.gpus
    .map((gpu) => `${gpu.name} ${String(gpu.memory_gb)} GB${gpu.simulated === true ? ' (simulated)' : ''}`)
    .join(', ');
}

function modelsText({ installed_models: models, capability_state: states }: NodeView): string {
  const ready = models.filter((model) => states === null || states[model.model_id] === 'ready');
  return `${String(ready.length)} of ${String(models.length)}`;
}

function checksText({ status, health }: NodeView, wording: Wording): string {
  const progress =
    status === 'registering' ? [`${String(health.consecutive_successes)} of ${String(health.required_successes)} checks`] : [];
  const failed =
    status === 'offline' ? [] : health.failed_checks.map(({ code, message }) => `${code}: ${printable(inLanguage(message, wording))}`);
  const all = [...progress, ...failed];
  return all.length === 0 ? '' : ` (${all.join('; ')})`;
}

/** Who asked for the drain, why, and how it ends. */
function drainText({ node_id, drain }: NodeView, { program, where }: Wording): string {
  if (drain === null) return '';
  const who =
    drain.by === 'operator'
      ? `an operator's wish, until: ${program} resume ${node_id}${where}`
      : 'its own wish, until it resumes or registers again';
  return `; ${who}${drain.reason === null ? '' : `; reason: ${printable(drain.reason)}`}`;
}
