// The message for a job that no node of the pool can run: no node has its model, or supports its task with the model. Pure.
import { exclusionFacts } from '../../../shared/api/exclusion-facts';
import type { JobView } from '../../../shared/api/job';
import { nearestKey } from '../../../shared/nearest-key';
import { taskName } from './exclusion-text';
import { printable } from './text-table';

/** `known`: the models of the pool, for a suggestion. Null when a node may run the job later, or not every node is shown. */
export function noModelText({ task, waiting }: JobView, known: readonly string[]): string | null {
  if (waiting === null || waiting.nodes.length === 0 || waiting.nodes.length < waiting.nodes_total) return null;
  const lacks = waiting.nodes.map(({ excluded }) => excluded.map(exclusionFacts).find((facts) => facts?.code === 'model_not_available'));
  const refusals = lacks.map((lack) => (lack?.refusedTask?.model === task.model ? lack.refusedTask : null));
  const isNowhere = lacks.map((lack) => lack?.models.some(({ id, state }) => id === task.model && state === 'not_installed') === true);
  if (!refusals.every((refusal, index) => refusal !== null || isNowhere[index] === true)) return null;
  const taken = new Set(refusals.flatMap((refusal) => refusal?.taken ?? []).map(taskName));
  if (refusals.some((refusal) => refusal !== null))
    return printable(`${task.model} supports ${[...taken].join(', ') || 'no task'}${advice(task, taken)}`);
  // A name of the pool that is no model is in its list, too.
  const suggestion = nearestKey(
    task.model,
    known.filter((id) => id !== task.model),
  );
  return printable(`no node has ${task.model}${suggestion === null ? '' : `, did you mean ${suggestion}?`}`);
}

function advice({ path, kind }: JobView['task'], taken: ReadonlySet<string>): string {
  const requested = taskName(path ?? kind);
  const other = requested === 'command' ? 'chat' : 'command';
  if (taken.has(other)) return `: use --task ${other}`;
  return taken.size === 0 ? '' : `, not ${requested}`;
}
