// Turns: a node gets its share of the jobs, and a report buys at most a bounded share.
import { describe, expect, test } from 'vitest';
import { CandidateIndex } from '../../../../src/main/scheduler/dispatch/candidate-index';
import { choose } from '../../../../src/main/scheduler/dispatch/choose';
import { FairTurns } from '../../../../src/main/scheduler/dispatch/fair-turns';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { aModel, aProfile, aRecord, at, aUsage, jobAssigned, jobReleased, POLICY } from '../lifecycle/records';

const MODEL = 'nmt-en-zh';
const JOB = { requiredModels: [MODEL], public: true };
const node = (nodeId: string, speed: number | null, change: Partial<NodeRecord> = {}): NodeRecord =>
  aRecord({ nodeId, profile: aProfile({ installedModels: [aModel({ tokensPerSecond: speed })] }), ...change });

class Nodes {
  readonly index = new CandidateIndex(DEFAULT_DISPATCH_POLICY);
  readonly turns = new FairTurns();
  readonly #records = new Map<string, NodeRecord>();
  #nowMonotonicMs = 0;

  constructor(records: readonly NodeRecord[]) {
    for (const record of records) this.keep(null, record);
  }

  keep(previous: NodeRecord | null, next: NodeRecord | null): void {
    this.index.update(previous, next);
    this.turns.update(previous, next);
    if (next !== null) this.#records.set(next.nodeId, next);
  }

  /** One job after the other, each succeeds at once. Returns the jobs of each node. */
  run(jobs: number): Record<string, number> {
    const counts: Record<string, number> = {};
    for (let i = 0; i < jobs; i++) {
      const chosen = choose(this.index, JOB).node;
      if (chosen === null) throw new Error('no node');
      counts[chosen.nodeId] = (counts[chosen.nodeId] ?? 0) + 1;
      this.apply(chosen.nodeId, jobAssigned(MODEL, 'job', this.turns.nextTurn(chosen, MODEL)));
      this.apply(chosen.nodeId, jobReleased({ kind: 'succeeded' }, MODEL, 'job'));
    }
    return counts;
  }

  apply(nodeId: string, event: Parameters<typeof nodeTransition>[1]): void {
    const previous = this.#records.get(nodeId) ?? null;
    this.keep(previous, nodeTransition(previous, event, at(++this.#nowMonotonicMs), POLICY)[0]);
  }
}

describe('fair turns', () => {
  test.each<readonly [string, readonly NodeRecord[], Record<string, number>]>([
    ['equal nodes -> equal shares', ['a', 'b', 'c', 'd'].map((id) => node(id, null)), { a: 30, b: 30, c: 30, d: 30 }],
    [
      'one report, and no other -> no effect',
      [node('a', null), node('b', null), node('c', null), node('liar', 1e6)],
      { a: 30, b: 30, c: 30, liar: 30 },
    ],
    [
      'absurd report -> at most twice the share of a typical node',
      [node('a', 50), node('b', 50), node('c', 50), node('liar', 1e6)],
      { a: 24, b: 24, c: 24, liar: 48 },
    ],
    [
      'absurd loads of zero -> no effect',
      [node('a', null, { usage: aUsage({ memoryPercent: 24 }) }), node('liar', null, { usage: aUsage({ memoryPercent: 0 }) })],
      { a: 60, liar: 60 },
    ],
    ['faster node -> more turns, up to twice', [node('fast', 30), node('slow', 20)], { fast: 72, slow: 48 }],
    ['very slow node -> an eighth at least', [node('a', 100), node('b', 100), node('slow', 0.001)], { a: 57, b: 56, slow: 7 }],
    [
      'GPU at half load -> half the turns',
      [node('idle', null), node('used', null, { usage: aUsage({ gpuPercent: 24.9 }) })],
      { idle: 68, used: 52 },
    ],
  ])('one job after the other, %s', (_title, records, expected) => {
    expect(new Nodes(records).run(120)).toEqual(expected);
  });

  test('node that was away -> begins with the others, and makes up for nothing', () => {
    const nodes = new Nodes([node('a', null), node('b', null)]);
    nodes.run(100);
    nodes.keep(null, node('late', null));
    expect(nodes.run(30)).toEqual({ a: 10, b: 10, late: 10 });
  });

  test('reports of removed nodes -> forgotten, memory is bounded', () => {
    const turns = new FairTurns();
    const [a, b] = [node('a', 10), node('b', 20)];
    turns.update(null, a);
    turns.update(null, b);
    expect([turns.modelCount, turns.speedShare(b.profile, MODEL), turns.speedShare(a.profile, MODEL)]).toEqual([1, 2, 1]);
    turns.update(a, null);
    expect([turns.modelCount, turns.speedShare(b.profile, MODEL)]).toEqual([1, 1]);
    turns.update(b, null);
    expect(turns.modelCount).toBe(0);
  });
});
