// The checker of cluster histories finds each planted defect, and no defect in a history with a failover that went well.
import { expect, test } from 'vitest';
import { type ClusterEvent, clusterViolations, type ModelRun } from '../support/faults/cluster-history';
import type { FaultEvent } from '../support/faults/fault-record';
import { historyOf } from '../support/faults/history-of';

const at = (fromMs: number, toMs = fromMs + 5) => ({ fromMs, toMs });

const accepted = (fromMs: number, jobId = 'j1', key = 'k1'): ClusterEvent => ({
  type: 'accepted',
  during: at(fromMs),
  jobId,
  key,
  name: `name-${jobId}`,
  maxAttempts: 3,
});
const sent = (atMs: number, attempt: number, node = 'n1', member = 'a'): ClusterEvent => ({
  type: 'assigned',
  atMs,
  member,
  node,
  jobId: 'j1',
  attempt,
});
const produced = (atMs: number, attempt: number, output: string, node = 'n1'): ClusterEvent => ({
  type: 'produced',
  atMs,
  node,
  jobId: 'j1',
  attempt,
  isSuccess: true,
  output,
});
const running = (fromMs: number, attempt = 1, jobId = 'j1'): ClusterEvent => ({
  type: 'read',
  during: at(fromMs),
  jobId,
  found: { status: 'running', attempt, output: null },
});
const succeeded = (fromMs: number, attempt: number, output: string): ClusterEvent => ({
  type: 'read',
  during: at(fromMs),
  jobId: 'j1',
  found: { status: 'succeeded', attempt, output },
});
const unknown = (fromMs: number): ClusterEvent => ({ type: 'read', during: at(fromMs), jobId: 'j1', found: null });

const GOOD: readonly ClusterEvent[] = [accepted(0), sent(10, 1), running(20), produced(30, 1, '"x"'), succeeded(40, 1, '"x"')];

interface Case {
  readonly title: string;
  readonly events: readonly ClusterEvent[];
  readonly runs?: readonly ModelRun[];
  readonly isAtRest?: boolean;
  readonly violations: readonly string[];
}

