// `muster explain`: a dry run that shows which node would get a job, and why other nodes would not.
import { type ExplainRequest, explainRequestSchema, type Explanation } from '../../shared/api/dispatch';
import type { HoldView } from '../../shared/api/prediction';
import type { Change } from '../../shared/api/what-if';
import { TASK_KINDS } from '../../shared/protocol/task-kinds';
import { issueText } from '../../shared/issue-text';
import { fail, ok, type Result } from '../../shared/result';
import type { Command, Invocation, Options } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { exclusionText } from './core/exclusion-text';
import { nameText } from './core/model-name-text';
import { holdTableText, holdText, NO_NAMES, nodeCells, nodeHeader, type NodeNames, predictionText, wakeText } from './core/prediction-text';
import { printable, textTable } from './core/text-table';
import { changeOf, whatIfText } from './core/what-if-text';
import { namesOf, nodesOfPrediction } from './node-names';
import { withScheduler } from './with-scheduler';

export const explainCommand: Command = {
  name: 'explain',
  summary: 'Show which node would get a job now, and why other nodes would not. Nothing is submitted.',
  operands: [],
  options: {
    model: { value: 'ID', doc: 'A required model. Can be repeated.', multiple: true },
    task: { value: 'TASK', doc: `The task for the first --model: ${TASK_KINDS.join(', ')}.` },
    kind: {
      value: 'KIND[:SRC[:TGT]]',
      doc: 'A required kind of model, optionally with languages, such as nmt:en:zh. Can be repeated.',
      multiple: true,
    },
    feature: { value: 'NAME', doc: 'A required feature. Can be repeated.', multiple: true },
    node: { value: 'NODE', doc: 'Require this node.' },
    'min-gpu-memory-gb': { value: 'GB', doc: 'Require a GPU with at least this much memory.' },
    'input-tokens': { value: 'N', doc: 'Predict for a prompt of this size. Default: the usual size for this model.' },
    'output-tokens': { value: 'N', doc: 'Predict for an answer of this size. Default: the usual size for this model.' },
    'what-if': {
      value: 'CHANGE',
      doc: 'Also judge the request as if the pool was changed: limits:gpu=80,mem=90, drained:NODE, resumed:NODE, installed:NODE or loaded:NODE. Can be repeated.',
      multiple: true,
    },
    private: { value: null, doc: 'The job is private: nodes that accept private jobs only can run it, too.' },
    ...CLIENT_OPTIONS,
  },
  run: explain,
};

async function explain(invocation: Invocation): Promise<number> {
  const { io, options } = invocation;
  const requirements = requirementsOf(options);
  if (!requirements.ok) {
    io.err(`muster: ${requirements.error}\n`);
    return EXIT.usage;
  }
  return withScheduler(invocation, async ({ pool }) => {
    const explanation = await pool.explain(requirements.value);
    if (!explanation.ok) return explanation;
    if (options.isSet('json')) {
      io.out(`${JSON.stringify(explanation.value, null, 2)}\n`);
      return ok(EXIT.ok);
    }
    const { chosen, nodes, prediction, held } = explanation.value;
    const winners = (explanation.value.what_if ?? []).map((outcome) => outcome.chosen);
    const ids = [
      ...[chosen, ...winners].filter((id) => id !== null),
      ...nodesOfPrediction(prediction, held),
      ...nodes.map(({ node_id: id }) => id),
    ];
    const names = await namesOf(pool, ids);
    io.out(explanationText(explanation.value, names) + whatIfText(options.texts('what-if'), explanation.value, names));
    return ok(EXIT.ok);
  });
}

/** The option of each requirement. */
const FLAGS: ReadonlyMap<unknown, string> = new Map([
  ['required_models', 'model'],
  ['required_task', 'task'],
  ['required_kinds', 'kind'],
  ['required_features', 'feature'],
  ['node_id', 'node'],
  ['min_gpu_memory_gb', 'min-gpu-memory-gb'],
  ['input_tokens', 'input-tokens'],
  ['output_tokens', 'output-tokens'],
  ['what_if', 'what-if'],
]);

function requirementsOf(options: Options): Result<ExplainRequest, string> {
  const node = options.text('node');
  const [memory, input, output] = [options.number('min-gpu-memory-gb'), options.number('input-tokens'), options.number('output-tokens')];
  for (const number of [memory, input, output]) if (number?.ok === false) return number;
  const [kinds, features, models, task] = [options.texts('kind'), options.texts('feature'), options.texts('model'), options.text('task')];
  if (task !== undefined && models[0] === undefined) return fail('--task needs a --model');
  const changes: Change[] = [];
  for (const text of options.texts('what-if')) {
    const change = changeOf(text);
    if (!change.ok) return fail(`--what-if: ${change.error}`);
    changes.push(change.value);
  }
  const parsed = explainRequestSchema.safeParse({
    required_models: models,
    ...(task === undefined ? {} : { required_task: { model_id: models[0], task } }),
    ...(kinds.length === 0 ? {} : { required_kinds: kinds.map(kindOf) }),
    ...(features.length === 0 ? {} : { required_features: features }),
    public: !options.isSet('private'),
    ...(node === undefined ? {} : { node_id: node }),
    ...(memory?.ok === true ? { min_gpu_memory_gb: memory.value } : {}),
    ...(input?.ok === true ? { input_tokens: input.value } : {}),
    ...(output?.ok === true ? { output_tokens: output.value } : {}),
    ...(changes.length === 0 ? {} : { what_if: changes }),
  });
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return fail(`--${FLAGS.get(issue?.path[0]) ?? 'model'}: ${issueText(issue)}`);
}

function kindOf(text: string): unknown {
  const [kind, source, target] = text.split(':');
  return { kind, ...(source ? { src_lang: source } : {}), ...(target ? { tgt_lang: target } : {}) };
}

const wouldWait = (held: HoldView): string =>
  `This job would wait for ${holdText(held)}. It waits at most ${String(held.max_seconds)} s, then it goes to the best free node.`;

/** The chosen node and why, then a row for each exclusion of each other node. */
export function explanationText(
  { chosen, names: modelNames = [], nodes, prediction, held, wake }: Explanation,
  names: NodeNames = NO_NAMES,
): string {
  const name = chosen === null ? undefined : names.get(chosen);
  const goes = chosen === null ? 'No node would get this job.' : `This job would go to ${chosen}${name === undefined ? '' : ` (${name})`}.`;
  const wakes = wake === undefined ? '' : ` It ${wakeText(wake)}.`;
  const verdict = held === undefined ? `${goes}${wakes}` : wouldWait(held);
  const why =
    held !== undefined ? `\n${holdTableText(held, names)}` : prediction === undefined ? '' : `\n${predictionText(prediction, names)}`;
  const rows = nodes.flatMap(({ node_id, excluded }) =>
    excluded.length === 0
      ? [[...nodeCells(node_id, names), node_id === chosen && held === undefined ? 'selected' : 'eligible', '']]
      : excluded.map((exclusion) => [...nodeCells(node_id, names), exclusion.code, exclusionText(exclusion)]),
  );
  return `${modelNames.map((name) => `${nameText(name)}\n`).join('')}${printable(verdict)}\n${why}${rows.length === 0 ? '' : `\n${textTable([...nodeHeader(names), 'RESULT', 'DETAIL'], rows)}`}`;
}
