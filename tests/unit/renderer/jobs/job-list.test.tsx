import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { AppJob } from '../../../../src/shared/api/app-job';
import type { OperationParams } from '../../../../src/shared/api/app-api';
import { fail, ok } from '../../../../src/shared/result';
import type { RowWaiting } from '../../../../src/shared/api/job';
import { JOBS, jobRow, jobsPage } from '../../../fixtures/app-states/jobs';
import { NOW, SECOND } from '../../../fixtures/app-states/moment';
import { joinedPool } from '../../../fixtures/app-states/pools';
import { hosting } from '../../../fixtures/app-states/states';
import { keys } from '../../../fixtures/app-states/trust';
import { rowWaiting } from '../../../fixtures/app-states/waiting-jobs';
import { showJobs, textOf } from './show-jobs';

const rowsOf = (group: string): string[] =>
  within(screen.getByRole('region', { name: group }))
    .getAllByRole('link')
    .map(textOf);
const groups = () => screen.getByRole('group', { name: 'Show' });
const lastQueries = (calls: readonly { readonly name: string; readonly params: unknown }[], count: number) =>
  calls
    .filter(({ name }) => name === 'pool.jobs')
    .slice(-count)
    .map(({ params }) => params as OperationParams<'pool.jobs'>);

describe('the list', () => {
  test('open jobs first, then those that ended: model, task, time, reason', async () => {
    showJobs();
    await screen.findByRole('region', { name: 'Waiting' });
    expect(rowsOf('Waiting')).toEqual(['qwen2.5:14b chat12 sWaitingNot ready: 2 nodes']);
    expect(rowsOf('Assigned')).toEqual(['nomic-embed-text embeddings2 sAssignedbob-tower, not started yet']);
    expect(rowsOf('Running')).toEqual(['whisper-large-v3 transcription33 sRunningming-desktop']);
    expect(rowsOf('Finished').map((text) => text.replace(/\d\d:\d\d/, 'TIME'))).toEqual([
      'llama3.1:8b chatTIMEDoneming-desktop in 1.3 s',
      'piper-zh speechTIMEDoneming-desktop in 640 ms',
      'llama3.1:8b chatTIMEFailedNot enough memory to run the model · bob-tower',
      'llama3.1:8b chatTIMECancelledThe client disconnected before the job finished · alice-laptop',
      'apertium-en-es commandTIMEExpiredTimed out in the queue',
    ]);
  });

  test.each<readonly [Partial<RowWaiting>, string]>([
    [{ reasons: { model_not_available: 48 } }, 'No node has the model'],
    [{ reasons: { model_not_available: 43, capacity_exceeded: 5 }, slot_seconds: 1.2 }, '5 nodes full, next slot in about 2 s'],
    [{ reasons: { capacity_exceeded: 48 }, slot_seconds: 7, ahead: 1 }, '48 nodes full, slot in about 7 s · 1 job ahead'],
    [
      { reasons: { model_not_available: 46, capacity_exceeded: 1, resource_threshold_exceeded: 1 }, slot_seconds: 12.4, ahead: 3 },
      '1 node full, slot in about 13 s · 3 jobs ahead, 1 busy with its owner’s work',
    ],
    [{ reasons: { capacity_exceeded: 1, resource_threshold_exceeded: 47 } }, '1 node full, 47 busy with their owners’ work'],
    [{ reasons: { gpu_unavailable: 40, not_online: 8 } }, 'No suitable GPU: 40 nodes'],
    [{ reasons: { gpu_unavailable: 40 } }, 'Starts now'],
    [{ reasons: null }, 'Looking for a node'],
    [{ nodes_total: 0 }, 'The pool has no nodes'],
    [{ held_for: 'node-5C0FFEE1' }, 'Waits for a slot on ming-desktop'],
    [{ not_before: NOW + 3 * SECOND }, 'Next attempt in 3 s'],
    [{ blocked_by: 'storage_full' }, 'The scheduler’s disk is full'],
  ])('waits with %j -> %s', async (change, text) => {
    showJobs('jobs', { list: jobsPage({ jobs: [jobRow({ wait: rowWaiting(change) })] }) });
    await screen.findByRole('region', { name: 'Waiting' });
    expect(rowsOf('Waiting')).toEqual([`llama3.1:8b chat12 sWaiting${text}`]);
  });

  test('jobs of one key, more than are shown -> the button for all has no number, which is not known', async () => {
    showJobs('jobs?filter=key%3Akey-open-webui');
    const waiting = within(await screen.findByRole('region', { name: 'Waiting' }));
    expect(waiting.getAllByText(/^Show all/).map(textOf)).toEqual(['Show all']);
  });

  test('running -> node, tokens per second, sender', async () => {
    const job = jobRow({
      status: 'running',
      node_id: 'node-5C0FFEE1',
      started_at: NOW - 6 * SECOND,
      progress: { tokens: 582, tokens_per_second: 103.7 },
      submitter: { id: 'k_1', name: 'claude-code' },
    });
    showJobs('jobs', { list: jobsPage({ jobs: [job] }) });
    await screen.findByRole('region', { name: 'Running' });
    expect(rowsOf('Running')).toEqual(['llama3.1:8b chat6 sRunningming-desktop · 104 tokens/s · claude-code']);
  });

  test('clock tick -> waiting time and run time increase', async () => {
    const { advance } = showJobs();
    await screen.findByRole('region', { name: 'Waiting' });
    advance(5 * SECOND);
    await waitFor(() => {
      expect(rowsOf('Waiting')[0]).toContain('17 s');
      expect(rowsOf('Running')[0]).toContain('38 s');
    });
  });

  test('group, older and newest page -> their queries', async () => {
    const { api } = showJobs();
    await screen.findByRole('region', { name: 'Waiting' });
    expect(lastQueries(api.calls, 4)).toEqual([
      { limit: 50, status: ['queued'] },
      { limit: 50, status: ['assigned'] },
      { limit: 50, status: ['running'] },
      { limit: 25, status: ['succeeded', 'failed', 'expired', 'cancelled'] },
    ]);
    expect(
      within(groups())
        .getAllByRole('button')
        .map((button) => textOf(button).trim()),
    ).toEqual(['All', 'Waiting 1', 'Running 1', 'Done', 'Failed and expired', 'Cancelled']);
    await userEvent.click(within(groups()).getByRole('button', { name: 'Failed and expired' }));
    expect(window.location.hash).toBe('#/jobs?status=failed');
    await waitFor(() => expect(lastQueries(api.calls, 1)).toEqual([{ limit: 25, status: ['failed', 'expired'] }]));
    api.answer('pool.jobs', ok(jobsPage({ jobs: [], next_cursor: null })));
    await userEvent.click(screen.getByRole('button', { name: 'Older' }));
    await waitFor(() => expect(lastQueries(api.calls, 1)).toEqual([{ limit: 25, status: ['failed', 'expired'], cursor: '41' }]));
    expect(await screen.findByText('No older jobs.')).toBeTruthy();
    await userEvent.click(within(groups()).getByRole('button', { name: 'Cancelled' }));
    expect(await screen.findByText('No jobs with this status.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Older' })).toBeNull();
  });

  test('text, node of a suggestion, filter removed -> queries and address', async () => {
    const { api } = showJobs('jobs?status=succeeded');
    await screen.findByRole('region', { name: 'Done' });
    await userEvent.type(screen.getByRole('searchbox', { name: 'Model, node, key, job ID' }), 'ming');
    await waitFor(() => expect(lastQueries(api.calls, 1)).toEqual([{ limit: 25, status: ['succeeded'], search: 'ming' }]));
    await userEvent.click(screen.getByRole('button', { name: 'Only node ming-desktop' }));
    expect(window.location.hash).toBe('#/jobs?status=succeeded&filter=node%3Anode-5C0FFEE1');
    await waitFor(() => expect(lastQueries(api.calls, 1)).toEqual([{ limit: 25, status: ['succeeded'], node_id: 'node-5C0FFEE1' }]));
    await userEvent.click(screen.getByRole('button', { name: 'Remove the filter Node: ming-desktop' }));
    expect(window.location.hash).toBe('#/jobs?status=succeeded');
  });

  test('text is part of a status, or of a key without a listed job -> suggested as filters', async () => {
    const key = { ...keys[0], id: 'key-quiet', name: 'nightly-batch' };
    const { api } = showJobs('jobs', {
      answers: { 'pool.jobs': ok(jobsPage()), 'keys.list': ok({ keys: [key] }), 'members.list': ok({ members: [] }) },
    });
    const field = await screen.findByRole('searchbox', { name: 'Model, node, key, job ID' });
    await userEvent.type(field, 'expir');
    await userEvent.click(await screen.findByRole('button', { name: 'Only Failed and expired' }));
    expect(window.location.hash).toBe('#/jobs?status=failed');
    await userEvent.type(field, 'night');
    await userEvent.click(await screen.findByRole('button', { name: 'Only sent by nightly-batch' }));
    await waitFor(() => expect(lastQueries(api.calls, 1)).toEqual([{ limit: 25, status: ['failed', 'expired'], key: 'key-quiet' }]));
    expect(screen.getByRole('button', { name: 'Remove the filter Sent by: nightly-batch' })).toBeTruthy();
  });

  test('name of a model in the search + Enter -> the list stays', async () => {
    showJobs();
    await userEvent.type(await screen.findByRole('searchbox', { name: 'Model, node, key, job ID' }), 'qwen{Enter}');
    expect(window.location.hash).toBe('#/jobs?search=qwen');
  });

  test('filters without a match -> says whether older jobs may match', async () => {
    const { api } = showJobs('jobs?status=succeeded&search=nothing', { list: jobsPage({ jobs: [], next_cursor: null }) });
    await screen.findByText('No job matches these filters.');
    api.answer('pool.jobs', ok(jobsPage({ jobs: [], next_cursor: '9' })));
    await userEvent.type(screen.getByRole('searchbox'), 's');
    await screen.findByText('No match among the newest jobs. Older jobs may match.');
  });

  test('job id in the search + Enter -> the job beside the list', async () => {
    const { api } = showJobs();
    api.answer('pool.job', fail({ code: 'NOT_FOUND', message: 'm', details: { job_id: 'x', reason: 'unknown_job' } }));
    await userEvent.type(await screen.findByRole('searchbox', { name: 'Model, node, key, job ID' }), ' job-7/x{Enter}');
    expect(window.location.hash).toBe('#/jobs/job-7%2Fx');
    const details = await screen.findByRole('region', { name: 'job-7/x' });
    expect((await within(details).findByRole('alert')).textContent).toContain(
      'The pool has no job with this ID. Finished jobs are kept for a limited time.',
    );
    expect(api.calls.filter(({ name }) => name === 'pool.job')).toEqual([{ name: 'pool.job', params: { job_id: 'job-7/x' } }]);
  });

  test('refresh fails -> error shown, jobs stay', async () => {
    const { api } = showJobs();
    await screen.findByRole('region', { name: 'Waiting' });
    api.answer('pool.jobs', fail({ code: 'DISCONNECTED', message: 'm', details: null }));
    expect((await screen.findByRole('alert', undefined, { timeout: 10_000 })).textContent).toContain('DISCONNECTED');
    expect(rowsOf('Waiting')).toHaveLength(1);
  });

  test('another group fails to load -> error shown, no jobs of the group before', async () => {
    const { api } = showJobs();
    await screen.findByRole('region', { name: 'Waiting' });
    api.answer('pool.jobs', fail({ code: 'DISCONNECTED', message: 'm', details: null }));
    await userEvent.click(within(groups()).getByRole('button', { name: 'Failed and expired' }));
    expect((await screen.findByRole('alert')).textContent).toContain('DISCONNECTED');
    expect(screen.queryByRole('region', { name: 'Failed and expired' })).toBeNull();
  });
});

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

  test('a member, no job chosen -> slots and missed jobs of this computer beside the list', async () => {
    showJobs('jobs', { state: hosting({ pool: joinedPool() }) });
    const pane = await screen.findByRole('region', { name: 'Queue' });
    const titles = within(pane).getAllByRole('heading', { level: 2 }).map(textOf);
    expect(titles).toEqual(['This computer', 'Running on this computer', 'Missed jobs']);
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
    expect(await buttonsOf({ ...JOBS.noModel, job_id: 'job-c-own', submitter: own })).toEqual(['Cancel the job…']);
    expect(await buttonsOf({ ...JOBS.noModel, job_id: 'job-d-other', submitter: null })).toEqual([]);
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
