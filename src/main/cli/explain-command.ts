// `muster explain`: a dry run that shows which node would get a job, and why other nodes would not.
import { type Explanation, type JobRequirementsView, jobRequirementsSchema } from '../../shared/api/dispatch';
import { TASK_KINDS } from '../../shared/protocol/task-kinds';
import { fail, ok, type Result } from '../../shared/result';
import type { Command, Invocation, Options } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { exclusionText } from './core/exclusion-text';
import { printable, textTable } from './core/text-table';
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
    private: { value: null, doc: 'The job is not public: nodes that accept no public jobs can run it, too.' },
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
    io.out(options.isSet('json') ? `${JSON.stringify(explanation.value, null, 2)}\n` : explanationText(explanation.value));
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
]);

function requirementsOf(options: Options): Result<JobRequirementsView, string> {
  const [node, memory] = [options.text('node'), options.number('min-gpu-memory-gb')];
  if (memory !== undefined && !memory.ok) return memory;
  const [kinds, features, models, task] = [options.texts('kind'), options.texts('feature'), options.texts('model'), options.text('task')];
  if (task !== undefined && models[0] === undefined) return fail('--task needs a --model');
  const parsed = jobRequirementsSchema.safeParse({
    required_models: models,
    ...(task === undefined ? {} : { required_task: { model_id: models[0], task } }),
    ...(kinds.length === 0 ? {} : { required_kinds: kinds.map(kindOf) }),
    ...(features.length === 0 ? {} : { required_features: features }),
    public: !options.isSet('private'),
    ...(node === undefined ? {} : { node_id: node }),
    ...(memory === undefined ? {} : { min_gpu_memory_gb: memory.value }),
  });
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return fail(`--${FLAGS.get(issue?.path[0]) ?? 'model'}: ${issue?.message ?? 'invalid'}`);
}

function kindOf(text: string): unknown {
  const [kind, source, target] = text.split(':');
  return { kind, ...(source ? { src_lang: source } : {}), ...(target ? { tgt_lang: target } : {}) };
}

/** The chosen node, then a row for each exclusion of each other node. */
export function explanationText({ chosen, nodes }: Explanation): string {
  const verdict = chosen === null ? 'No node would get this job.' : `This job would go to ${chosen}.`;
  const rows = nodes.flatMap(({ node_id, excluded }) =>
    excluded.length === 0
      ? [[node_id, node_id === chosen ? 'selected' : 'eligible', '']]
      : excluded.map((exclusion) => [node_id, exclusion.code, exclusionText(exclusion)]),
  );
  return `${printable(verdict)}\n${rows.length === 0 ? '' : `\n${textTable(['NODE', 'RESULT', 'DETAIL'], rows)}`}`;
}
