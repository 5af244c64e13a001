import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { benchCommandOf } from '../../../scripts/bench.mjs';

const HOME = path.resolve('/home/user');

describe('arguments of npm run bench', () => {
  test('bench: --trace, --rate, --bursts and --real become variables, and other arguments are for Vitest', () => {
    expect(benchCommandOf(['routing', '--trace', 'a.jsonl', '--rate=40', '--real', '--bursts', '-t', 'mixed'], HOME)).toEqual({
      args: ['routing', '-t', 'mixed'],
      env: { MUSTER_BENCH_TRACE: path.join(HOME, 'a.jsonl'), MUSTER_BENCH_RATE: '40', MUSTER_BENCH_REAL: '1', MUSTER_BENCH_BURSTS: '1' },
    });
  });

  test.each([[['--trace']], [['--trace=']], [['--rate', 'fast']], [['--rate', '0']]])('bench: %s -> error', (args) => {
    expect(benchCommandOf(args, HOME)).toHaveProperty('error');
  });
});
