// The rules that are compared, in the order of the tables, and the tables.
import type { DispatchPolicy } from '../../src/main/scheduler/dispatch/policy';
import type { Figures } from './figures';
import { leastConnections, roundRobin } from './rules';
import { localAi, olla, sglang, smallCacheAware } from './rules-of-others';
import type { BenchRule } from './simulate';

export const MUSTER_POLICIES = {
  'Muster round_robin': { strategy: 'round_robin', holdsJobs: false },
  'Muster least_connections': { strategy: 'least_connections', holdsJobs: false },
  'Muster predicted, no holding': { strategy: 'predicted', holdsJobs: false },
  'Muster predicted (default)': { strategy: 'predicted', holdsJobs: true },
} satisfies Record<string, Partial<DispatchPolicy>>;

export type MusterRule = keyof typeof MUSTER_POLICIES;
export const MUSTER_RULES = Object.keys(MUSTER_POLICIES) as MusterRule[];

const AT_ONCE = {
  'round robin': roundRobin,
  'least connections': leastConnections,
  "LocalAI's rule": localAi,
  "Olla's rule": olla,
  "SGLang's rule": sglang,
  'cache-aware, small limits': smallCacheAware,
} as const;

export type RuleName = keyof typeof AT_ONCE | MusterRule;

export const RULES: ReadonlyMap<RuleName, BenchRule> = new Map<RuleName, BenchRule>([
  ...(Object.keys(AT_ONCE) as (keyof typeof AT_ONCE)[]).map((name): [RuleName, BenchRule] => [name, { rule: AT_ONCE[name] }]),
  ...MUSTER_RULES.map((name): [RuleName, BenchRule] => [name, { muster: MUSTER_POLICIES[name] }]),
]);

const MS_PER_SECOND = 1000;
const HEADINGS = ['rule', 'p50', 'p90', 'p99', 'TPOT', 'end p90', 'good', 'cached', 'lost'];

const percent = (share: number): string => `${String(Math.round(share * 100))}%`;

/** Three digits. */
function seconds(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2);
}

function cellsOf(name: string, figures: Figures): string[] {
  const { ttftP50, ttftP90, ttftP99, tpotP50, endP90, goodput, cached, lost } = figures;
  const times = [ttftP50, ttftP90, ttftP99].map(seconds);
  return [name, ...times, String(Math.round(tpotP50 * MS_PER_SECOND)), seconds(endP90), percent(goodput), percent(cached), String(lost)];
}

/** A table as docs/performance.md has them. */
export function tableOf(rows: ReadonlyMap<string, Figures>): string {
  const lines = [HEADINGS, HEADINGS.map(() => '---'), ...[...rows].map(([name, figures]) => cellsOf(name, figures))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
