// What a user does with the jobs of the list: select, cancel, export, retry, keys.
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { AppJob } from '../../../../src/shared/api/app-job';
import { fail, ok } from '../../../../src/shared/result';
import { JOBS, jobRow, jobsPage } from '../../../fixtures/app-states/jobs';
import { LARGE_JOBS } from '../../../fixtures/app-states/waiting-jobs';
import { NOW } from '../../../fixtures/app-states/moment';
import { joinedPool } from '../../../fixtures/app-states/pools';
import { hosting } from '../../../fixtures/app-states/states';
import { showJobs, textOf } from './show-jobs';

describe('acts', () => {
  test('selected jobs -> cancelled after one question, the selection ends', async () => {
    const { api } = showJobs();
    await screen.findByRole('region', { name: 'Waiting' });
    api.answer('pool.cancel_jobs', ok({ jobs: [] }));
    expect(screen.getAllByRole('checkbox')).toHaveLength(3);
    await userEvent.click(screen.getByRole('checkbox', { name: 'Select job-e4b0c7d1' }));
    await userEvent.click(screen.getByRole('checkbox', { name: 'Select job-9d27e0aa' }));
    await userEvent.click(screen.getByRole('button', { name: 'Cancel jobs…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Cancel 2 jobs?' });
    expect(api.calls.some(({ name }) => name === 'pool.cancel_jobs')).toBe(false);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel the jobs' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Cancel jobs…' })).toBeNull());
    expect(api.calls.filter(({ name }) => name === 'pool.cancel_jobs')).toEqual([
      { name: 'pool.cancel_jobs', params: { job_ids: ['job-e4b0c7d1-waiting', 'job-9d27e0aa-running'] } },
    ]);
  });

  test('a member, no job chosen -> slots and missed jobs of this computer above the list', async () => {
    showJobs('jobs', { state: hosting({ pool: joinedPool() }) });
    const pane = await screen.findByRole('region', { name: 'Queue' });
    const titles = within(pane).getAllByRole('heading', { level: 2 }).map(textOf);
    expect(titles).toEqual(['Running on this computer', 'Missed jobs']);
    expect(within(pane).queryByRole('link', { name: 'All jobs' })).toBeNull();
  });

  test('a member -> selects, cancels and retries its own jobs only', async () => {
    const own = { id: 'mem-1', name: 'kai-desktop' };
    const jobs = [
      jobRow({ job_id: 'job-own-waiting', submitter: own }),
      jobRow({ job_id: 'job-other-waiting', submitter: null }),
      jobRow({ job_id: 'job-other-failed', status: 'failed', finished_at: NOW, submitter: null }),
    ];
    const { api } = showJobs('jobs', {
      state: hosting({ pool: joinedPool({ rights: ['read_jobs', 'cancel_jobs'] }) }),
      list: jobsPage({ jobs }),
    });
    await screen.findByRole('region', { name: 'Waiting' });
    expect(screen.getAllByRole('checkbox').map((box) => box.getAttribute('aria-label'))).toEqual(['Select job-own-wait']);
    const buttonsOf = async (job: AppJob) => {
      api.answer('pool.job', ok(job));
      act(() => void (window.location.hash = `#/jobs/${job.job_id}`));
      const open = await screen.findByRole('region', { name: job.job_id.slice(0, 12) });
      await within(open).findByRole('heading', { level: 2 });
      return ['Retry', 'Cancel the job…'].filter((name) => within(open).queryByRole('button', { name }) !== null);
    };
    expect(await buttonsOf({ ...JOBS.failed, job_id: 'job-a-own', submitter: own })).toEqual(['Retry']);
    expect(await buttonsOf({ ...JOBS.failed, job_id: 'job-b-other', submitter: null })).toEqual([]);
    expect(await buttonsOf({ ...LARGE_JOBS.noModel, job_id: 'job-c-own', submitter: own })).toEqual(['Cancel the job…']);
    expect(await buttonsOf({ ...LARGE_JOBS.noModel, job_id: 'job-d-other', submitter: null })).toEqual([]);
  });

  test('keys: J and K move, X selects, Enter opens', async () => {
    const { api } = showJobs();
    api.answer('pool.job', ok(JOBS.failed));
    await screen.findByRole('region', { name: 'Waiting' });
    const focused = () => document.activeElement?.getAttribute('data-key');
    await userEvent.keyboard('j');
    expect(focused()).toBe('job-e4b0c7d1-waiting');
    await userEvent.keyboard('x');
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Select job-e4b0c7d1' }).checked).toBe(true);
    await userEvent.keyboard('jjk');
    const second = focused();
    expect(second).not.toBe('job-e4b0c7d1-waiting');
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(window.location.hash).toBe(`#/jobs/${second ?? ''}`));
  });

  test('export -> the filters of the page; where the file is, or why there is none', async () => {
    const { api } = showJobs('jobs?status=failed&filter=model:llama3.1%3A8b');
    const start = async () => {
      await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
      await userEvent.click(await screen.findByRole('button', { name: 'Export…' }, { timeout: 10_000 }));
      await userEvent.click(await screen.findByRole('menuitem', { name: 'CSV for spreadsheets' }, { timeout: 10_000 }));
    };
    api.answer('pool.export_jobs', ok({ state: 'saved', path: '/home/anna/muster-jobs.csv' }));
    await start();
    await screen.findByText('Jobs saved to /home/anna/muster-jobs.csv');
    expect(api.calls.filter(({ name }) => name === 'pool.export_jobs').map(({ params }) => params)).toEqual([
      { status: ['failed', 'expired'], model: 'llama3.1:8b', format: 'csv' },
    ]);
    api.answer('pool.export_jobs', fail({ code: 'FILE_NOT_WRITTEN', message: 'm', details: null }));
    await start();
    await screen.findByText(/file could not be written/i);
  });

  test('failed job whose client waited -> no retry: its request is not kept', async () => {
    const { api } = showJobs();
    api.answer('pool.job', ok({ ...JOBS.failed, interactive: true }));
    act(() => void (window.location.hash = `#/jobs/${JOBS.failed.job_id}`));
    await screen.findByRole('heading', { name: 'Timeline' });
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull();
  });

  test('retry of a failed job -> the new job opens; a refusal stays beside the button', async () => {
    const { api } = showJobs();
    api.answer('pool.job', ok(JOBS.failed));
    api.answer('pool.retry_job', fail({ code: 'INVALID_STATE', message: 'm', details: { reason: 'payload_not_kept' } }));
    act(() => void (window.location.hash = `#/jobs/${JOBS.failed.job_id}`));
    await userEvent.click(await screen.findByRole('button', { name: 'Retry' }));
    expect((await screen.findByRole('alert')).textContent).toContain('The request of this job is not kept');
    api.answer('pool.retry_job', ok({ job_id: 'job-new', status: 'queued' }));
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    await waitFor(() => expect(window.location.hash).toBe('#/jobs/job-new'));
  });
});
