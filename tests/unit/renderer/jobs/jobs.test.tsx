import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import type { AppJob } from '../../../../src/shared/api/app-job';
import type { AppState } from '../../../../src/shared/api/app-state';
import { appJob, jobError, jobRow, JOBS, jobsPage, textContent, wordsContent } from '../../../fixtures/app-states/jobs';
import { MINUTE, NOW, SECOND } from '../../../fixtures/app-states/moment';
import { appInfo, hosting } from '../../../fixtures/app-states/states';
import { show as showScreen, type ShowOptions } from '../support/render-screen';

const textOf = (element: HTMLElement): string => (element.textContent ?? '').replaceAll('\u00a0', ' ');
const cellsOf = (row: HTMLElement): string[] => within(row).getAllByRole('cell').map(textOf);

/** The room of a pool whose jobs are these; a drawer shows `job`. */
function show(room = 'jobs', { state = hosting(), page = jobsPage(), ...options }: ShowOptions & { state?: AppState; page?: object } = {}) {
  return showScreen(state, { room, answers: { 'pool.jobs': ok(page) }, ...options });
}

async function open(job: AppJob, options: Parameters<typeof show>[1] = {}) {
  const shown = show('jobs', options);
  shown.api.answer('pool.job', ok(job));
  act(() => void (window.location.hash = `#/jobs/${job.job_id}`));
  const drawer = await screen.findByRole('dialog', { name: job.job_id.slice(0, 12) }, { timeout: 10_000 });
  await within(drawer).findByRole('heading', { name: new RegExp(`^${job.task.model}`) });
  return { ...shown, drawer };
}

