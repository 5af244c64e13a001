// The checker of all fault tests detects violations: it reports none for a correct record, and names each thing that is wrong.
import { expect, test } from 'vitest';
import type { JobStatus, JobView } from '../../src/shared/api/job';
import { violationsOf } from '../support/faults/fault-invariants';
import type { FaultEvent, FaultRecord, Stored, StoredAttempt } from '../support/faults/fault-record';

type Wire = Extract<FaultEvent, { type: 'wire' }>;

const wire = (direction: 'up' | 'down', message: Wire['message'], change: Partial<Wire> = {}): FaultEvent => ({
  type: 'wire',
  atMonotonicMs: 0,
  node: 'a',
  connection: 0,
  direction,
  message,
  ...change,
});
const ack = (change: Partial<Wire> = {}) => wire('down', { type: 'node_register_ack', node_id: `id-${change.node ?? 'a'}` }, change);
const status = (value: string, change: Partial<Wire> = {}) => wire('down', { type: 'node_status', status: value }, change);
const assign = (job: string, attempt = 1, change: Partial<Wire> = {}) => wire('down', { type: 'job_assign', job_id: job, attempt }, change);
const output = (run: string) => ({ status: 200, body: { id: run } });
const result = (job: string, run: string, attempt = 1) => wire('up', { type: 'job_result', job_id: job, attempt, output: output(run) });
const resultAck = (job: string) => wire('down', { type: 'job_result_ack', job_id: job, attempt: 1 });
const accepted = (jobId: string, change: Partial<Extract<FaultEvent, { type: 'accepted' }>> = {}): FaultEvent => ({
  type: 'accepted',
  during: { fromMs: 0, toMs: 1 },
  jobId,
  name: `name-${jobId}`,
  key: null,
  maxAttempts: 2,
  ...change,
});
const attempt = (number: number, outcome: string | null, nodeId = 'id-a'): StoredAttempt => ({ attempt: number, nodeId, outcome });
const job = (state: JobStatus, attempts: readonly StoredAttempt[], run: string | null = null): Stored => ({
  state: { status: state, attempts },
  result: run === null ? null : JSON.stringify({ attempt: 1, node_id: 'id-a', output: output(run) }),
});
const stored = (jobs: Readonly<Record<string, Stored>>): FaultEvent => ({ type: 'stored', jobs: new Map(Object.entries(jobs)) });
const seen = (jobId: string, { state, result: kept }: Stored): FaultEvent => ({
  type: 'seen',
  job: {
    job_id: jobId,
    status: state.status,
    attempts: state.attempts.map((one) => ({ attempt: one.attempt, node_id: one.nodeId, outcome: one.outcome })),
    result: kept === null ? null : (JSON.parse(kept) as unknown),
  } as unknown as JobView,
});

const succeeded = job('succeeded', [attempt(1, 'succeeded')], 'run-1');
const online = [ack(), status('ready')];
const ran = [...online, accepted('j'), assign('j'), result('j', 'run-1')];
const rest = (inFlight = 0, resultsLeft = 0): FaultEvent => ({ type: 'rest', node: 'a', inFlight, resultsLeft });
const begin = (run: string, name = 'name-j', node = 'a') => ({ event: 'begin', name, run, node }) as const;

const record = (events: readonly FaultEvent[], runs: FaultRecord['runs'] = [begin('run-1')]): FaultRecord => ({
  events,
  runs,
  capacity: 1,
});

test('invariants: nothing violated -> no violation reported', () => {
  const whole = [...ran, stored({ j: succeeded }), resultAck('j'), seen('j', succeeded), rest(), stored({ j: succeeded })];
  expect(violationsOf(record(whole))).toEqual([]);
  const retried = job('succeeded', [attempt(1, 'node_lost'), attempt(2, 'succeeded', 'id-b')], 'run-2');
  const moved = [
    ...ran.slice(0, -1),
    ack({ node: 'b' }),
    status('ready', { node: 'b' }),
    assign('j', 2, { node: 'b' }),
    wire('up', { type: 'job_result', job_id: 'j', attempt: 2, output: output('run-2') }, { node: 'b' }),
    stored({ j: retried }),
  ];
  expect(violationsOf(record(moved, [begin('run-1'), begin('run-2', 'name-j', 'b')]))).toEqual([]);
});

const chat = (job: string) =>
  wire('down', {
    type: 'job_assign',
    job_id: job,
    attempt: 1,
    interactive: true,
    task: { body: { messages: [{ content: 'name-j|say' }] } },
  });
const answered = (run: string): FaultEvent => ({ type: 'answered', jobId: 'j', name: 'name-j', run });
const led = (epoch: number, atMonotonicMs: number) =>
  wire('down', { type: 'node_register_ack', node_id: 'id-a', leader_epoch: epoch }, { atMonotonicMs });
const followed = (terminalEvents: number, fromMs = 0): FaultEvent => ({
  type: 'followed',
  during: { fromMs, toMs: fromMs + 1 },
  jobId: 'j',
  terminalEvents,
});
const streamed = (pieces: string, runs: readonly string[] = ['run-1'], isWhole = true): FaultEvent => ({
  type: 'streamed',
  cut: isWhole ? null : 'no last chunk',
  jobId: 'j',
  name: 'name-j',
  chunks: 3,
  pieces: pieces.split(' '),
  runs,
});
const chatted = [...online, chat('j'), result('j', 'run-1'), answered('run-1')];

