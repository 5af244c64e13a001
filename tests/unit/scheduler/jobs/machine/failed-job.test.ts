// Which jobs count as failures of the pool (api §1, `GET /api/v1/pool/failures`).
import { expect, test } from 'vitest';
import { CANCEL_REASONS, type CancelReason, type JobStatus } from '../../../../../src/shared/api/job';
import { hadFailure } from '../../../../../src/main/scheduler/jobs/machine/failed-job';
import type { JobState, StoredAttempt } from '../../../../../src/main/scheduler/jobs/machine/stored-job';

const stateOf = (status: JobStatus, outcomes: readonly StoredAttempt['outcome'][] = [], message = ''): JobState =>
  ({
    status,
    attempts: outcomes.map((outcome) => ({ outcome })),
    error: { code: status, message, details: null },
  }) as unknown as JobState;

test.each<readonly [string, JobState, boolean]>([
  ['succeeded at once', stateOf('succeeded', ['succeeded']), false],
  ['succeeded after a failed attempt', stateOf('succeeded', ['failed', 'succeeded']), true],
  ['succeeded after an attempt that was never sent', stateOf('succeeded', ['not_delivered', 'succeeded']), false],
  ['failed', stateOf('failed', ['failed']), true],
  ['expired in the queue', stateOf('expired'), true],
  ['cancelled by its client after a failed attempt', stateOf('cancelled', ['failed', 'cancelled'], 'requested'), false],
  ['cancelled for a reason of another version', stateOf('cancelled', [], 'from the future'), false],
])('%s -> counts as a failure: %s', (_case, state, expected) => {
  expect(hadFailure(state)).toBe(expected);
});

const WANTED: readonly CancelReason[] = ['requested', 'client_gone', 'revoked', 'expired'];

test.each(CANCEL_REASONS)('cancelled: %s -> a failure unless the client or an operator wanted the end', (reason) => {
  expect(hadFailure(stateOf('cancelled', ['cancelled'], reason))).toBe(!WANTED.includes(reason));
});
