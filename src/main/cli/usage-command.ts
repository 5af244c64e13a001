// `muster usage`: what the pool was used for, by day, key, model or node, as a table, JSON or CSV.
import type { Outcome } from '../../shared/api/app-api';
import {
  isByDay,
  subjectOf,
  type Usage,
  USAGE_BY,
  usageCsv,
  type UsageFigures,
  type UsageQuery,
  usageQuerySchema,
  type UsageRow,
} from '../../shared/api/usage';
import { validate } from '../../shared/protocol/decode';
import { ok } from '../../shared/result';
import type { Command, Invocation, Options } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { printable, textTable } from './core/text-table';
import { EXIT } from './exit-code';
import { type SchedulerSession, withScheduler } from './with-scheduler';

export const usageCommand: Command = {
  name: 'usage',
  summary: 'Show requests, tokens and GPU time of the pool by day, key, model or node.',
  operands: [],
  options: {
    from: { value: 'DAY', doc: 'The first day, such as 2026-11-24. Days are days in UTC. Default: a week with the last day.' },
    to: { value: 'DAY', doc: 'The last day. Default: today.' },
    by: { value: USAGE_BY.join('|'), doc: 'A row for each of these. Default: day.' },
    key: { value: 'KEY', doc: 'Only requests of this key or member, by name or ID.' },
    model: { value: 'MODEL', doc: 'Only requests for this model.' },
    node: { value: 'NODE', doc: 'Only attempts on this node, by name or ID.' },
    csv: { value: null, doc: 'Print a CSV file.' },
    ...CLIENT_OPTIONS,
  },
  run: usage,
};

function usage(invocation: Invocation): Promise<number> {
  const { io, options } = invocation;
  const query = validate(queryOf(options), usageQuerySchema);
  const fault = query.ok ? null : `--${query.error.field === 'node_id' ? 'node' : query.error.field}: ${query.error.reason}`;
  const both = options.isSet('csv') && options.isSet('json') ? '--csv cannot be used with --json' : null;
  if (!query.ok || both !== null) {
    io.err(`muster: usage: ${fault ?? both ?? ''}\n`);
    return Promise.resolve(EXIT.usage);
  }
  return withScheduler(invocation, (session) => show(invocation, session, query.value));
}

/** The byte order mark is for spreadsheets, which open a file. On stdout it would be a part of the first name. */
const withoutMark = (csv: string): string => csv.replace(/^\u{FEFF}/u, '');

const queryOf = (options: Options): object =>
  Object.fromEntries(
    (['from', 'to', 'by', 'key', 'model', 'node'] as const).flatMap((name) => {
      const given = options.text(name);
      return given === undefined ? [] : [[name === 'node' ? 'node_id' : name, given]];
    }),
  );

async function show({ io, options }: Invocation, { pool }: SchedulerSession, query: UsageQuery): Promise<Outcome<number>> {
  for (const [field, by] of SUBJECTS) {
    const given = query[field];
    if (given === undefined) continue;
    const all = await pool.usage({ ...query, [field]: undefined, by });
    if (!all.ok) return all;
    const ids = idsOf(all.value.rows, given);
    if (ids.length > 1) {
      io.err(`muster: usage: --${by}: several have the name ${printable(given)}; give the ID of one: ${ids.map(printable).join(', ')}\n`);
      return ok(EXIT.usage);
    }
    query = { ...query, [field]: ids[0] ?? given };
  }
  const answer = await pool.usage(query);
  if (!answer.ok) return answer;
  const text = options.isSet('csv')
    ? withoutMark(usageCsv(answer.value))
    : options.isSet('json')
      ? `${JSON.stringify(answer.value, null, 2)}\n`
      : usageText(answer.value);
  io.out(text);
  return ok(EXIT.ok);
}

const SUBJECTS = [
  ['key', 'key'],
  ['node_id', 'node'],
] as const;

/** The ids of those with the given name, or the one with the given id: the scheduler filters by id. A revoked key may have had the name. */
const idsOf = (rows: readonly UsageRow[], given: string): readonly string[] =>
  rows.some(({ id }) => id === given) ? [given] : rows.flatMap(({ id, name }) => (name === given && id !== null ? [id] : []));

const HEAD = ['FAILED', 'CANCELLED', 'REFUSED', 'PROMPT', 'CACHED', 'OUTPUT', 'GPU TIME'];

export function usageText({ from, to, by, total, rows }: Usage): string {
  const range = `${from} to ${to}, days in UTC`;
  if (rows.length === 0) return `No use from ${range}.\n`;
  const subject = subjectOf(by);
  const isByNode = subject === 'node';
  const names = [...(isByDay(by) ? ['DAY'] : []), ...(subject === null ? [] : [subject.toUpperCase()])];
  const table = textTable(
    [...names, isByNode ? 'ATTEMPTS' : 'REQUESTS', ...HEAD],
    [...rows.map((row) => [...namesOf(row, by), ...cellsOf(row)]), [...names.map((_, i) => (i === 0 ? 'TOTAL' : '')), ...cellsOf(total)]],
  );
  const { estimated } = total;
  const note =
    estimated === 0 ? '' : `The tokens of ${String(estimated)} ${estimated === 1 ? 'request' : 'requests'} are estimated from the text.\n`;
  return `${table}${isByNode ? 'Attempts on nodes' : 'Requests'} from ${range}. PROMPT, CACHED and OUTPUT are tokens.\n${note}`;
}

function namesOf({ day, id, name, rest }: UsageRow, by: Usage['by']): readonly string[] {
  const subject = subjectOf(by);
  const shown = rest ? '(other)' : (name ?? id ?? '(no key)');
  return [...(isByDay(by) ? [day ?? ''] : []), ...(subject === null ? [] : [shown])];
}

const cellsOf = (figures: UsageFigures): readonly string[] => [
  String(figures.requests),
  String(figures.failed),
  String(figures.cancelled),
  String(figures.refused),
  String(figures.prompt_tokens),
  String(figures.cached_tokens),
  String(figures.output_tokens),
  timeText(figures.gpu_seconds),
];

/** `2 h 05 min`, `12 min 30 s`, `4.2 s` */
function timeText(seconds: number): string {
  if (seconds < 60) return `${String(Math.round(seconds * 10) / 10)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (minutes < 60) return `${String(minutes)} min ${two(whole % 60)} s`;
  return `${String(Math.floor(minutes / 60))} h ${two(minutes % 60)} min`;
}
