// The candidate index leads to the same node as a full scan, and reads few nodes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CandidateIndex } from '../../../../src/main/scheduler/dispatch/candidate-index';
import { choose } from '../../../../src/main/scheduler/dispatch/choose';
import { isSchedulable } from '../../../../src/main/scheduler/dispatch/filters';
import { DEFAULT_DISPATCH_POLICY, type Strategy } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import type { TaskKind } from '../../../../src/shared/protocol/task-kinds';
import { BRISK, poolSteps } from '../lifecycle/histories';
import { aModel, aProfile, aRecord, at, aUsage, jobAssigned } from '../lifecycle/records';
import { chooseByScan } from './choose-by-scan';
import { anyJob, EAGER, NODE_IDS, WITH_ALL_MODELS } from './random-pools';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';

test('choose: random pools and histories -> same node as a full scan after every event', () => {
  let chosen = 0;
  let decisions = 0;
  fc.assert(
    fc.property(poolSteps(NODE_IDS, 150), fc.array(anyJob, { minLength: 3, maxLength: 3 }), (steps, jobs) => {
      const index = new CandidateIndex(DEFAULT_DISPATCH_POLICY);
      const records = new Map(NODE_IDS.map((nodeId) => [nodeId, aRecord({ nodeId, profile: WITH_ALL_MODELS })]));
      for (const record of records.values()) index.update(null, record);
      let nowMonotonicMs = 0;
      for (const { nodeId, afterMs, event } of steps) {
        nowMonotonicMs += afterMs;
        const previous = records.get(nodeId) ?? null;
        const [next] = nodeTransition(previous, event, at(nowMonotonicMs), EAGER);
        if (next === null) records.delete(nodeId);
        else records.set(nodeId, next);
        index.update(previous, next);
        expect(index.size).toBe([...records.values()].filter((record) => isSchedulable(record, DEFAULT_DISPATCH_POLICY)).length);
        for (const job of jobs) {
          const { node } = choose(index, job);
          expect(node, JSON.stringify(job)).toBe(chooseByScan(records.values(), job, DEFAULT_DISPATCH_POLICY));
          decisions++;
          if (node !== null) chosen++;
        }
      }
    }),
    { numRuns: 150 },
  );
  expect(chosen / decisions, 'enough decisions with a chosen node for the comparison').toBeGreaterThan(0.1);
});

/** `count` ready nodes in descending order of preference. Every hundredth also has the rare model. */
function poolOf(count: number): { readonly index: CandidateIndex; readonly records: readonly NodeRecord[] } {
  const index = new CandidateIndex(DEFAULT_DISPATCH_POLICY);
  const common = aProfile();
  const rare = aProfile({ installedModels: [aModel(), aModel({ modelId: 'rare' })], capabilityState: null });
  const records = Array.from({ length: count }, (_, i) =>
    aRecord({
      nodeId: `node-${String(i).padStart(5, '0')}`,
      profile: i % 100 === 99 ? rare : common,
      turn: i / count,
    }),
  );
  for (const record of records) index.update(null, record);
  return { index, records };
}

