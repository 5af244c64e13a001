import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { jobRow, jobsPage } from '../../../fixtures/app-states/jobs';
import { SECOND } from '../../../fixtures/app-states/moment';
import { labelsIn } from '../support/labels';
import { showJobs, textOf } from './show-jobs';

const cellsOf = (row: HTMLElement): string[] => within(row).getAllByRole('cell').map(textOf);

describe('the list', () => {
  test('rows: task, status with reason, node, attempts, age, waiting time, run time', async () => {
    showJobs();
    const rows = (await screen.findAllByRole('row')).slice(1).map(cellsOf);
    expect(rows).toEqual([
      ['qwen2.5:14bchat job-e4b0c7d1', 'Queued', '–', '0 of 3', '12 s ago', '12 s', '–'],
      ['nomic-embed-textembeddings job-1f9a33b2', 'Assigned', 'bob-tower', '1 of 3', '2 s ago', '2 s', '–'],
      ['whisper-large-v3transcription job-9d27e0aa', 'Running', 'ming-desktop', '2 of 3', '1 min ago', '1 min', '33 s'],
      ['llama3.1:8bchat job-c0ffee42', 'Done', 'ming-desktop', '1 of 3', '3 min ago', '24 ms', '1.3 s'],
      ['piper-zhspeech job-77aa0e11', 'Done', 'ming-desktop', '1 of 3', '4 min ago', '31 ms', '640 ms'],
      [
        'llama3.1:8bchat job-0badf00d',
        'FailedThe model server responded with HTTP 500',
        'bob-tower',
        '3 of 3',
        '11 min ago',
        '42 s',
        '8.2 s',
      ],
      [
        'llama3.1:8bchat job-51de0001',
        'CancelledThe client disconnected before the job finished',
        'alice-laptop',
        '1 of 3',
        '26 min ago',
        '80 ms',
        '–',
      ],
      ['apertium-en-escommand job-5106abba', 'ExpiredTimed out in the queue', '–', '0 of 3', '2 h ago', '1 h', '–'],
    ]);
    const counts = within(screen.getByRole('list', { name: 'Open jobs' }))
      .getAllByRole('listitem')
      .map(textOf);
    expect(counts).toEqual(['2 Running', '1 Assigned', '14 Queued']);
  });

  test('queued again -> no node', async () => {
    const again = jobRow({ job_id: 'job-0a0a0a0a', attempt: 1, node_id: 'node-B0B00001' });
    showJobs('jobs', { list: jobsPage({ jobs: [again] }) });
    const [, row] = await screen.findAllByRole('row');
    expect(cellsOf(row ?? document.body).slice(1, 4)).toEqual(['Queued', '–', '1 of 3']);
  });

  test('clock tick -> waiting time and run time increase', async () => {
    const { advance } = showJobs();
    await screen.findAllByRole('row');
    advance(5 * SECOND);
    await waitFor(() => {
      const rows = screen.getAllByRole('row').slice(1).map(cellsOf);
      expect([rows[0]?.slice(4, 6), rows[2]?.at(-1), rows[3]?.at(-1)]).toEqual([['17 s ago', '17 s'], '38 s', '1.3 s']);
    });
  });

  test('status filter, older and newest page', async () => {
    const { api } = showJobs();
    await screen.findAllByRole('row');
    await userEvent.click(screen.getByRole('radio', { name: 'Failed' }));
    await waitFor(() => expect(api.calls.at(-1)?.params).toEqual({ limit: 25, status: 'failed' }));
    api.answer('pool.jobs', ok(jobsPage({ jobs: [], next_cursor: null })));
    await userEvent.click(screen.getByRole('button', { name: 'Older' }));
    await waitFor(() => expect(api.calls.at(-1)?.params).toEqual({ limit: 25, status: 'failed', cursor: '41' }));
    expect(await screen.findByText('No older jobs.')).toBeTruthy();
    await userEvent.click(screen.getByRole('radio', { name: 'Expired' }));
    await waitFor(() => expect(api.calls.at(-1)?.params).toEqual({ limit: 25, status: 'expired' }));
    expect(await screen.findByText('No jobs with this status.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Older' })).toBeNull();
  });

  test('job id in the search + Enter -> drawer of the job', async () => {
    const { api } = showJobs();
    api.answer('pool.job', fail({ code: 'NOT_FOUND', message: 'm', details: { job_id: 'x', reason: 'unknown_job' } }));
    await userEvent.type(await screen.findByRole('textbox', { name: labelsIn('en').t('table.search_jobs') }), ' job 7/x{Enter}');
    expect(window.location.hash).toBe('#/jobs/job%207%2Fx');
    const drawer = await screen.findByRole('dialog', { name: 'job 7/x' });
    expect((await within(drawer).findByRole('alert')).textContent).toContain(
      'The pool has no job with this ID. Finished jobs are kept for a limited time.',
    );
    expect(api.calls.filter(({ name }) => name === 'pool.job')).toEqual([{ name: 'pool.job', params: { job_id: 'job 7/x' } }]);
  });

  test('refresh fails -> error shown, jobs stay', async () => {
    const { api } = showJobs();
    await screen.findAllByRole('row');
    api.answer('pool.jobs', fail({ code: 'DISCONNECTED', message: 'm', details: null }));
    expect((await screen.findByRole('alert', undefined, { timeout: 10_000 })).textContent).toContain('DISCONNECTED');
    expect(screen.getAllByRole('row')).toHaveLength(9);
  });

  test('another status fails to load -> error shown, no jobs of the status before', async () => {
    const { api } = showJobs();
    await screen.findAllByRole('row');
    api.answer('pool.jobs', fail({ code: 'DISCONNECTED', message: 'm', details: null }));
    await userEvent.click(screen.getByRole('radio', { name: 'Failed' }));
    expect((await screen.findByRole('alert')).textContent).toContain('DISCONNECTED');
    expect(screen.queryAllByRole('row')).toEqual([]);
  });
});
