// The details of a failure as text: limits, exit code, output of a program. Unknown details are shown as JSON. Pure.

type Details = Readonly<Record<string, unknown>>;

const seconds = (value: unknown): string => `${String(value)} s`;

/** By name of the detail. */
const LABELS: ReadonlyMap<string, (value: unknown) => string> = new Map([
  ['queue_timeout_seconds', (value) => `queue timeout ${seconds(value)}`],
  ['timeout_seconds', (value) => `attempt timeout ${seconds(value)}`],
  ['total_timeout_seconds', (value) => `total timeout ${seconds(value)}`],
  ['node_id', (value) => `node ${String(value)}`],
  ['exit_code', (value) => `exit code ${String(value)}`],
  ['stderr_tail', (value) => `stderr ${JSON.stringify(value)}`],
  ['param', (value) => `parameter ${String(value)}`],
  ['status', (value) => `status ${String(value)}`],
  ['runtime_message', (value) => `message ${JSON.stringify(value)}`],
  ['reason', (value) => `reason ${typeof value === 'string' ? value : JSON.stringify(value)}`],
]);

/** Empty without details. */
export function failureDetails(details: Details): string {
  const known = Object.entries(details).flatMap(([name, value]) => LABELS.get(name)?.(value) ?? []);
  const rest = Object.entries(details).filter(([name]) => !LABELS.has(name));
  const text = known.length === 0 ? '' : ` (${known.join(', ')})`;
  return `${text}${rest.length === 0 ? '' : ` ${JSON.stringify(Object.fromEntries(rest))}`}`;
}
