// The accounts of keys: what is charged, corrected and forgotten.
import { beforeEach, describe, expect, it, test } from 'vitest';
import { KeyShares, MAX_LEAD_MS, type KeyAccount } from '../../../../../src/main/scheduler/jobs/machine/key-shares';
import { slotMsOf } from '../../../../../src/main/scheduler/jobs/machine/attempt-charge';
import { JobTable } from '../../../../../src/main/scheduler/jobs/job-table';
import { newJob } from '../../../../../src/main/scheduler/jobs/machine/job-record';
import { at } from '../../lifecycle/records';
import { aJob, accepted, assigned, failure, played, success } from '../job-records';

const LANE = { place: () => undefined };
const jobOf = (key: string, n = 1) => aJob({ jobId: `${key}-${String(n)}`, submitter: key });

let shares: KeyShares;
let a: KeyAccount;
let b: KeyAccount;
beforeEach(() => {
  shares = new KeyShares();
  [a, b] = [shares.accountOf('a'), shares.accountOf('b')];
});

describe('the account of a key', () => {
  it.each([
    ['predicted 5 s, measured 5 s', 5000, 5000, 5000],
    ['predicted 5 s, measured 8 s -> charged later', 5000, 8000, 8000],
    ['predicted 5 s, measured 1 s -> given back', 5000, 1000, 1000],
    ['the node was lost -> not charged', 5000, null, 0],
    ['not predicted -> the usual time', null, 3000, 3000],
    ['longer than the timeout of an attempt -> the timeout', 9_000_000, 9_000_000, 300_000],
  ])('%s', (_title, predictedMs, measuredMs, usedMs) => {
    shares.charge(jobOf('a'), predictedMs);
    shares.settle(jobOf('a'), measuredMs);
    expect(a.usedMs).toBe(usedMs);
  });

  it('a job that is charged or settled twice -> once', () => {
    shares.charge(jobOf('a'), 5000);
    shares.charge(jobOf('a'), 5000);
    expect([a.usedMs, a.running]).toEqual([5000, 1]);
    shares.settle(jobOf('a'), 4000);
    shares.settle(jobOf('a'), 4000);
    expect([a.usedMs, a.running]).toEqual([4000, 0]);
  });

  it('nothing is known of a node -> the mean of the measured times', () => {
    expect([shares.usualMs, shares.measuredUsualMs]).toEqual([10_000, null]);
    shares.charge(jobOf('a'), 1000);
    shares.settle(jobOf('a'), 2000);
    expect([shares.usualMs, shares.measuredUsualMs]).toEqual([2000, 2000]);
    shares.charge(jobOf('b'), null);
    expect(b.usedMs).toBe(2000);
  });
});

describe('a key begins to wait', () => {
  it.each([
    ['without use -> where the keys beside it are, and first', 0, 70_000, 70_000, true],
    ['with less use than they -> the same', 40_000, 70_000, 70_000, true],
    ['with more use -> behind them', 90_000, 70_000, 90_000, false],
    ['with much more use -> at most the largest lead behind them', 5_000_000, 70_000, 70_000 + MAX_LEAD_MS, false],
  ])('%s', (_title, usedMs, besideMs, expectedMs, isNew) => {
    a.usedMs = usedMs;
    shares.begin(a, LANE, besideMs);
    expect([a.usedMs, a.isNew]).toEqual([expectedMs, isNew]);
  });

  it('no key is beside it -> where the first waiting key is', () => {
    b.usedMs = 30_000;
    shares.begin(b, LANE, 30_000);
    shares.begin(a, LANE, null);
    expect(a.usedMs).toBe(30_000);
  });

  it('no key waits -> what another used meanwhile counts for none', () => {
    for (let n = 1; n <= 10; n++) {
      shares.begin(b, LANE, null);
      shares.end(b, LANE);
      shares.charge(jobOf('b', n), 1000);
    }
    shares.begin(a, LANE, null);
    expect([b.usedMs, a.usedMs, a.isNew]).toEqual([10_000, 9000, true]);
  });

  it('then one of its attempts was shorter than predicted -> not below where it began', () => {
    shares.charge(jobOf('a'), 10_000);
    shares.begin(a, LANE, 8000);
    shares.settle(jobOf('a'), 1000);
    expect(a.usedMs).toBe(8000);
  });

  it('an attempt started -> it is not new any more', () => {
    shares.begin(a, LANE, 0);
    shares.charge(jobOf('a'), 10);
    expect(a.isNew).toBe(false);
  });
});