describe('choose', () => {
  const job = (overrides: Partial<JobRequirements> = {}): JobRequirements => ({
    requiredModels: ['nmt-en-zh'],
    public: true,
    ...overrides,
  });

  test.each([100, 10_000])('%i nodes, each one suits -> checks one candidate', (count) => {
    const { index } = poolOf(count);
    expect(choose(index, job())).toMatchObject({ node: { nodeId: 'node-00000' }, candidates: 1 });
  });

  test('rare model -> checks only the nodes with the model', () => {
    const { index } = poolOf(10_000);
    expect(choose(index, job({ requiredModels: ['nmt-en-zh', 'rare'] }))).toMatchObject({ node: { nodeId: 'node-00099' }, candidates: 1 });
    expect(choose(index, job({ requiredModels: ['rare'], minGpuMemoryGb: 1000 }))).toMatchObject({ node: null, candidates: 100 });
    expect(choose(index, job({ requiredModels: ['unknown'] }))).toMatchObject({ node: null, candidates: 0 });
  });

  test('task -> checks only the nodes whose model takes the task, in rank order', () => {
    const index = new CandidateIndex(DEFAULT_DISPATCH_POLICY);
    const takes: readonly (readonly [string, TaskKind[] | null])[] = [
      ['n1', []],
      ['n2', ['command']],
      ['n3', ['/v1/rerank']],
      ['n4', null],
      ['n5', ['command', '/v1/rerank']],
      ['n6', ['command']],
    ];
    for (const [i, [nodeId, tasks]] of takes.entries()) {
      const profile = aProfile({ installedModels: [aModel({ tasks })], capabilityState: null });
      index.update(null, aRecord({ nodeId, profile, turn: i }));
    }
    const candidates = (task: TaskKind) =>
      [...index.candidatesFor(job({ requiredTask: { modelId: 'nmt-en-zh', task } }))].map(({ nodeId }) => nodeId).join(' ');
    expect(candidates('command')).toBe('n2 n4 n5 n6');
    expect(candidates('/v1/rerank')).toBe('n3 n4 n5');
    expect(candidates('/v1/audio/speech')).toBe('n4');
    expect([...index.candidatesFor(job())]).toHaveLength(6);
    expect(choose(index, job({ requiredTask: { modelId: 'nmt-en-zh', task: 'command' } }))).toMatchObject({
      node: { nodeId: 'n2' },
      candidates: 1,
    });
  });

  test('requested node -> checks one candidate', () => {
    const { index } = poolOf(100);
    expect(choose(index, job({ nodeId: 'node-00042' }))).toMatchObject({ node: { nodeId: 'node-00042' }, candidates: 1 });
    expect(choose(index, job({ nodeId: 'unknown' }))).toMatchObject({ node: null, candidates: 0 });
  });

  test('equal nodes -> jobs are spread, since an assignment counts at once', () => {
    const nodes = new Map(['a', 'b', 'c'].map((nodeId) => [nodeId, aRecord({ nodeId })]));
    const index = new CandidateIndex(DEFAULT_DISPATCH_POLICY);
    for (const record of nodes.values()) index.update(null, record);
    const order: string[] = [];
    for (let ms = 1; ms <= 12; ms++) {
      const { node } = choose(index, job());
      if (node === null) break;
      order.push(node.nodeId);
      index.update(node, nodeTransition(node, jobAssigned(), at(ms), BRISK)[0]);
    }
    expect(order.join('')).toBe('abcabcabcabc');
    expect(choose(index, job()).node, 'each node has four jobs').toBeNull();
  });

  test('round_robin -> nodes take turns, whatever their jobs, turns and speeds', () => {
    const policy = { ...DEFAULT_DISPATCH_POLICY, strategy: 'round_robin' as const };
    const index = new CandidateIndex(policy);
    const fast = aProfile({ installedModels: [aModel({ tokensPerSecond: 500 })], capabilityState: null, maxConcurrentJobs: 8 });
    const slow = aProfile({ installedModels: [aModel({ tokensPerSecond: 5 })], capabilityState: null, maxConcurrentJobs: 8 });
    index.update(null, aRecord({ nodeId: 'a', profile: fast }));
    index.update(null, aRecord({ nodeId: 'b', profile: slow, assignedJobs: 2, turn: 9 }));
    const order: string[] = [];
    for (let ms = 1; ms <= 4; ms++) {
      const { node, route } = choose(index, job());
      if (node === null) break;
      order.push(node.nodeId);
      expect(route).toBe('fallback');
      index.update(node, nodeTransition(node, jobAssigned(), at(ms), BRISK)[0]);
    }
    expect(order.join('')).toBe('abab');
  });

  test.each<[string, Partial<NodeRecord>, Strategy, string]>([
    ['a load is one more job', {}, 'predicted', 'b-loaded'],
    ['the other node has a job and a later turn', { assignedJobs: 1, turn: 1 }, 'predicted', 'a-cold'],
    ['other strategies do not look at memory', {}, 'least_connections', 'a-cold'],
    ['other strategies do not look at memory', {}, 'round_robin', 'a-cold'],
  ])('model not in memory on the first node, no rates: %s', (_case, change, strategy, expected) => {
    const index = new CandidateIndex({ ...DEFAULT_DISPATCH_POLICY, strategy });
    const holding = (residency: 'cold' | 'loaded') => aProfile({ modelResidency: { 'nmt-en-zh': residency } });
    index.update(null, aRecord({ nodeId: 'a-cold', profile: holding('cold') }));
    index.update(null, aRecord({ nodeId: 'b-loaded', profile: holding('loaded'), ...change }));
    expect(choose(index, job()).node?.nodeId).toBe(expected);
  });

  test.each([
    ['first when only the speed differs', {}, 'fast'],
    ['first with any last assignment', { lastAssignedAtMonotonicMs: 9000 }, 'fast'],
    ['first with more memory in use', { usage: aUsage({ memoryPercent: 11 }) }, 'fast'],
    ['not first with a later turn', { turn: 1 }, 'slow'],
    ['not first with more jobs', { assignedJobs: 1 }, 'slow'],
  ])('required model -> faster node %s; required kind -> speed ignored', (_case, change, chosen) => {
    const measured = (nodeId: string, speed: number | null) =>
      aRecord({ nodeId, profile: aProfile({ installedModels: [aModel({ tokensPerSecond: speed })] }) });
    const index = new CandidateIndex(DEFAULT_DISPATCH_POLICY);
    const pool = [measured('a-unmeasured', null), measured('slow', 20), { ...measured('fast', 50), ...change }];
    for (const record of pool) index.update(null, record);
    expect(choose(index, job())).toMatchObject({ node: { nodeId: chosen }, candidates: 1 });
    expect(choose(index, job({ requiredModels: [], requiredKinds: [{ kind: 'nmt' }] })).node?.nodeId).toBe(
      chooseByScan(pool, job({ requiredModels: [] }), DEFAULT_DISPATCH_POLICY)?.nodeId,
    );
  });

  test('nodes with different tasks for a model -> speeds compared', () => {
    const reporting = (nodeId: string, tasks: readonly ('command' | '/v1/completions')[] | undefined, speed: number) =>
      aRecord({
        nodeId,
        profile: aProfile({
          installedModels: [aModel({ tokensPerSecond: speed, ...(tasks === undefined ? {} : { tasks: [...tasks] }) })],
        }),
      });
    const index = new CandidateIndex(DEFAULT_DISPATCH_POLICY);
    for (const record of [
      reporting('a', undefined, 20),
      reporting('b', ['command'], 50),
      reporting('c', ['command', '/v1/completions'], 30),
    ])
      index.update(null, record);
    const order = [...index.candidatesFor(job())].map(({ nodeId }) => nodeId);
    expect(order).toEqual(['b', 'c', 'a']);
  });

  test('speed added or removed -> order updated', () => {
    const index = new CandidateIndex(DEFAULT_DISPATCH_POLICY);
    const plain = ['a', 'b'].map((nodeId) => aRecord({ nodeId }));
    for (const record of plain) index.update(null, record);
    const [, b] = plain;
    if (b === undefined) throw new Error('no node');
    const measured = { ...b, profile: aProfile({ installedModels: [aModel({ tokensPerSecond: 10 })] }) };
    index.update(b, measured);
    expect(choose(index, job()).node?.nodeId).toBe('b');
    index.update(measured, b);
    expect(choose(index, job()).node?.nodeId).toBe('a');
  });

  test('rank and profile unchanged -> sets unchanged', () => {
    const { index, records } = poolOf(10);
    const [first] = records;
    if (first === undefined) throw new Error('an empty pool');
    const seen = { ...first, lastSeen: at(9000) };
    index.update(first, seen);
    expect(choose(index, job()).node).toBe(seen);
  });
});

test('candidate index: model without a candidate -> removed, memory is bounded', () => {
  const index = new CandidateIndex(DEFAULT_DISPATCH_POLICY);
  const withModel = (modelId: string): NodeRecord =>
    aRecord({ profile: aProfile({ installedModels: [aModel({ modelId: modelId })], capabilityState: null }) });
  let previous: NodeRecord | null = null;
  for (let i = 0; i < 100; i++) {
    const next = withModel(`model-${String(i)}`);
    index.update(previous, next);
    previous = next;
    expect(index.modelCount).toBe(1);
  }
  index.update(previous, null);
  expect([index.size, index.modelCount]).toEqual([0, 0]);
});
