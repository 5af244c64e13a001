// Beside the list while no job is chosen.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { exclusions } from '../../../fixtures/app-states/answers';
import { jobsPage } from '../../../fixtures/app-states/jobs';
import { totalsOf } from '../../../fixtures/app-states/pool-figures';
import { poolSummary } from '../../../fixtures/app-states/nodes';
import { hosting } from '../../../fixtures/app-states/states';
import { showJobs, textOf } from './show-jobs';

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

test('more than three reasons -> the most frequent ones, and a button for all, then the one that counts again', async () => {
  const reasons = { ...exclusions.reasons, not_online: { count: 2, examples: [] }, quarantined: { count: 1, examples: [] } };
  showJobs('jobs', { answers: { 'pool.exclusions': ok({ ...exclusions, reasons }) } });
  const card = await screen.findByRole('region', { name: 'Nodes skipped for waiting jobs' });
  await within(card).findByText('41×');
  const counts = () =>
    within(card)
      .getAllByRole('listitem')
      .map((item) => textOf(item).split('×')[0]);
  expect(counts()).toEqual(['41', '12', '3']);
  await userEvent.click(within(card).getByRole('button', { name: 'Show all 5' }));
  expect(counts()).toEqual(['41', '12', '3', '2', '1']);
  expect(within(card).getByRole('button', { name: 'Count from now' })).toBeTruthy();
});

test('beside the title: jobs that wait and run, and those that ended in the last minute', async () => {
  const totals = { ...totalsOf([]), jobs: { ...totalsOf([]).jobs, ended_per_minute: 34 } };
  showJobs('jobs', {
    answers: { 'pool.jobs': ok(jobsPage({ open: { queued: 6, assigned: 0, running: 43 } })), 'pool.totals': ok(totals) },
  });
  await waitFor(() => expect(textOf(screen.getByRole('main'))).toContain('6 waiting · 43 running · 34 finished per minute'));
});