describe('the list', () => {
  test('says of each job how it stands and why, where, and how long it waited and ran', async () => {
    show();
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

  test('names no node for a job that is queued again: its former one has it no more', async () => {
    const again = jobRow({ job_id: 'job-0a0a0a0a', attempt: 1, node_id: 'node-B0B00001' });
    show('jobs', { page: jobsPage({ jobs: [again] }) });
    const [, row] = await screen.findAllByRole('row');
    expect(cellsOf(row ?? document.body).slice(1, 4)).toEqual(['Queued', '–', '1 of 3']);
  });

  test('counts on while a job waits or runs', async () => {
    const { advance } = show();
    await screen.findAllByRole('row');
    advance(5 * SECOND);
    await waitFor(() => {
      const rows = screen.getAllByRole('row').slice(1).map(cellsOf);
      expect([rows[0]?.slice(4, 6), rows[2]?.at(-1), rows[3]?.at(-1)]).toEqual([['17 s ago', '17 s'], '38 s', '1.3 s']);
    });
  });

  test('shows one status only where that is asked for, and goes to older pages and back', async () => {
    const { api } = show();
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

  test('leads to a job by the id that its sender has', async () => {
    const { api } = show();
    api.answer('pool.job', fail({ code: 'NOT_FOUND', message: 'm', details: { job_id: 'x', reason: 'unknown_job' } }));
    await userEvent.type(await screen.findByRole('textbox', { name: 'Find by job ID' }), ' job 7/x{Enter}');
    expect(window.location.hash).toBe('#/jobs/job%207%2Fx');
    const drawer = await screen.findByRole('dialog', { name: 'job 7/x' });
    expect((await within(drawer).findByRole('alert')).textContent).toContain(
      'The pool has no job with this ID. Finished jobs are kept for a limited time.',
    );
    expect(api.calls.at(-1)).toEqual({ name: 'pool.job', params: { job_id: 'job 7/x' } });
  });

  test('that cannot be had says why, and keeps what was known', async () => {
    const { api } = show();
    await screen.findAllByRole('row');
    api.answer('pool.jobs', fail({ code: 'DISCONNECTED', message: 'm', details: null }));
    await userEvent.click(screen.getByRole('radio', { name: 'Failed' }));
    expect((await screen.findByRole('alert')).textContent).toContain('DISCONNECTED');
    expect(screen.getAllByRole('row')).toHaveLength(9);
  });
});

describe('one job', () => {
  test('that waits says how many are ahead, how many nodes each reason keeps out with what would help, and why for each node', async () => {
    const { drawer } = await open(JOBS.waiting);
    const text = textOf(drawer);
    expect(text).toContain('QueuedWaiting for a node, 3 ahead in the queue.');
    expect(text).toContain('3 nodesModel not available model_not_availableThe model must be ready on the node and support the task.');
    expect(text).toContain('1 nodeNo free job slot capacity_exceededNew jobs start when a slot is free.');
    const nodes = within(drawer)
      .getAllByRole('link')
      .map((link) => textOf(link.closest('li') ?? link));
    expect(nodes).toEqual([
      'alice-laptopstatus Degraded (Health checks failed)requires a GPU with 40 GB, the largest usable GPU has 36 GB',
      'bob-towerrequires qwen2.5:14b (not installed)',
      'carol-workstationmemory usage 41%, limit 25%',
      'dave-rigno connection to the scheduler',
      'try-out4 of 4 job slots in use',
    ]);
    expect(text).toContain('and 2 more nodes');
    expect(text).toContain('Requirementsqwen2.5:14b, GPU with 40 GB, non-public');
    expect(text).toContain('Request4.2 kB (content hidden)');
  });

  test('that waits in a pool without nodes, and one whose failed attempt is waited out', async () => {
    const nobody = { since: NOW, not_before: NOW + 3 * SECOND, blocked_by: null, ahead: 0, reasons: {}, nodes: [], nodes_total: 0 };
    const { drawer } = await open(appJob(jobRow(), { waiting: nobody }));
    expect(textOf(drawer)).toContain('Retrying in 3 s.');
    expect(textOf(drawer)).toContain('The pool has no nodes. The job waits until a node joins.');
  });

  test('that waits for the scheduler’s own disk', async () => {
    const held = { since: NOW, not_before: null, blocked_by: 'storage_full' as const, ahead: 0, reasons: {}, nodes: [], nodes_total: 1 };
    const { drawer } = await open(appJob(jobRow(), { waiting: held }));
    expect(textOf(drawer)).toContain('The scheduler’s disk is full, so no job can start.');
  });

  test('that runs says what happened before, on which node, and until when it must end', async () => {
    const { drawer, advance } = await open(JOBS.running);
    expect(textOf(drawer)).toContain('RunningOn ming-desktop for 33 s.');
    const steps = within(drawer)
      .getAllByRole('listitem')
      .map((step) => textOf(step).replace(/\d\d:\d\d:\d\d$/, ''));
    expect(steps).toEqual([
      'Sent',
      'Attempt 1 on alice-laptopNode lostran for 30.9 sThe node was lost node_lost',
      'Attempt 2 on ming-desktopRunningrunning for 32 s',
    ]);
    expect(textOf(drawer)).toMatch(/Deadline\d\d:52:47/);
    advance(MINUTE);
    expect(textOf(drawer)).toContain('On ming-desktop for 1 min.');
  });

  test('that failed says what would help; what the program said is asked for by itself', async () => {
    const { api, drawer } = await open(JOBS.failed);
    expect(textOf(drawer)).toContain('FailedAfter 3 attempts.');
    expect(textOf(within(drawer).getByRole('region', { name: 'Why the job ended' }))).toBe(
      'The model server responded with HTTP 500 runtime_http_500' + 'See “Program output” and the log of the model server.status: 500',
    );
    expect(textOf(drawer)).not.toContain('CUDA');
    expect(api.calls.some(({ name }) => name === 'pool.job_content')).toBe(false);
    api.answer('pool.job_content', ok(wordsContent));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Program output' }));
    expect((await within(drawer).findByRole('region', { name: 'Program output' })).textContent).toContain('CUDA error: out of memory');
  });

  test('that waited in vain says how many nodes each reason kept out, and what would have helped', async () => {
    const { drawer } = await open(JOBS.expired);
    expect(textOf(within(drawer).getByRole('region', { name: 'Why the job ended' }))).toBe(
      'Timed out in the queue queue_timeout' +
        'Add a node with this model, or allow a longer queue timeout. The Dispatch page shows which nodes can take such a job.' +
        '5 nodesModel not available model_not_availableThe model must be ready on the node and support the task.' +
        '1 nodeNot connected not_onlineNew jobs start when the node is connected again.' +
        'queue_timeout_seconds: 3600',
    );
  });

  test.each([
    ['in the queue', jobError('queue_timeout'), 'ExpiredTimed out before the job finished.Timed out in the queue queue_timeout'],
    [
      'in the queue of a pool without nodes',
      jobError('queue_timeout', { reasons: {} }),
      'can take such a job.No node was excluded: the pool had no nodes, or the scheduler could not write to disk.',
    ],
    ['in all', jobError('total_timeout'), 'ExpiredTimed out before the job finished.Total timeout reached total_timeout'],
  ])('whose time %s was over says nothing else of its end', async (_where, error, text) => {
    const { drawer } = await open(appJob(jobRow({ status: 'expired', error, finished_at: NOW })));
    expect(textOf(drawer)).toContain(text);
  });

  test('that is done says what came of it, and shows it when it is asked for', async () => {
    const { api, drawer } = await open(JOBS.done);
    expect(textOf(drawer)).toContain('DoneOn ming-desktop, in 1.3 s.');
    expect(textOf(drawer)).toContain('Text, 182 characters');
    expect(textOf(drawer)).toContain('Hidden by default because the content may be private.');
    expect(api.calls.some(({ name }) => name === 'pool.job_content')).toBe(false);
    api.answer('pool.job_content', ok(textContent));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Show the result' }));
    expect(textOf(await within(drawer).findByRole('region', { name: 'Result' }))).toContain('A pool of GPUs is a group of computers');
    expect(api.calls.at(-1)).toEqual({ name: 'pool.job_content', params: { job_id: JOBS.done.job_id } });
  });

  test('shows of a long text the beginning, and says so', async () => {
    const { api, drawer } = await open(JOBS.done);
    api.answer(
      'pool.job_content',
      ok({ content: { kind: 'text', text: 'x'.repeat(65_536), characters: 1_000_000 }, program_output: null }),
    );
    await userEvent.click(within(drawer).getByRole('button', { name: 'Show the result' }));
    expect(await within(drawer).findByText('The first 65,536 of 1,000,000 characters.')).toBeTruthy();
  });

  test('whose request was refused by the model’s program is done, and says what that means', async () => {
    const refused = appJob(jobRow({ status: 'succeeded', attempt: 1, node_id: 'node-5C0FFEE1', started_at: NOW - 9, finished_at: NOW }), {
      result: { processing_time_ms: 4, http_status: 400, content: { kind: 'text', characters: 30 } },
    });
    const { drawer } = await open(refused);
    expect(textOf(drawer)).toContain('HTTP status 400: the request was rejected. Other nodes would reject the request too.');
  });

  test.each([
    ['the desktop window, where nothing is downloaded', 'desktop', ['Play']],
    ['a browser', 'headless', ['Play', 'Download']],
  ] as const)('whose result is sound: in %s', async (_where, mode, buttons) => {
    const { api, drawer } = await open(JOBS.sound, { state: hosting({ app: appInfo({ mode }) }) });
    expect(textOf(drawer)).toContain('audio/wav, 88.2 kB');
    api.answer('pool.job_content', ok({ content: { kind: 'binary', content_type: 'audio/wav', base64: 'AAAA' }, program_output: null }));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Show the result' }));
    await within(drawer).findByRole('button', { name: 'Play' });
    const shown = ['Play', 'Download'].filter((name) => within(drawer).queryByRole('button', { name }) !== null);
    expect(shown).toEqual(buttons);
    // jsdom has no Web Audio: that is said, and nothing breaks.
    await userEvent.click(within(drawer).getByRole('button', { name: 'Play' }));
    expect(await within(drawer).findByText('This audio cannot be played here.')).toBeTruthy();
  });

  test('is cancelled after a question only, and a refusal stays in it', async () => {
    const { api, drawer } = await open(JOBS.running);
    await userEvent.click(within(drawer).getByRole('button', { name: 'Cancel the job…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Cancel this job?' });
    const cancels = () => api.calls.filter(({ name }) => name === 'pool.cancel_job');
    expect(cancels()).toEqual([]);
    api.answer('pool.cancel_job', fail({ code: 'INVALID_STATE', message: 'm', details: { reason: 'already_ended' } }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel the job' }));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('The job has already ended.');
    api.answer('pool.cancel_job', ok({}));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel the job' }));
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Cancel this job?' })).toBeNull());
    expect(cancels()).toEqual(Array(2).fill({ name: 'pool.cancel_job', params: { job_id: JOBS.running.job_id } }));
  });

  test('that has ended cannot be cancelled', async () => {
    const { drawer } = await open(JOBS.done);
    expect(within(drawer).queryByRole('button', { name: 'Cancel the job…' })).toBeNull();
  });

  test('is closed by the keyboard, back to the list', async () => {
    await open(JOBS.done);
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(window.location.hash).toBe('#/jobs');
  });

  test('is told in Chinese as well', async () => {
    const { drawer } = await open(JOBS.failed, { language: 'zh-CN' });
    expect(textOf(drawer)).toContain('失败共尝试 3 次。');
    expect(textOf(drawer)).toContain('模型服务返回 HTTP 500 runtime_http_500请查看“程序输出”和模型服务的日志。');
  });

  test('with a code that nobody here knows shows the words that came with it', async () => {
    const odd = appJob(jobRow({ status: 'failed', attempt: 1, finished_at: NOW, error: jobError('quota', { message: 'no more today' }) }));
    const { drawer } = await open(odd);
    expect(textOf(within(drawer).getByRole('region', { name: 'Why the job ended' }))).toBe('no more today quota');
  });
});
