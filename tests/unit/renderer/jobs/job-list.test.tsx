import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { OperationParams } from '../../../../src/shared/api/app-api';
import { fail, ok } from '../../../../src/shared/result';
import type { RowWaiting } from '../../../../src/shared/api/job';
import { JOBS, jobRow, jobsPage } from '../../../fixtures/app-states/jobs';
import { NOW, SECOND } from '../../../fixtures/app-states/moment';
import { keys } from '../../../fixtures/app-states/trust';
import { rowWaiting } from '../../../fixtures/app-states/waiting-jobs';
import { openJob, showJobs, textOf } from './show-jobs';

const rowsOf = (group: string): string[] =>
  within(screen.getByRole('region', { name: group }))
    .getAllByRole('link')
    .map((row) => textOf(row).replace(/\d\d:\d\d/, 'TIME'));
/** The text of a row with columns. */
const columns = (job: string, status: string, node: string, waited: string, ran: string, sender = '–'): string =>
  `${job}${status}Node ${node}Sent by ${sender}Waited ${waited}Ran ${ran}Sent TIME`;
const MISSING = 'No node has the model';
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
    expect(rowsOf('Waiting')).toEqual([columns('qwen2.5:14b chat', `Waiting${MISSING}`, '–', '12 s', '–')]);
    expect(rowsOf('Assigned')).toEqual([columns('nomic-embed-text embeddings', 'AssignedNot started yet', 'bob-tower', '2 s', '–')]);
    expect(rowsOf('Running')).toEqual([columns('whisper-large-v3 transcription', 'Runningattempt 2', 'ming-desktop', '1 min', '33 s')]);
    expect(rowsOf('Finished')).toEqual([
      columns('llama3.1:8b chat', 'Done', 'ming-desktop', '24 ms', '1.3 s'),
      columns('piper-zh speech', 'Done', 'ming-desktop', '31 ms', '640 ms'),
      columns('llama3.1:8b chat', 'FailedNot enough memory to run the model', 'bob-tower', '42 s', '8.2 s'),
      columns('llama3.1:8b chat', 'CancelledThe client disconnected before the job finished', 'alice-laptop', '80 ms', '–'),
      columns('apertium-en-es command', 'ExpiredTimed out in the queue', '–', '1 h', '–'),
    ]);
  });

  test('beside an open job -> one column: model, task, time, reason with the node', async () => {
    await openJob(JOBS.done);
    expect(rowsOf('Waiting')).toEqual([`qwen2.5:14b chat12 sWaiting${MISSING}`]);
    expect(rowsOf('Assigned')).toEqual(['nomic-embed-text embeddings2 sAssignedbob-tower, not started yet']);
    expect(rowsOf('Running')).toEqual(['whisper-large-v3 transcription33 sRunningon ming-desktop']);
    expect(rowsOf('Finished').slice(0, 3)).toEqual([
      'llama3.1:8b chatended TIMEDoneming-desktop in 1.3 s',
      'piper-zh speechended TIMEDoneming-desktop in 640 ms',
      'llama3.1:8b chatended TIMEFailedNot enough memory to run the model · on bob-tower',
    ]);
    await userEvent.click(within(screen.getByRole('region', { name: 'job-c0ffee42' })).getByRole('button', { name: 'Close' }));
    expect(window.location.hash).toBe('#/jobs');
    expect(rowsOf('Running')[0]).toContain('Waited');
    expect(document.activeElement?.getAttribute('data-key')).toBe('job-c0ffee42-done');
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
    [{ reasons: { gpu_unavailable: 40, not_online: 8 } }, 'No suitable GPU: 40 nodes · Not connected: 8'],
    [
      { reasons: { status_not_ready: 20, not_online: 20, model_not_available: 4, gpu_unavailable: 3, quarantined: 1 } },
      'Model not available: 4 nodes · No suitable GPU: 3 · Not ready: 20 · Other reasons: 1 · Not connected: 20',
    ],
    [{ reasons: { not_online: 48 } }, 'Not connected: 48 nodes'],
    [{ reasons: { gpu_unavailable: 40 } }, 'Starts now'],
    [{ reasons: null }, 'Looking for a node'],
    [{ nodes_total: 0 }, 'The pool has no nodes'],
    [{ held_for: 'node-5C0FFEE1' }, 'Slot on ming-desktop'],
    [{ not_before: NOW + 3 * SECOND }, 'Next attempt in 3 s'],
    [{ blocked_by: 'storage_full' }, 'The scheduler’s disk is full'],
  ])('waits with %j -> %s', async (change, text) => {
    showJobs('jobs', { list: jobsPage({ jobs: [jobRow({ wait: rowWaiting(change) })] }) });
    await screen.findByRole('region', { name: 'Waiting' });
    expect(rowsOf('Waiting')).toEqual([columns('llama3.1:8b chat', `Waiting${text}`, '–', '12 s', '–')]);
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
    const shown = showJobs('jobs', { list: jobsPage({ jobs: [job] }) });
    await screen.findByRole('region', { name: 'Running' });
    const status = 'Running104 tokens/s · 582 tokens so far';
    expect(rowsOf('Running')).toEqual([columns('llama3.1:8b chat', status, 'ming-desktop', '6 s', '6 s', 'claude-code')]);
    shown.api.answer('pool.job', ok(JOBS.done));
    act(() => void (window.location.hash = '#/jobs/job-c0ffee42-done'));
    await waitFor(() => expect(rowsOf('Running')).toEqual(['llama3.1:8b chat6 sRunningon ming-desktop · 104 tokens/s · from claude-code']));
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
    expect(screen.getByText(/^Finished jobs are kept for 7.d at most\.$/)).toBeTruthy();
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
