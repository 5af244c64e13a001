// What is known of a failure beyond its code, in words: which limit, which exit code, what a program wrote. The rest is shown as JSON. Pure.

type Facts = Readonly<Record<string, unknown>>;

const seconds = (value: unknown): string => `${String(value)} s`;

/** By the name of the fact. */
const WORDS: ReadonlyMap<string, (value: unknown) => string> = new Map([
  ['queue_timeout_seconds', (value) => `it may wait ${seconds(value)}`],
  ['timeout_seconds', (value) => `an attempt may take ${seconds(value)}`],
  ['total_timeout_seconds', (value) => `it may take ${seconds(value)} in all`],
  ['node_id', (value) => `on ${String(value)}`],
  ['exit_code', (value) => `exit code ${String(value)}`],
  ['stderr_tail', (value) => `it wrote ${JSON.stringify(value)}`],
  ['param', (value) => `parameter ${String(value)}`],
  ['status', (value) => `status ${String(value)}`],
  ['runtime_message', (value) => `its words ${JSON.stringify(value)}`],
  ['reason', (value) => `reason ${typeof value === 'string' ? value : JSON.stringify(value)}`],
]);

/** Empty without any. */
export function failureDetails(facts: Facts): string {
  const known = Object.entries(facts).flatMap(([name, value]) => WORDS.get(name)?.(value) ?? []);
  const rest = Object.entries(facts).filter(([name]) => !WORDS.has(name));
  const words = known.length === 0 ? '' : ` (${known.join(', ')})`;
  return `${words}${rest.length === 0 ? '' : ` ${JSON.stringify(Object.fromEntries(rest))}`}`;
}
