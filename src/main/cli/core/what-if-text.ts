// The changes of a dry run: from the options of `muster explain`, and their outcomes as text. Pure.
import type { Explanation } from '../../../shared/api/dispatch';
import { type Change, type ChangeOutcome, changeSchema } from '../../../shared/api/what-if';
import { fail, ok, type Result } from '../../../shared/result';
import { type NodeNames, secondsText } from './prediction-text';
import { printable } from './text-table';

const LIMITS: Readonly<Record<string, string>> = { cpu: 'cpu_percent', gpu: 'gpu_percent', mem: 'mem_percent' };
const EXPECTED = 'expected limits:gpu=80, drained:NODE, resumed:NODE, installed:NODE or loaded:NODE';

/** Of `limits:gpu=80,mem=90`, or a kind and a node. The error text names no option. */
export function changeOf(text: string): Result<Change, string> {
  const colon = text.indexOf(':');
  const [kind, value] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
  const parsed = changeSchema.safeParse({ kind, ...(kind === 'limits' ? limitsOf(value) : { node_id: value }) });
  return parsed.success ? ok(parsed.data) : fail(`${EXPECTED}, not "${text}"`);
}

/** An unknown name or value stays, and the schema refuses it. */
const limitsOf = (text: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    text.split(',').map((part) => {
      const [name = '', percent = ''] = part.split('=');
      return [LIMITS[name] ?? name, percent.trim() === '' ? Number.NaN : Number(percent)];
    }),
  );

/** A line for each change, in the order of the options. */
export function whatIfText(
  given: readonly string[],
  { chosen, nodes_total, reasons, what_if: outcomes = [] }: Explanation,
  names: NodeNames,
): string {
  const able = nodes_total - Object.values(reasons).reduce((sum, { count }) => sum + count, 0);
  return outcomes
    .map((outcome, index) => `${printable(`What if ${given[index] ?? ''}: ${outcomeText(outcome, { chosen, able }, names)}`)}\n`)
    .join('');
}

function outcomeText(
  { chosen, able, prediction }: ChangeOutcome,
  before: Pick<ChangeOutcome, 'chosen' | 'able'>,
  names: NodeNames,
): string {
  if (chosen === before.chosen && able === before.able) return 'no change.';
  const count = able === 1 ? '1 node could take it' : `${String(able)} nodes could take it`;
  if (chosen === null) return `no node would get this job; ${count}.`;
  const name = names.get(chosen);
  const seconds = prediction?.nodes[0]?.seconds;
  const time = seconds === undefined ? '' : `, predicted ${secondsText(seconds)} s`;
  return `the job would go to ${chosen}${name === undefined ? '' : ` (${name})`}${time}; ${count}.`;
}
