// Loads for waiting jobs: which jobs are judged, how much one turn of the event loop reads, and when a load counts as done.
import { describe, expect, test } from 'vitest';
import { silentLogger } from '../../../../src/main/platform/logger';
import { firstExclusion } from '../../../../src/main/scheduler/dispatch/filters';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { WaitingJobs } from '../../../../src/main/scheduler/jobs/machine/waiting-jobs';
import { ModelLoads, type ModelLoadsOptions } from '../../../../src/main/scheduler/jobs/model-loads';
import type { NodeProfile, NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import type { ControlAct, ControlEnd } from '../../../../src/main/scheduler/nodes/control-requests';
import { fail, ok } from '../../../../src/shared/result';
import { ManualClock } from '../../../support/manual-clock';
import { aModel, aProfile, aRecord, aUsage } from '../lifecycle/records';
import { aJob } from './job-records';

const TURN_MS = 100;

function aPool(nodes: readonly NodeRecord[]) {
  const clock = new ManualClock();
  const waiting = new WaitingJobs();
  const records = new Map(nodes.map((node) => [node.nodeId, node]));
  const asked: (Pick<ControlAct, 'nodeId' | 'modelId'> & { readonly end: (end: ControlEnd) => void })[] = [];
  /** Filter checks of this turn, and the models that they read: a check compares each required model with each installed one. */
  const done = { checks: 0, modelsRead: 0 };
  const exclusionOf = (record: NodeRecord, job: JobRequirements) => {
    done.checks++;
    done.modelsRead += job.requiredModels.length * record.profile.installedModels.length;
    return firstExclusion(record, job, DEFAULT_DISPATCH_POLICY)?.code ?? null;
  };
  const pool = {
    records: () => records.values(),
    record: (nodeId: string) => records.get(nodeId),
    now: () => ({ wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() }),
    dispatcher: { exclusionOf },
    jobs: { liveOn: () => 0 },
    modelControl: {
      start: ({ nodeId, modelId }: ControlAct) => {
        const ended = new Promise<ControlEnd>((end) => asked.push({ nodeId, modelId, end }));
        return ok({ ended });
      },
      within: (ended: Promise<ControlEnd>) => ended,
    },
  } as unknown as ModelLoadsOptions['pool'];
  const loads = new ModelLoads({ table: { waiting }, pool, clock, logger: silentLogger });
  loads.start();
  let seq = 0;
  return {
    waiting,
    change: (nodeId: string, change: Partial<NodeRecord>) => {
      records.set(nodeId, { ...(records.get(nodeId) ?? aRecord()), ...change });
    },
    replace: (nodeId: string, next: NodeRecord) => {
      records.delete(nodeId);
      records.set(next.nodeId, { ...next, registeredAt: { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() } });
    },
    wait: (
      requirements: Partial<JobRequirements> & { readonly requiredModels: readonly string[] },
      job: Parameters<typeof aJob>[0] = {},
    ) => {
      const facts = aJob({ jobId: String(++seq), seq, requirements: { public: true, ...requirements }, ...job });
      waiting.add(facts);
      return facts;
    },
    /** The work of each turn. */
    pass: (seconds: number) =>
      Array.from({ length: (seconds * 1000) / TURN_MS }, () => {
        Object.assign(done, { checks: 0, modelsRead: 0 });
        clock.advance(TURN_MS);
        return { ...done };
      }),
    asked: () => asked.map(({ nodeId, modelId }) => `${nodeId} ${modelId}`),
    answer: async (end: ControlEnd) => {
      asked.at(-1)?.end(end);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const OK: ControlEnd = ok(undefined);
const modelsOf = (ids: readonly string[], ready: readonly string[] = []): Partial<NodeProfile> => ({
  installedModels: ids.map((modelId) => aModel({ modelId, kind: 'llm', actions: ['load', 'unload'] })),
  capabilityState: Object.fromEntries(ids.map((id) => [id, ready.includes(id) ? 'ready' : 'not_installed'] as const)),
  modelResidency: Object.fromEntries(ids.map((id) => [id, ready.includes(id) ? 'loaded' : 'cold'] as const)),
  allowsModelControl: true,
});
const aNode = (nodeId: string, ids: readonly string[], ready: readonly string[] = [], change: Partial<NodeRecord> = {}): NodeRecord =>
  aRecord({ nodeId, profile: aProfile(modelsOf(ids, ready)), ...change });
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const most = (counts: readonly number[]): number => Math.max(...counts);

describe('work of one turn', () => {
  test('2,000 waiting jobs of one key for one model, 300 nodes -> bounded; a job of another model is served at once', () => {
    // The model is cold on one node and only busy elsewhere, so each job is a reason to read the whole pool.
    const busy = range(299).map((i) => aNode(`busy${String(i)}`, ['m'], ['m'], { usage: aUsage({ runningJobs: 256 }) }));
    const pool = aPool([...busy, aNode('cold', ['m']), aNode('other', ['x'])]);
    for (const i of range(2000)) pool.wait({ requiredModels: ['m'], minGpuMemoryGb: i / 100 }, { submitter: 'key' });
    pool.wait({ requiredModels: ['x'] }, { submitter: 'another key' });
    const turns = pool.pass(10);
    expect(most(turns.map(({ checks }) => checks))).toBeLessThan(2200);
    expect(pool.asked()).toEqual(['other x']);
  });

  test('pool of 5,000 nodes -> one job is judged in several turns, and its model loaded', () => {
    const pool = aPool([...range(5000).map((i) => aNode(`n${String(i)}`, ['b'], ['b'])), aNode('cold', ['m'])]);
    pool.wait({ requiredModels: ['m'] });
    const turns = pool.pass(4);
    expect(most(turns.map(({ checks }) => checks))).toBeLessThan(2200);
    expect(pool.asked()).toEqual(['cold m']);
  });

  test('node with 1,024 models, jobs with 64 models -> bounded; the load of an honest node comes in time', () => {
    const ids = range(1024).map((i) => `evil${String(i)}`);
    const pool = aPool([aNode('a-evil', ids), aNode('honest', ['m'])]);
    for (const i of range(400))
      pool.wait({ requiredModels: [...ids.slice(0, 63), 'absent'], minGpuMemoryGb: i / 100 }, { submitter: 'key', priority: 9 });
    for (const i of range(400))
      pool.wait({ requiredModels: ids.slice(i, i + 64), minGpuMemoryGb: 1000 }, { submitter: 'key', priority: 9 });
    pool.wait({ requiredModels: ['m'] }, { submitter: 'another key' });
    const turns = pool.pass(20);
    expect(most(turns.map(({ modelsRead }) => modelsRead))).toBeLessThan(1_500_000);
    expect(pool.asked()).toContain('honest m');
  });

  test('jobs that cannot run, of the same sender and of another one -> the model is loaded for the job behind them', () => {
    const pool = aPool([aNode('n', ['m'])]);
    for (const i of range(5)) pool.wait({ requiredModels: ['m'], minGpuMemoryGb: 1000 + i }, { submitter: 'key' });
    pool.wait({ requiredModels: ['m'] }, { submitter: 'key' });
    pool.pass(15);
    expect(pool.asked()).toEqual(['n m']);
    const other = aPool([aNode('n', ['m'])]);
    for (const i of range(2000)) other.wait({ requiredModels: ['m'], minGpuMemoryGb: 1000 + i }, { submitter: 'key' });
    other.wait({ requiredModels: ['m'] }, { submitter: 'another key' });
    other.pass(3);
    expect(other.asked()).toEqual(['n m']);
  });
});

describe('order', () => {
  test('two models for one node -> one load, for the job with the higher priority', () => {
    const pool = aPool([aNode('n', ['a', 'b'])]);
    pool.wait({ requiredModels: ['a'] });
    pool.wait({ requiredModels: ['b'] }, { priority: 1 });
    pool.pass(3);
    expect(pool.asked()).toEqual(['n b']);
  });

  test('one model on two nodes -> one load; the job names a node -> loaded there', () => {
    const pool = aPool([aNode('n1', ['a', 'b']), aNode('n2', ['a', 'b'])]);
    pool.wait({ requiredModels: ['a'] });
    pool.wait({ requiredModels: ['a'], minGpuMemoryGb: 1 });
    pool.wait({ requiredModels: ['b'], nodeId: 'n2' });
    pool.pass(3);
    expect(pool.asked()).toEqual(['n1 a', 'n2 b']);
  });
});

describe('done', () => {
  test('answer ok, but the model stays cold -> another node after 20 s; the first one only after its backoff', async () => {
    const pool = aPool([aNode('a-evil', ['m']), aNode('honest', ['m'])]);
    pool.wait({ requiredModels: ['m'] });
    pool.pass(2);
    await pool.answer(OK);
    pool.pass(18);
    expect(pool.asked()).toEqual(['a-evil m']);
    pool.pass(4);
    expect(pool.asked()).toEqual(['a-evil m', 'honest m']);
    pool.change('honest', { profile: aProfile(modelsOf(['m'], ['m'])) });
    await pool.answer(OK);
    pool.pass(120);
    expect(pool.asked()).toHaveLength(2);
  });

  test('node fails, leaves and joins again as a new one -> the next load is on another node', async () => {
    const pool = aPool([aNode('a-evil-0', ['m']), aNode('b', ['m'])]);
    pool.wait({ requiredModels: ['m'] });
    pool.pass(3);
    for (const i of range(3)) {
      pool.replace(`a-evil-${String(i)}`, aNode(`a-evil-${String(i + 1)}`, ['m']));
      await pool.answer(fail({ code: 'not_connected', message: null }));
      pool.pass(3);
    }
    expect(pool.asked().slice(0, 2)).toEqual(['a-evil-0 m', 'b m']);
  });

  test('all nodes joined after one failed and left -> loaded after 30 s', async () => {
    const pool = aPool([aNode('a-evil', ['m'])]);
    pool.wait({ requiredModels: ['m'] });
    pool.pass(3);
    await pool.answer(fail({ code: 'failed', message: null }));
    pool.pass(3);
    pool.replace('a-evil', aNode('b', ['m']));
    pool.pass(3);
    expect(pool.asked()).toEqual(['a-evil m']);
    pool.pass(35);
    expect(pool.asked()).toEqual(['a-evil m', 'b m']);
  });

  test('answer ok each time, never ready -> the time between two loads is doubled', async () => {
    const pool = aPool([aNode('evil', ['m'])]);
    pool.wait({ requiredModels: ['m'] });
    for (const _second of range(500)) {
      pool.pass(1);
      await pool.answer(OK);
    }
    expect(pool.asked().length).toBeLessThanOrEqual(5);
    expect(pool.asked().length).toBeGreaterThan(1);
  });

  test('answer ok, then ready -> a later load of the same model is not delayed, also when no job waited meanwhile', async () => {
    const pool = aPool([aNode('n', ['m'])]);
    const first = pool.wait({ requiredModels: ['m'] });
    pool.pass(2);
    await pool.answer(OK);
    pool.change('n', { profile: aProfile(modelsOf(['m'], ['m'])) });
    pool.waiting.delete(first);
    pool.pass(2);
    pool.change('n', { profile: aProfile(modelsOf(['m'])) });
    pool.wait({ requiredModels: ['m'] });
    pool.pass(3);
    expect(pool.asked()).toEqual(['n m', 'n m']);
  });
});

describe('busy nodes', () => {
  const GAME = aUsage({ gpuPercent: 100, ownerGpuPercent: 100 });
  const CLAIM = aUsage({ runningJobs: 256 });
  const cold = aNode('cold', ['m']);

  test.each([
    ['the owner plays a game', aNode('busy', ['m'], ['m'], { usage: GAME })],
    ['256 jobs that the scheduler did not assign', aNode('busy', ['m'], ['m'], { usage: CLAIM })],
    ['one assigned job, and 256 claimed', aNode('busy', ['m'], ['m'], { usage: CLAIM, assignedJobs: 1 })],
  ])('%s -> loaded on another node after 30 s', (_title, busy) => {
    const pool = aPool([busy, cold]);
    pool.wait({ requiredModels: ['m'] });
    pool.pass(30);
    expect(pool.asked()).toEqual([]);
    pool.pass(4);
    expect(pool.asked()).toEqual(['cold m']);
  });

  test('clients give up after 8 s and try again -> loaded after 30 s all the same', () => {
    const pool = aPool([aNode('busy', ['m'], ['m'], { usage: GAME }), cold]);
    for (const _try of range(5)) {
      const job = pool.wait({ requiredModels: ['m'] });
      pool.pass(8);
      pool.waiting.delete(job);
      pool.pass(4);
    }
    expect(pool.asked()).toEqual(['cold m']);
  });

  test('full with jobs of this scheduler -> no other node loads the model, without a limit of time', () => {
    const pool = aPool([aNode('full', ['m'], ['m'], { assignedJobs: 4, usage: aUsage({ runningJobs: 4 }) }), cold]);
    pool.wait({ requiredModels: ['m'] });
    pool.pass(300);
    expect(pool.asked()).toEqual([]);
  });

  test('a short load of the owner now and then -> no load', () => {
    const pool = aPool([aNode('busy', ['m'], ['m'], { usage: GAME }), cold]);
    for (const _time of range(4)) {
      const job = pool.wait({ requiredModels: ['m'] });
      pool.pass(4);
      pool.waiting.delete(job);
      pool.pass(60);
    }
    expect(pool.asked()).toEqual([]);
  });
});
