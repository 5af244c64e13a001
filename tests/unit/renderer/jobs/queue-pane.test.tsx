// Beside the list while no job is chosen.
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { exclusions } from '../../../fixtures/app-states/answers';
import { poolSummary } from '../../../fixtures/app-states/nodes';
import { hosting } from '../../../fixtures/app-states/states';
import { showJobs } from './show-jobs';

test('nothing chosen -> the queue and why jobs had to wait', async () => {
  showJobs('jobs', { answers: { 'pool.exclusions': ok(exclusions) } });
  const queue = await screen.findByRole('region', { name: 'Queue' });
  expect(await within(queue).findByText('Model not available')).toBeTruthy();
  expect(await within(queue).findByRole('figure', { name: 'Waiting jobs' })).toBeTruthy();
});

test('no job waited in the last day, and none waits -> one line and no chart', async () => {
  const pool = poolSummary({ open_jobs: { queued: 0, assigned: 1, running: 1 } });
  showJobs('jobs', { state: hosting({ pool }), answers: { 'pool.exclusions': ok(exclusions) } });
  const queue = await screen.findByRole('region', { name: 'Queue' });
  expect(await within(queue).findByText('No job waited while the scheduler ran.')).toBeTruthy();
  expect(within(queue).queryByRole('figure', { name: 'Waiting jobs' })).toBeNull();
});
