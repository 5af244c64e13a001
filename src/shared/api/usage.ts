// What the pool was used for, by day (api §1, ADR 0048): the answer of `GET /api/v1/usage`, and the same as a CSV file. Days are days in
// UTC. Counts only: neither requests nor answers.
import { z } from 'zod';
import { CSV_MARK, csvLine } from '../csv';
import { modelIdSchema, nodeIdSchema } from '../protocol/node-messages';

export const DAY_MS = 24 * 3_600_000;
/** A year, and today. */
export const USAGE_DAYS = 366;
const DEFAULT_DAYS = 7;
export const MAX_USAGE_ROWS = 5000;

export const dayNumberOf = (wallMs: number): number => Math.floor(wallMs / DAY_MS);
/** `2026-11-30` */
export const dayOf = (dayNumber: number): string => new Date(dayNumber * DAY_MS).toISOString().slice(0, 10);
export const numberOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;

/** Such as `2026-11-30`: a day of the calendar. */
export const isDay = (text: string): boolean => {
  const number = numberOfDay(text);
  return Number.isInteger(number) && dayOf(number) === text;
};
const NOT_A_DAY = 'expected a day, such as 2026-11-30';
const daySchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, NOT_A_DAY)
  .refine(isDay, NOT_A_DAY);

/** A day and one more: a row for each pair. */
export const USAGE_BY = ['day', 'key', 'model', 'node', 'day,key', 'day,model', 'day,node'] as const;
export type UsageBy = (typeof USAGE_BY)[number];
export type UsageSubject = 'key' | 'model' | 'node';

export const subjectOf = (by: UsageBy): UsageSubject | null => {
  const subject = by.replace('day,', '');
  return subject === 'key' || subject === 'model' || subject === 'node' ? subject : null;
};
export const isByDay = (by: UsageBy): boolean => by.startsWith('day');

const QUERY = {
  /** The first and the last day. Default: the last seven days. */
  from: daySchema.optional(),
  to: daySchema.optional(),
  by: z.enum(USAGE_BY).default('day'),
  /** Only requests of the key or member with this id. */
  key: z.string().min(1).max(128).optional(),
  model: modelIdSchema.optional(),
  /** Only work of this node. */
  node_id: nodeIdSchema.optional(),
};

interface Checked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly by: UsageBy;
  readonly key?: string | undefined;
  readonly node_id?: string | undefined;
}

/** Counts are kept by key and model, and by node and model. */
export const joinsKeyAndNode = ({ by, key, node_id: nodeId }: Checked): boolean =>
  (key !== undefined || subjectOf(by) === 'key') && (nodeId !== undefined || subjectOf(by) === 'node');

function check(query: Checked, context: z.RefinementCtx): void {
  const { from, to } = query;
  const issue = (field: string, message: string): void => context.addIssue({ code: 'custom', path: [field], message });
  if (from !== undefined && to !== undefined && from > to) issue('from', 'after to');
  else if (from !== undefined && to !== undefined && numberOfDay(to) - numberOfDay(from) >= USAGE_DAYS)
    issue('from', `more than ${String(USAGE_DAYS)} days`);
  if (joinsKeyAndNode(query)) issue(query.key === undefined ? 'node_id' : 'key', 'use is not counted by key and node together');
}

export const usageQuerySchema = z.strictObject(QUERY).superRefine(check);
export const USAGE_FORMATS = ['json', 'csv'] as const;
/** `format` absent: as `Accept` says. */
export const usageRouteQuerySchema = z.strictObject({ ...QUERY, format: z.enum(USAGE_FORMATS).optional() }).superRefine(check);
export type UsageQuery = z.output<typeof usageQuerySchema>;

/** The first and the last day of a query. A year at most. */
export function daysOfQuery(
  { from, to }: Pick<Checked, 'from' | 'to'>,
  nowWallMs: number,
): { readonly first: number; readonly last: number } {
  const today = dayNumberOf(nowWallMs);
  const last = to === undefined ? Math.max(today, from === undefined ? today : numberOfDay(from)) : numberOfDay(to);
  const first = from === undefined ? last - DEFAULT_DAYS + 1 : numberOfDay(from);
  return { first: Math.max(first, last - USAGE_DAYS + 1), last };
}

const count = z.number().int().min(0);
const day = z.string().max(10);

export const usageFiguresSchema = z.object({
  /** Requests that ended: succeeded, failed and cancelled ones. Of a node: attempts. */
  requests: count,
  /** Failed, or expired in the queue. */
  failed: count,
  cancelled: count,
  /** Tokens as the model servers reported them, else estimated from the text. The cached ones are a part of the prompt. */
  prompt_tokens: count,
  cached_tokens: count,
  output_tokens: count,
  /** For how long nodes worked on attempts. Attempts that run beside each other add up. */
  gpu_seconds: z.number().min(0),
  /** How many of the requests have estimated tokens: the model server reported no usable numbers, or the answer broke off. */
  estimated: count,
  /** Requests over a limit of their key (429). They are in no other figure, and of no model. A scheduler of an earlier version: 0. */
  refused: count.default(0),
});

export const usageRowSchema = z.object({
  /** Null: the row is not of one day. */
  day: day.nullable(),
  /** Of the key or member, the model or the node. Null: of a caller without a key, of the rest, or the row is of a day. */
  id: z.string().max(256).nullable(),
  /** Of the key, member or node. Null: not known any more. */
  name: z.string().max(256).nullable(),
  /** All that have no row of their own. */
  rest: z.boolean(),
  ...usageFiguresSchema.shape,
});

export const usageSchema = z.object({
  from: day,
  to: day,
  /** At the scheduler, in UTC. This day has not ended. */
  today: day,
  by: z.enum(USAGE_BY),
  /** The first day with any use in the store. Null: there is none. */
  since: day.nullable(),
  total: usageFiguresSchema,
  /** By day, and within a day (or without days) the most tokens first; the rest last. */
  rows: z.array(usageRowSchema).max(MAX_USAGE_ROWS),
});

export type UsageFigures = z.infer<typeof usageFiguresSchema>;
export type UsageRow = z.infer<typeof usageRowSchema>;
export type Usage = z.infer<typeof usageSchema>;

const FIGURES = Object.keys(usageFiguresSchema.shape) as (keyof UsageFigures)[];

const OTHER = '(other)';

/** One line for each row. The rest has the name `(other)`, a caller without a key `(no key)`. */
export function usageCsv({ by, rows }: Usage): string {
  const subject = subjectOf(by);
  const head = [...(isByDay(by) ? ['day'] : []), ...(subject === null ? [] : [`${subject}_id`]), ...(hasName(subject) ? [subject] : [])];
  const lines = rows.map((row) =>
    csvLine([
      ...(isByDay(by) ? [row.day] : []),
      ...(subject === null ? [] : [row.rest && !hasName(subject) ? OTHER : row.id]),
      ...(hasName(subject) ? [row.rest ? OTHER : (row.name ?? (row.id === null ? '(no key)' : null))] : []),
      ...FIGURES.map((figure) => row[figure]),
    ]),
  );
  return `${CSV_MARK}${csvLine([...head, ...FIGURES])}${lines.join('')}`;
}

/** The id of a model is its name. */
const hasName = (subject: UsageSubject | null): subject is 'key' | 'node' => subject === 'key' || subject === 'node';

export const USAGE_FILE = 'muster-usage.csv';
export const CSV_TYPE = 'text/csv; charset=utf-8; header=present';