test('invariants: interactive job -> no record, an older record or the whole record is right', () => {
  const left: readonly Readonly<Record<string, Stored>>[] = [
    {},
    { j: job('cancelled', [attempt(1, 'cancelled')]) },
    { j: job('cancelled', []) },
    { j: succeeded },
  ];
  for (const jobs of left) expect(violationsOf(record([...chatted, stored(jobs)]))).toEqual([]);
  expect(violationsOf(record([...chatted, stored({}), resultAck('j'), stored({})]))).toEqual([]);
  expect(violationsOf(record([...chatted, streamed('0 1 2'), streamed('0 1', ['run-1'], false), stored({})]))).toEqual([]);
});

test('invariants: the term of a leader ends -> subscriptions end, and the next leader does not know interactive jobs', () => {
  expect(violationsOf(record([led(1, 0), followed(0, 50), led(2, 100)]))).toEqual([]);
  expect(violationsOf(record([...chatted, led(2, 100), resultAck('j'), stored({})]))).toEqual([]);
});

const WRONG: readonly (readonly [names: string, what: string, events: readonly FaultEvent[], runs?: FaultRecord['runs']])[] = [
  ['I1', 'an accepted job is not on the disk', [accepted('j'), stored({})]],
  ['I1', 'an accepted job has not ended when all is over', [accepted('j'), stored({ j: job('queued', []) })], []],
  ['I1', 'a job that had ended is queued again', [...ran, seen('j', succeeded), stored({ j: job('queued', [attempt(1, 'node_lost')]) })]],
  ['I2', 'a result has changed', [...ran, seen('j', succeeded), stored({ j: job('succeeded', [attempt(1, 'succeeded')], 'run-2') })]],
  ['I2', 'a stream has two terminal events', [followed(2)]],
  ['I2', 'a stream has no terminal event', [followed(0)]],
  ['I2', 'a stream has no terminal event in the middle of a term', [ack(), led(2, 100), followed(0, 200)]],
  [
    'I3',
    'more attempts are used than allowed',
    [accepted('j', { maxAttempts: 1 }), stored({ j: job('queued', [attempt(1, 'failed'), attempt(2, 'node_lost')]) })],
  ],
  ['I3', 'an attempt that reached a node does not count', [...ran, stored({ j: job('queued', [attempt(1, 'not_delivered')]) })]],
  ['I3', 'a sent attempt is not on the disk', [...ran, stored({ j: job('queued', []) })]],
  ['I3', 'a job ran more often than it was sent', [...ran, stored({ j: succeeded })], [begin('run-1'), begin('run-2')]],
  ['I4', 'a node that is not ready gets a job', [ack(), status('registering'), assign('j')]],
  [
    'I4',
    'a node gets a job over an old connection',
    [...online, ack({ connection: 1, atMonotonicMs: 1 }), assign('j', 1, { atMonotonicMs: 500 })],
  ],
  ['I5', 'an attempt is sent twice', [...online, assign('j'), result('j', 'run-1'), assign('j')]],
  ['I5', 'two attempts are live', [stored({ j: job('running', [attempt(1, null), attempt(2, null)]) })]],
  ['I5', 'a job that has ended has a live attempt', [stored({ j: job('cancelled', [attempt(1, null)]) })]],
  ['I8', 'a draining node gets a job', [...online, status('draining'), assign('j')]],
  [
    'I8',
    'a restart loses a drain',
    [
      ...online,
      { type: 'drained', node: 'a', atMonotonicMs: 0 },
      ack({ connection: 1 }),
      status('ready', { connection: 1 }),
      assign('j', 1, { connection: 1, atMonotonicMs: 500 }),
    ],
  ],
  ['I9', 'a result is acknowledged before it is on the disk', [...ran, resultAck('j'), stored({ j: job('running', [attempt(1, null)]) })]],
  ['I9', 'the result of another attempt is kept', [...ran, stored({ j: job('succeeded', [attempt(2, 'succeeded')], 'run-1') })]],
  ['I9', 'the result of a run for another job is kept', [...ran, stored({ j: succeeded })], [begin('run-1', 'name-other')]],
  ['I9', 'a result is never acknowledged', [rest(0, 1)]],
  ['I11', 'a node has more jobs than slots', [...online, assign('j'), assign('k')]],
  ['I11', 'a slot is never freed', [rest(1)]],
  ['I1', 'an interactive job has not ended when all is over', [...chatted, stored({ j: job('running', [attempt(1, null)]) })]],
  [
    'I2',
    'the client got another answer than the stored one',
    [...chatted, stored({ j: job('succeeded', [attempt(1, 'succeeded')], 'run-2') })],
  ],
  ['I3', 'an interactive job ran more often than it was sent', [...chatted, stored({})], [begin('run-1'), begin('run-2')]],
  ['I9', 'an interactive result is acknowledged without its record', [...chatted, resultAck('j'), stored({})]],
  ['I9', 'the client got the answer of another request', [...chatted, stored({})], [begin('run-1', 'name-other')]],
  ['I9', 'a stream lacks a chunk', [...chatted, streamed('0 2'), stored({})]],
  ['I9', 'a stream that was cut lacks a chunk', [...chatted, streamed('0 2', ['run-1'], false), stored({})]],
  ['I9', 'a stream has a chunk twice', [...chatted, streamed('0 1 1 2'), stored({})]],
  ['I9', 'a stream has chunks of two runs', [...chatted, streamed('0 1 2', ['run-1', 'run-2']), stored({})]],
  ['I9', 'a stream has the chunks of another request', [...chatted, streamed('0 1 2'), stored({})], [begin('run-1', 'name-other')]],
  ['I14', 'a key names two jobs', [accepted('j', { key: 'k' }), accepted('l', { key: 'k' })]],
];

const namesIn = (violation: string): readonly string[] => violation.slice(0, violation.indexOf(':')).split(', ');

for (const [name, what, events, runs] of WRONG)
  test(`invariants: ${what} -> ${name} reported`, () => {
    expect(violationsOf(record(events, runs)).flatMap(namesIn)).toContain(name);
  });
