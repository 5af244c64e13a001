// The order in which the events of a job reach the writer of its answer.
import { expect, test } from 'vitest';
import { type AnswerStep, onChunk, onJob, onStreamOver, startEvents } from '../../../../src/main/scheduler/replica/core/answer-events';
import type { JobView } from '../../../../src/shared/api/job';
import { MemoryJob } from '../../../support/memory-jobs';
import { chatTask } from '../../../support/job-pool';
import { jobSubmissionSchema } from '../../../../src/shared/api/job';

const submission = jobSubmissionSchema.parse({ task: chatTask() });
const made = new MemoryJob('job-1', submission, { idempotencyKey: null, interactive: true, traceId: null });

const job = (status: JobView['status'], attempt: number, output?: unknown): JobView => ({
  ...made.view,
  ...{ status, attempt },
  result: output === undefined ? null : { attempt, node_id: 'node-1', success: true, output, error: null, processing_time_ms: 1 },
});

type Act = (state: AnswerStep['state']) => AnswerStep;
const is =
  (view: JobView): Act =>
  (state) =>
    onJob(state, view);
const chunk =
  (attempt: number, seq: number): Act =>
  (state) =>
    onChunk(state, { type: 'chunk', attempt, seq, data: {} });
const over =
  (attempt: number): Act =>
  (state) =>
    onStreamOver(state, attempt);

/** What the writer gets, and which streams are opened: one text for each. */
function shown(streams: boolean, acts: readonly Act[]): string {
  let state = startEvents(streams);
  const seen: string[] = [];
  for (const act of acts) {
    const step = act(state);
    state = step.state;
    if (step.open !== null) seen.push(`open ${String(step.open)}`);
    for (const event of step.events) seen.push(event.type === 'chunk' ? `${String(event.attempt)}.${String(event.seq)}` : event.job.status);
  }
  return seen.join(', ');
}

const streamed = (chunks: number): unknown => ({ status: 200, body: null, chunks });

test.each<readonly [string, boolean, readonly Act[], string]>([
  ['no stream', false, [is(job('queued', 0)), is(job('running', 1)), is(job('succeeded', 1, {}))], 'queued, running, succeeded'],
  [
    'the end is faster than the chunks',
    true,
    [is(job('running', 1)), chunk(1, 0), is(job('succeeded', 1, streamed(2))), chunk(1, 1), over(1)],
    'open 1, running, 1.0, 1.1, succeeded',
  ],
  [
    'all chunks are here',
    true,
    [is(job('running', 1)), chunk(1, 0), is(job('succeeded', 1, streamed(1)))],
    'open 1, running, 1.0, succeeded',
  ],
  [
    'the node does not say how many',
    true,
    [is(job('running', 1)), chunk(1, 0), is(job('succeeded', 1, null)), chunk(1, 1), over(1)],
    'open 1, running, 1.0, 1.1, succeeded',
  ],
  [
    'the stream is lost: the leader decides',
    true,
    [is(job('running', 1)), over(1), is(job('succeeded', 1, streamed(2)))],
    'open 1, running, succeeded',
  ],
  ['a failure waits for no chunk', true, [is(job('running', 1)), is(job('failed', 1))], 'open 1, running, failed'],
  [
    'chunks of a lost attempt are late',
    true,
    [is(job('running', 1)), is(job('queued', 1)), chunk(1, 0), is(job('assigned', 2)), chunk(1, 1), chunk(2, 0)],
    'open 1, running, queued, open 2, assigned, 2.0',
  ],
  [
    'repeated by the leader, which the node has then',
    true,
    [is(job('running', 1)), chunk(1, 0), chunk(1, 1), over(1), chunk(1, 0), chunk(1, 1), chunk(1, 2)],
    'open 1, running, 1.0, 1.1, 1.2',
  ],
  [
    'the next leader repeats the state',
    true,
    [is(job('assigned', 1)), is(job('running', 1)), is(job('running', 1))],
    'open 1, assigned, running, running',
  ],
  ['a chunk before its attempt', true, [chunk(1, 0), is(job('running', 1))], 'open 1, running'],
])('%s', (_name, streams, acts, expected) => {
  expect(shown(streams, acts)).toBe(expected);
});
