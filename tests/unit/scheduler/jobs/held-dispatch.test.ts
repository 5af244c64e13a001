// Jobs that wait for a full node, with the real dispatcher and queue, in virtual time.
import { expect, test } from 'vitest';
import { MusterPool } from '../../../../bench/routing/muster-pool';
import type { BenchRequest } from '../../../../bench/routing/requests';
import { VirtualNode } from '../../../../bench/routing/virtual-node';
import { VirtualTime } from '../../../../bench/routing/virtual-time';
import type { DispatchPolicy } from '../../../../src/main/scheduler/dispatch/policy';

const FAST = { promptPerSecond: 4000, outputPerSecond: 100, slots: 1, blocks: 400, loadSeconds: 0 };
const SLOW = { promptPerSecond: 200, outputPerSecond: 10, slots: 2, blocks: 400, loadSeconds: 0 };
const [FAST_NODE, SLOW_NODE] = [0, 1];

interface Assigned {
  readonly id: number;
  readonly node: number;
  readonly atSeconds: number;
}

interface Settings {
  readonly policy?: Partial<DispatchPolicy>;
  readonly queueTimeoutMs?: number;
}

/** Both nodes have run the model. Then time goes on from 1000 s. */
function warmPool({ policy = {}, queueTimeoutMs = 86_400_000 }: Settings = {}) {
  const time = new VirtualTime();
  const nodes = [FAST, SLOW].map((speed, index) => new VirtualNode(index, speed, time));
  const assigned: Assigned[] = [];
  const pool = new MusterPool({
    time,
    nodes,
    policy,
    queueTimeoutMs,
    onAssigned: (request, node, { onFirstToken, onEnd }) => {
      assigned.push({ id: request.id, node: node.index, atSeconds: Math.round(time.monotonicMs() / 100) / 10 });
      node.serve(request, onFirstToken, onEnd);
    },
  });
  let id = 0;
  const sendAt = (atSeconds: number, promptTokens: number, outputTokens: number): number => {
    const request: BenchRequest = {
      id: id++,
      atSeconds,
      promptTokens,
      outputTokens,
      blocks: [],
      session: null,
      thinkSeconds: 0,
      next: null,
    };
    time.setTimer(atSeconds * 1000, () => {
      pool.submit(request);
    });
    return request.id;
  };
  for (let i = 0; i < 8; i++) sendAt(i * 100, 2000, 100);
  return { sendAt, run: () => (time.run(), assigned), of: (one: number) => assigned.filter((each) => each.id === one) };
}

test('fast node full, soon free -> the job waits for it; a job that cannot gain goes to the free node', () => {
  const { sendAt, run, of } = warmPool();
  const first = sendAt(1000, 4000, 100);
  const held = sendAt(1000.5, 4000, 100);
  run();
  expect(of(first)).toEqual([{ id: first, node: FAST_NODE, atSeconds: 1000 }]);
  expect(of(held)).toEqual([{ id: held, node: FAST_NODE, atSeconds: 1002 }]);
});

test('holding switched off -> the free node gets the job at once', () => {
  const { sendAt, run, of } = warmPool({ policy: { holdsJobs: false } });
  sendAt(1000, 4000, 100);
  const second = sendAt(1000.5, 4000, 100);
  run();
  expect(of(second)).toEqual([{ id: second, node: SLOW_NODE, atSeconds: 1000.5 }]);
});

test('many jobs at once -> those that would wait too long go to the free node, and none is lost', () => {
  const { sendAt, run, of } = warmPool();
  const jobs = Array.from({ length: 30 }, () => sendAt(1000, 4000, 100));
  run();
  const nodes = jobs.map((job) => of(job).map(({ node }) => node)).flat();
  expect(nodes).toHaveLength(30);
  expect(nodes.filter((node) => node === SLOW_NODE).length).toBeGreaterThan(1);
  expect(nodes.filter((node) => node === FAST_NODE).length).toBeGreaterThan(20);
});

test('full node does not end as predicted -> the held job goes to the free node after 30 s', () => {
  const { sendAt, run, of } = warmPool();
  sendAt(1000, 4000, 20_000);
  const held = sendAt(1000.5, 4000, 100);
  run();
  expect(of(held)).toEqual([{ id: held, node: SLOW_NODE, atSeconds: 1030.5 }]);
});

test('queue deadline in 10 s -> the held job goes to the free node a second before', () => {
  const { sendAt, run, of } = warmPool({ queueTimeoutMs: 10_000 });
  sendAt(1000, 4000, 20_000);
  const held = sendAt(1000.5, 4000, 100);
  run();
  expect(of(held)).toEqual([{ id: held, node: SLOW_NODE, atSeconds: 1009.5 }]);
});

test('held job -> a later job with the same requirements is still tried', () => {
  const { sendAt, run, of } = warmPool();
  sendAt(1000, 4000, 100);
  const held = sendAt(1000.5, 4000, 100);
  const small = sendAt(1000.6, 1, 1);
  run();
  expect(of(held)[0]?.node).toBe(FAST_NODE);
  expect(of(small)[0]?.atSeconds, 'before the fast node is free').toBeLessThan(1002);
});
