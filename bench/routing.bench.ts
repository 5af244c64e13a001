// Which rule makes requests wait least: rules of dispatch on traces of requests, in a simulator in virtual time with the dispatch code of the
// product. `npm run bench -- routing [--trace FILE] [--rate N] [--bursts] [--real]`. How to read the tables, and all of them:
// docs/performance.md.
import { describe, expect, test } from 'vitest';
import type { Figures } from './routing/figures';
import { MIXED, POOLS } from './routing/pools';
import { runForReal } from './routing/real-pool';
import { MUSTER_POLICIES, MUSTER_RULES, RULES, type RuleName, tableOf } from './routing/rows';
import { simulate } from './routing/simulate';
import { tracesOf } from './routing/traces';

const { MUSTER_BENCH_TRACE, MUSTER_BENCH_RATE, MUSTER_BENCH_BURSTS, MUSTER_BENCH_REAL } = process.env;
const TRACES = tracesOf({
  file: MUSTER_BENCH_TRACE ?? null,
  perMinute: MUSTER_BENCH_RATE === undefined ? null : Number(MUSTER_BENCH_RATE),
  bursts: MUSTER_BENCH_BURSTS !== undefined,
});
/** The goals are stated for the generated traces at their own rate. */
const IS_DEFAULT = MUSTER_BENCH_TRACE === undefined && MUSTER_BENCH_RATE === undefined;

const DEFAULT: RuleName = 'Muster predicted (default)';
/** The default may take at most 5 % longer than the best rule. */
const NEARLY = 1.05;

const found = new Map<string, ReadonlyMap<RuleName, Figures>>();

for (const { name, runs } of TRACES)
  for (const [pool, speeds] of Object.entries(POOLS))
    test(`routing: ${name}, ${pool} pool: no request is lost`, () => {
      const rows = new Map([...RULES].map(([rule, bench]) => [rule, simulate(runs, speeds, bench)]));
      found.set(`${name.split(',')[0] ?? ''} ${pool}`, rows);
      console.info(`\n${name}, ${pool} pool (seconds; TPOT in ms)\n\n${tableOf(rows)}\n`);
      expect([...rows.values()].map(({ lost }) => lost)).toEqual([...rows.values()].map(() => 0));
    });

type Quantile = 'ttftP50' | 'ttftP90' | 'ttftP99';

function figure(key: string, rule: RuleName, quantile: Quantile): number {
  return found.get(key)?.get(rule)?.[quantile] ?? NaN;
}

const best = (key: string, quantile: Quantile, rules: readonly RuleName[]): number =>
  Math.min(...rules.map((rule) => figure(key, rule, quantile)));
const ALL = [...RULES.keys()];
/** Without the same rule with holding switched off. */
const OTHERS = ALL.filter((rule) => rule !== 'Muster predicted, no holding');

describe.runIf(IS_DEFAULT)('routing: goals of the default traces', () => {
  // Agents on the mixed pool: holding makes p99 a third shorter, and p90 16 % longer (docs/performance.md).
  for (const [key, quantiles, rules] of [
    ['generated mixed', ['ttftP90', 'ttftP99'], ALL],
    ['agents mixed', ['ttftP90', 'ttftP99'], OTHERS],
    ['generated equal', ['ttftP50', 'ttftP90', 'ttftP99'], ALL],
    ['agents equal', ['ttftP50', 'ttftP90', 'ttftP99'], ALL],
  ] as const)
    test(`routing: ${key}: predicted takes at most 5 % longer than the best rule (${quantiles.join(', ')})`, () => {
      for (const quantile of quantiles)
        expect.soft(figure(key, DEFAULT, quantile)).toBeLessThanOrEqual(NEARLY * best(key, quantile, rules));
    });

  for (const least of ['least connections', 'Muster least_connections'] as const) {
    test(`routing: mixed pool: TTFT p99 of predicted is at most half of ${least}`, () => {
      for (const key of ['generated mixed', 'agents mixed'])
        expect.soft(figure(key, DEFAULT, 'ttftP99')).toBeLessThanOrEqual(figure(key, least, 'ttftP99') / 2);
    });

    test(`routing: equal pool, agents: TTFT p50 of predicted is at most a fifth of ${least}`, () => {
      expect(figure('agents equal', DEFAULT, 'ttftP50')).toBeLessThanOrEqual(figure('agents equal', least, 'ttftP50') / 5);
    });
  }
});

/** Requests of the run over real sockets, and how much faster its clocks are. */
const REAL_REQUESTS = 350;
const REAL_FACTOR = 25;
const REAL_LIMIT_MS = 1_200_000;
/** The order of two rules is compared when their simulated p99 differ by this factor. */
const REAL_MARGIN = 1.2;

describe.runIf(MUSTER_BENCH_REAL !== undefined)('routing: the simulator and reality', () => {
  test(
    'routing: over real HTTP and WebSocket, rules that differ in the simulator have the same order by TTFT p99',
    async () => {
      const trace = TRACES[0]?.runs[0]?.slice(0, REAL_REQUESTS) ?? [];
      const simulated = new Map(MUSTER_RULES.map((rule) => [rule, simulate([trace], MIXED, { muster: MUSTER_POLICIES[rule] })]));
      const real = new Map<string, Figures>();
      for (const rule of MUSTER_RULES) real.set(rule, await runForReal(trace, MIXED, rule, REAL_FACTOR));
      const order = (rows: ReadonlyMap<string, Figures>): string[] =>
        [...rows].toSorted(([, one], [, other]) => one.ttftP99 - other.ttftP99).map(([rule]) => rule);
      console.info(`\n${TRACES[0]?.name ?? ''}, first ${String(trace.length)}, mixed pool, simulated\n\n${tableOf(simulated)}`);
      console.info(`\nover real sockets, clocks ${String(REAL_FACTOR)} times faster\n\n${tableOf(real)}`);
      console.info(`\norder by p99, simulated: ${order(simulated).join(' < ')}\norder by p99, real: ${order(real).join(' < ')}\n`);
      expect([...real.values()].map(({ lost }) => lost)).toEqual(MUSTER_RULES.map(() => 0));
      const p99Of = (rows: ReadonlyMap<string, Figures>, rule: string): number => rows.get(rule)?.ttftP99 ?? NaN;
      const pairs = MUSTER_RULES.flatMap((better) => MUSTER_RULES.map((worse) => [better, worse] as const)).filter(
        ([better, worse]) => p99Of(simulated, worse) >= REAL_MARGIN * p99Of(simulated, better),
      );
      expect(pairs.length, 'enough pairs of rules that differ').toBeGreaterThanOrEqual(4);
      for (const [better, worse] of pairs) expect.soft(p99Of(real, better), `${better} before ${worse}`).toBeLessThan(p99Of(real, worse));
    },
    REAL_LIMIT_MS,
  );
});
