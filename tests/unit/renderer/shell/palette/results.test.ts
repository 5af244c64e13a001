import { describe, expect, test } from 'vitest';
import type { Command } from '../../../../../src/renderer/components/commands/commands';
import { resultsOf } from '../../../../../src/renderer/shell/palette/results';
import { matchOf } from '../../../../../src/renderer/shell/palette/score';

describe('match', () => {
  test.each<[string, string, readonly number[] | null]>([
    ['lab-a100', 'lab', [0, 1, 2]],
    ['lab-a100', 'a100', [4, 5, 6, 7]],
    ['Drain lab-a100…', 'a100 DRAIN', [0, 1, 2, 3, 4, 10, 11, 12, 13]],
    ['lab-a100', 'la1', [0, 1, 5]],
    ['lab-a100', '1a', null],
    ['lab-a100', 'lab x', null],
    ['蓝色节点', '节点', [2, 3]],
    ['a.*', '.*', [1, 2]],
    ['lab-a100', '', []],
  ])('%s for %j -> %j', (title, search, marks) => {
    expect(matchOf({ title }, search)?.marks ?? null).toEqual(marks);
  });

  test('further words find a command and mark nothing', () => {
    expect(matchOf({ title: 'render-01', words: 'RTX 4090' }, '4090')?.marks).toEqual([]);
  });

  test('further words: a whole word counts more than letters that are scattered in the title', () => {
    const scores = ['resume', 'xresume'].map((words) => matchOf({ title: 'r-e-s-u-m-e', words }, 'resume')?.score ?? 0);
    expect(scores.map((score) => Math.round(score))).toEqual([30, 20]);
  });

  test('better: the beginning, then the beginning of a word, then inside, then letters in order; the shorter of two', () => {
    const titles = ['gpu-long-name', 'gpu', 'my gpu', 'xgpu', 'g-p-u'];
    const sorted = titles
      .map((title) => ({ title, score: matchOf({ title }, 'gpu')?.score ?? -1 }))
      .sort((one, other) => other.score - one.score)
      .map(({ title }) => title);
    expect(sorted).toEqual(['gpu', 'gpu-long-name', 'my gpu', 'xgpu', 'g-p-u']);
  });
});

describe('results', () => {
  const command = (group: Command['group'], title: string): Command => ({ id: `${group} ${title}`, group, title, run: () => undefined });
  const COMMANDS = [
    command('pages', 'Nodes'),
    command('pages', 'Settings'),
    command('nodes', 'node-1'),
    command('nodes', 'node-2'),
    command('actions', 'Drain node-1…'),
  ];
  const shown = (search: string, recent: readonly string[] = [], commands = COMMANDS) =>
    resultsOf(commands, search, recent).groups.map(({ group, items }) => [group, ...items.map((item) => item.command.title)]);

  test('no search -> recent ones, the latest first, then the other pages', () => {
    expect(shown(' ', ['nodes node-2', 'gone', 'pages Settings'])).toEqual([
      ['recent', 'node-2', 'Settings'],
      ['pages', 'Nodes'],
    ]);
  });

  test('search -> groups by their best match, then in the usual order', () => {
    expect(shown('node')).toEqual([
      ['nodes', 'node-1', 'node-2'],
      ['pages', 'Nodes'],
      ['actions', 'Drain node-1…'],
    ]);
  });

  test('a recent command is before an equal one', () => {
    expect(shown('node-', ['nodes node-2'])[0]).toEqual(['nodes', 'node-2', 'node-1']);
  });

  test('many -> six in a group, all are counted', () => {
    const many = Array.from({ length: 50 }, (_, i) => command('nodes', `node-${String(i)}`));
    const results = resultsOf(many, 'node', []);
    expect([results.groups[0]?.items.length, results.found]).toEqual([6, 50]);
  });

  test('1,000 nodes -> within a frame', () => {
    const many = Array.from({ length: 1000 }, (_, i) => command('nodes', `rack-${String(i)}-render-node`));
    const fromMonotonicMs = performance.now();
    resultsOf(many, 'rk99', []);
    expect(performance.now() - fromMonotonicMs).toBeLessThan(200);
  });
});