const CASES: readonly Case[] = [
  { title: 'one attempt, one result', events: GOOD, runs: [{ name: 'name-j1', node: 'n1' }], violations: [] },
  {
    title: 'the leader died: the key is sent again, the result is repeated to the next leader, a second attempt wins',
    events: [
      accepted(0),
      accepted(50),
      sent(10, 1),
      sent(60, 2, 'n2', 'b'),
      produced(70, 1, '"late"'),
      produced(80, 2, '"x"', 'n2'),
      produced(90, 2, '"x"', 'n2'),
      succeeded(100, 2, '"x"'),
      succeeded(120, 2, '"x"'),
    ],
    runs: [
      { name: 'name-j1', node: 'n1' },
      { name: 'name-j1', node: 'n2' },
    ],
    violations: [],
  },
  { title: 'a read that began before the acceptance was answered', events: [unknown(0), ...GOOD], violations: [] },
  { title: 'a read beside the end', events: [...GOOD, running(42)], violations: [] },
  { title: 'a job that has not ended yet', events: [accepted(0), running(20)], isAtRest: false, violations: [] },
  { title: 'lost job', events: [...GOOD, unknown(60)], violations: ['j1 was accepted and is not known later'] },
  { title: 'a job that never ends', events: [accepted(0), running(20)], violations: ['j1 was accepted and has not ended'] },
  { title: 'a job that no client could read', events: [accepted(0)], violations: ['j1 was accepted and has not ended'] },
  {
    title: 'two results',
    events: [...GOOD, produced(50, 1, '"y"'), succeeded(60, 1, '"y"')],
    violations: [
      'j1 has several ends: {"status":"succeeded","attempt":1,"output":"\\"x\\""} and {"status":"succeeded","attempt":1,"output":"\\"y\\""}',
    ],
  },
  { title: 'a job that runs again after its end', events: [...GOOD, running(60)], violations: ['j1 had ended and is running again'] },
  {
    title: 'the result of a stale attempt',
    events: [accepted(0), sent(10, 1), sent(20, 2, 'n2', 'b'), produced(30, 1, '"x"'), succeeded(40, 1, '"x"')],
    violations: ['j1 has the result of the stale attempt 1, attempt 2 was sent'],
  },
  {
    title: 'a result of an attempt that no node got',
    events: [accepted(0), produced(30, 1, '"x"'), succeeded(40, 1, '"x"')],
    violations: ['j1 has a result of attempt 1, which no node got'],
  },
  {
    title: 'a result that its node did not send',
    events: [accepted(0), sent(10, 1), produced(30, 1, '"x"'), succeeded(40, 1, '"z"')],
    violations: ['j1 has a result that n1 did not send for attempt 1'],
  },
  {
    title: 'a result that is read before its node sent it',
    events: [accepted(0), sent(10, 1), produced(60, 1, '"x"'), succeeded(40, 1, '"x"')],
    violations: ['j1 has a result that n1 did not send for attempt 1'],
  },
  {
    title: 'a key with two jobs',
    events: [...GOOD, accepted(50, 'j2'), running(60, 1, 'j2')],
    isAtRest: false,
    violations: ['key k1 names several jobs: j1, j2'],
  },
  {
    title: 'two leaders dispatch one attempt',
    events: [accepted(0), sent(10, 1), sent(12, 1, 'n2', 'b'), produced(30, 1, '"x"'), succeeded(40, 1, '"x"')],
    violations: ['attempt 1 of j1 was sent 2 times: by a to n1, by b to n2'],
  },
  {
    title: 'a woken leader dispatches its old attempt',
    events: [accepted(0), sent(10, 2, 'n2', 'b'), sent(20, 1), produced(30, 2, '"x"', 'n2'), succeeded(40, 2, '"x"')],
    violations: ['attempt 1 of j1 was sent after a later one, by a'],
  },
  {
    title: 'more attempts than promised',
    events: [accepted(0), sent(1, 1), sent(2, 2), sent(3, 3), sent(4, 4), produced(30, 4, '"x"'), succeeded(40, 4, '"x"')],
    violations: ['j1 was sent 4 times of 3'],
  },
  {
    title: 'a run without an assignment',
    events: GOOD,
    runs: [
      { name: 'name-j1', node: 'n1' },
      { name: 'name-j1', node: 'n1' },
    ],
    violations: ['j1 ran 2 times on n1, which got it 1 times'],
  },
];

test.each(CASES)('cluster history: $title', ({ events, runs = [], isAtRest = true, violations }) => {
  expect(clusterViolations({ events, runs }, { isAtRest })).toEqual(violations);
});

const wire = (atMonotonicMs: number, direction: 'up' | 'down', message: object): FaultEvent => ({
  type: 'wire',
  atMonotonicMs,
  node: 'n1',
  connection: 4,
  direction,
  message: { job_id: 'j1', attempt: 1, ...message },
});
const seen = (job: object): FaultEvent => ({
  type: 'seen',
  during: at(40),
  job: { job_id: 'j1', status: 'succeeded', attempts: [{ attempt: 1 }], result: { output: 'x' }, ...job } as never,
});

test('cluster history: the record of a pool under faults -> what its clients and nodes saw', () => {
  const events: readonly FaultEvent[] = [
    { type: 'accepted', during: at(0), jobId: 'j1', key: 'k1', name: 'name-j1', maxAttempts: 3 },
    wire(5, 'down', { type: 'node_status' }),
    wire(10, 'down', { type: 'job_assign' }),
    seen({ status: 'running', result: null }),
    wire(30, 'up', { type: 'job_result', success: true, output: 'x' }),
    seen({}),
    { type: 'unknown', during: at(60), jobId: 'j1' },
    { type: 'rest', node: 'n1', inFlight: 0, resultsLeft: 0 },
  ];
  expect(historyOf(events)).toEqual([
    accepted(0),
    sent(10, 1, 'n1', 'connection 4'),
    running(40),
    produced(30, 1, '"x"'),
    succeeded(40, 1, '"x"'),
    unknown(60),
  ]);
});