test('key shares: a correction of a key with many lanes -> a bounded number is sorted, the others next', () => {
  const placed: number[] = [];
  for (let i = 0; i < 40; i++) shares.begin(a, { place: () => placed.push(i) }, null);
  for (const n of [1, 2, 3]) {
    shares.charge(jobOf('a', n), 5000);
    shares.settle(jobOf('a', n), 1);
  }
  expect(placed.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(placed).toHaveLength(48);
});

test('key shares: 100,000 keys that do not wait -> their accounts are forgotten', () => {
  for (let i = 0; i < 100_000; i++) {
    const account = shares.accountOf(`key-${String(i)}`);
    shares.begin(account, LANE, null);
    shares.end(account, LANE);
    shares.charge(jobOf(`key-${String(i)}`), 10);
    shares.settle(jobOf(`key-${String(i)}`), 0);
  }
  expect(shares.size).toBeLessThan(5000);
});

describe('the charge of an attempt', () => {
  it.each([
    ['succeeded', [success()], 800],
    ['failed', [failure(true)], 800],
    ['cancelled', [{ type: 'cancel_requested', reason: 'requested' }], 800],
    ['node lost', [{ type: 'node_lost', nodeId: 'node-1' }], null],
    ['drained', [{ type: 'drain_timeout', nodeId: 'node-1' }], null],
    ['quarantined', [{ type: 'quarantined', nodeId: 'node-1' }], null],
  ] as const)('%s after 0.8 s -> its time, or nothing', (_title, events, expected) => {
    expect(slotMsOf(played([[0, assigned], [100, accepted()], ...events.map((event) => [800, event] as const)]), 1)).toBe(expected);
  });

  it('not delivered -> nothing', () => {
    expect(
      slotMsOf(
        played([
          [0, assigned],
          [500, { type: 'not_delivered', attempt: 1 }],
        ]),
        1,
      ),
    ).toBeNull();
  });
});

test('job table: a job is assigned, requeued, assigned and succeeds -> both attempts are charged to its key', () => {
  let nowMonotonicMs = 0;
  const table = new JobTable({
    writer: { changed: () => undefined },
    now: () => at(nowMonotonicMs),
    perform: () => undefined,
    onCounts: () => undefined,
  });
  const facts = jobOf('a');
  const account = table.waiting.shares.accountOf('a');
  table.add(newJob(facts, at(0)));
  const seconds = 7;
  const node = {
    node_id: 'node-1',
    seconds,
    terms: { slot: 0, wait: 0, load: 0, input: 3, output: 4, displaced: 0 },
    cached_tokens: 0,
    measured: true,
  };
  table.apply(facts.jobId, { type: 'assigned', nodeId: 'node-1', prediction: { route: 'predicted', nodes: [node] } });
  expect([account.usedMs, account.lanes.size]).toEqual([7000, 0]);
  nowMonotonicMs = 2000;
  table.apply(facts.jobId, failure(true));
  expect(account.usedMs).toBe(2000);
  nowMonotonicMs = 12_000;
  table.apply(facts.jobId, { type: 'retry_due' });
  table.apply(facts.jobId, { type: 'assigned', nodeId: 'node-1' });
  nowMonotonicMs = 12_500;
  table.apply(facts.jobId, success(2));
  expect([account.usedMs, account.running]).toEqual([2500, 0]);
});

test('job table: a restored job with a live attempt, its insert is refused -> charged, then not', () => {
  const table = new JobTable({
    writer: { changed: () => undefined },
    now: () => at(0),
    perform: () => undefined,
    onCounts: () => undefined,
  });
  const account = table.waiting.shares.accountOf('a');
  table.add(played([[0, assigned]], jobOf('a')));
  expect([account.usedMs, account.running]).toEqual([10_000, 1]);
  table.drop('a-1');
  expect([account.usedMs, account.running]).toEqual([0, 0]);
});
