import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { appJob, jobError, jobRow, JOBS, textContent, errorContent } from '../../../fixtures/app-states/jobs';
import { mixedPool } from '../../../fixtures/app-states/mixed-pool';
import { MINUTE, NOW, SECOND } from '../../../fixtures/app-states/moment';
import { appInfo, hosting } from '../../../fixtures/app-states/states';
import { LARGE_JOBS } from '../../../fixtures/app-states/waiting-jobs';
import { openJob, textOf } from './show-jobs';

const NO_MODEL = 'requires qwen2.5:14b (not installed)';
const inLargePool = { state: hosting({ nodes: mixedPool() }) };

describe('job drawer', () => {
  test('queued -> place, counts of reasons with help, exclusions of each node', async () => {
    const { waiting } = JOBS.waiting;
    const listed = waiting?.nodes.slice(0, 5) ?? [];
    const { drawer } = await openJob({ ...JOBS.waiting, waiting: waiting === null ? null : { ...waiting, nodes: listed } });
    await within(drawer).findByRole('heading', { name: 'Why the job is waiting' });
    const text = textOf(drawer);
    expect(text).toMatch(/Place 1 among jobs for the same model or nodes · waits until (Nov 30|Dec 1), \d\d:48:08 at the latest/);
    expect(text).toContain('6 nodesModel not availableThe model must be ready on the node and support the task.');
    const nodes = within(drawer)
      .getAllByRole('link')
      .map((link) => textOf(link.closest('li') ?? link));
    expect(nodes).toEqual([
      `ming-desktopAvailable${NO_MODEL}`,
      `alice-laptopDegraded${NO_MODEL}status Degraded (Health checks failed)`,
      `bob-towerRegistering${NO_MODEL}status Registering (Registered, warming up)`,
      `carol-workstationDraining${NO_MODEL}status Draining (Drain requested)`,
      `dave-rigOffline${NO_MODEL}no connection to the schedulerstatus Offline (Heartbeat timeout)`,
    ]);
    expect(text).toContain('and 1 more node');
    expect(text).toContain('Requirementsqwen2.5:14b, GPU with 12 GB, private');
    expect(text).toContain('Request4.2 kB (content hidden)');
  });

  test('queued, a node is full -> what is full and busy, the jobs ahead, and when it should start', async () => {
    const reasons = { capacity_exceeded: { count: 1, examples: [] }, resource_threshold_exceeded: { count: 1, examples: [] } };
    const times = { since: NOW, not_before: null, blocked_by: null, wait_seconds: 12.4 };
    const { drawer } = await openJob(appJob(jobRow(), { waiting: { ...times, ahead: 3, reasons, nodes: [], nodes_total: 2 } }));
    await within(drawer).findByRole('heading', { name: 'Why the job is waiting' });
    const text = textOf(drawer);
    expect(text).toContain('Place 4 among jobs for the same model or nodes · should start in about 13 s');
    expect(text).toContain('1 nodeNo free job slotNew jobs start when a slot is free.');
  });

  test('queued without nodes; retry after a backoff', async () => {
    const noNodes = { since: NOW, not_before: NOW + 3 * SECOND, blocked_by: null, ahead: 0, reasons: {}, nodes: [], nodes_total: 0 };
    const { drawer } = await openJob(appJob(jobRow(), { waiting: noNodes }));
    expect(textOf(drawer)).toContain('Retrying in 3 s.');
    expect(textOf(drawer)).not.toContain('Place');
    expect(textOf(drawer)).toContain('The pool has no nodes. The job waits until a node joins.');
  });

  test('queued, storage full -> text shown', async () => {
    const held = { since: NOW, not_before: null, blocked_by: 'storage_full' as const, ahead: 0, reasons: {}, nodes: [], nodes_total: 1 };
    const { drawer } = await openJob(appJob(jobRow(), { waiting: held }));
    expect(textOf(drawer)).toContain('The scheduler’s disk is full, so no job can start.');
  });

  test('queued, a sleeping node is woken for it -> the node, and the time that it needed before', async () => {
    const waiting = { since: NOW, not_before: null, blocked_by: null, ahead: 0, reasons: {}, nodes: [], nodes_total: 1 };
    const wake = { node_id: 'node-lab-a', since: NOW, seconds: 40 };
    const { drawer } = await openJob(appJob(jobRow(), { waiting: { ...waiting, wake } }));
    expect(textOf(drawer)).toContain('WaitingWakes node-lab-a, about 40 s.');
  });

  test('queued, held for a full node -> both nodes with their times, and until when', async () => {
    const { drawer } = await openJob(LARGE_JOBS.held, inLargePool);
    const text = textOf(drawer);
    expect(text).toContain('WaitingWaits for a full node that should finish the job earlier.');
    expect(text).toContain('Predicted: about 6.3 s on render-01, 33.1 s on ming-desktop, the best free node.');
    expect(text).toMatch(/At \d\d:48:49 at the latest, the job goes to a free node\./);
    const rows = within(drawer).getAllByRole('row').slice(1).map(textOf);
    expect(rows).toEqual([
      'render-012.00.43.96.3',
      'The job waits for this node8,192 prompt tokens cached',
      'ming-desktop03.429.733.1',
      'Best free node',
    ]);
  });

  test('node chosen by prediction -> why this node: seconds of each term for the chosen node and the next ones', async () => {
    const { drawer } = await openJob(LARGE_JOBS.predicted, inLargePool);
    const why = within(drawer).getByRole('region', { name: 'Why this node' });
    const header = within(why).getAllByRole('columnheader').map(textOf);
    expect(header).toEqual(['Node', 'Other prompts', 'Load model', 'Prompt', 'Answer', 'Total, s']);
    expect(within(why).getAllByRole('row').slice(1).map(textOf)).toEqual([
      'lab-20.200.43.94.5',
      'Selected8,192 prompt tokens cachedCache eviction: +0.3 s',
      'lab-5002.13.55.6',
      'Cache eviction: +1.6 s',
      'lab-30.603.49.713.7',
      'Cache eviction: +2.6 s',
      'lab-4011.21.15.217.5',
      'Estimated from similar nodesCache eviction: +0.8 s',
    ]);
    expect(textOf(why)).toContain('Should finish first, because the prompt is probably in its cache.');
    expect(textOf(why)).toContain('Cache eviction: this prompt evicts other prompts from the cache.');
    const steps = within(drawer).getAllByRole('listitem').map(textOf);
    expect(steps[1]).toContain('Node lostafter 3.9 spredicted 6.3 s');
    expect(steps[2]).toContain('Runningfor 5 s so farpredicted 4.5 s');
  });

  test('chosen node is not the fastest -> the cause', async () => {
    const { drawer } = await openJob({ ...LARGE_JOBS.predicted, attempts: LARGE_JOBS.predicted.attempts.slice(0, 1) });
    expect(textOf(drawer)).toContain('The chosen node has not run the model yet, so it gets one job that shows its speed.');
    expect(textOf(drawer)).not.toContain('Cache eviction');
  });

  test('displaced cache of less than 0.1 s -> not shown', async () => {
    const attempts = LARGE_JOBS.predicted.attempts.map((attempt) => ({
      ...attempt,
      ...(attempt.prediction === undefined
        ? {}
        : {
            prediction: {
              ...attempt.prediction,
              nodes: attempt.prediction.nodes.map((node) => ({ ...node, terms: { ...node.terms, displaced: 0.04 } })),
            },
          }),
    }));
    const { drawer } = await openJob({ ...LARGE_JOBS.predicted, attempts });
    expect(within(drawer).getByRole('region', { name: 'Why this node' })).toBeDefined();
    expect(textOf(drawer)).not.toContain('Cache eviction');
  });

  test('no speed known -> the route alone', async () => {
    const attempts = JOBS.running.attempts.map((attempt) => ({ ...attempt, prediction: { route: 'fallback' as const, nodes: [] } }));
    const { drawer } = await openJob({ ...JOBS.running, attempts });
    const why = within(drawer).getByRole('region', { name: 'Why this node' });
    expect(textOf(why)).toContain('The first node in rank order, because no times were predicted.');
    expect(within(why).queryByRole('table')).toBeNull();
  });

  test('job of an older version -> no section on the choice', async () => {
    const { drawer } = await openJob(JOBS.running);
    expect(within(drawer).queryByRole('region', { name: 'Why this node' })).toBeNull();
  });

  test('running -> timeline, node, deadline', async () => {
    const { drawer, advance } = await openJob(JOBS.running);
    expect(textOf(drawer)).toContain('RunningOn ming-desktop for 33 s.');
    const steps = within(drawer)
      .getAllByRole('listitem')
      .map((step) => textOf(step).replace(/^\d\d:\d\d:\d\d/, ''));
    expect(steps.join('; ')).toBe(
      'Sent; Attempt 1 on alice-laptopNode lostafter 30.9 s; Waited 29.9 s in the queue for another node; Attempt 2 on ming-desktopRunningfor 33 s so far',
    );
    expect(textOf(drawer)).toMatch(/Deadline\d\d:52:47/);
    advance(MINUTE);
    expect(textOf(drawer)).toContain('On ming-desktop for 1 min.');
  });

  test('failed -> fix; program output only on request', async () => {
    const { api, drawer } = await openJob(JOBS.failed);
    expect(textOf(drawer)).toContain('FailedAfter 3 attempts.');
    expect(textOf(within(drawer).getByRole('region', { name: 'Why the job ended' }))).toBe(
      'Not enough memory to run the model' +
        'Unload other models on that node, or use a smaller model or a shorter context. Then retry the job.' +
        'Detailsruntime_http_500Copystatus: 500',
    );
    expect(textOf(drawer)).not.toContain('CUDA');
    expect(api.calls.some(({ name }) => name === 'pool.job_content')).toBe(false);
    api.answer('pool.job_content', ok(errorContent));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Program output' }));
    expect((await within(drawer).findByRole('region', { name: 'Program output' })).textContent).toContain('CUDA error: out of memory');
  });

  test('failed, cause not known -> the code and its fix', async () => {
    const { drawer } = await openJob({ ...JOBS.failed, error: jobError('runtime_http_500', { details: { status: 500 } }) });
    expect(textOf(within(drawer).getByRole('region', { name: 'Why the job ended' }))).toBe(
      'The model server responded with HTTP 500' +
        'See “Program output” and the log of the model server.Detailsruntime_http_500Copystatus: 500',
    );
  });

  test('expired in the queue -> counts of reasons with help', async () => {
    const { drawer } = await openJob(JOBS.expired);
    expect(textOf(within(drawer).getByRole('region', { name: 'Why the job ended' }))).toBe(
      'Timed out in the queue' +
        'Add a node with this model, or allow a longer queue timeout. “Explain this request” shows which nodes can take such a job.' +
        '5 nodesModel not availableThe model must be ready on the node and support the task.' +
        '1 nodeNot connectedThe node must connect again.' +
        'Detailsqueue_timeoutCopyqueue_timeout_seconds: 3600',
    );
  });

  test.each([
    ['in the queue', jobError('queue_timeout'), 'ExpiredExplain this requestRetryTimed out in the queue'],
    [
      'in the queue of a pool without nodes',
      jobError('queue_timeout', { reasons: {} }),
      'can take such a job.No node was excluded: the pool had no nodes, or the scheduler could not write to disk.',
    ],
    ['in all', jobError('total_timeout'), 'ExpiredExplain this requestRetryTotal timeout reached'],
  ])('expired: %s', async (_where, error, text) => {
    const { drawer } = await openJob(appJob(jobRow({ status: 'expired', error, finished_at: NOW })));
    expect(textOf(drawer)).toContain(text);
  });

  test('succeeded -> type and size of the result; content on request', async () => {
    const { api, drawer } = await openJob(JOBS.done);
    expect(textOf(drawer)).toContain('DoneOn ming-desktop, in 1.3 s.');
    expect(textOf(drawer)).toContain('Text, 185 characters');
    expect(textOf(drawer)).toContain('Hidden by default because the content may be private.');
    expect(api.calls.some(({ name }) => name === 'pool.job_content')).toBe(false);
    api.answer('pool.job_content', ok(textContent));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Show the result' }));
    expect(textOf(await within(drawer).findByRole('region', { name: 'Result' }))).toContain('A pool of GPUs is a group of computers');
    const asked = api.calls.filter(({ name }) => name === 'pool.job_content');
    expect(asked).toEqual([{ name: 'pool.job_content', params: { job_id: JOBS.done.job_id } }]);
  });

  test('timings of the node -> tokens, time to the first token, rate', async () => {
    const timings = { prompt_tokens: 1204, cached_tokens: 800, first_token_ms: 400, completion_tokens: 121, decode_ms: 2500 };
    const result = { processing_time_ms: 3000, http_status: 200, content: { kind: 'text', characters: 185 }, timings } as const;
    const { drawer } = await openJob({ ...JOBS.done, result });
    expect(textOf(drawer)).toContain('121 tokens · 48 tokens/s · first token 400 ms');
    expect(textOf(drawer)).toContain('prompt tokens: 1,204 · 800 from the cache');
  });

  test('long text -> only the beginning, with a note', async () => {
    const { api, drawer } = await openJob(JOBS.done);
    api.answer(
      'pool.job_content',
      ok({ content: { kind: 'text', text: 'x'.repeat(65_536), characters: 1_000_000 }, program_output: null }),
    );
    await userEvent.click(within(drawer).getByRole('button', { name: 'Show the result' }));
    expect(await within(drawer).findByText('The first 65,536 of 1,000,000 characters.')).toBeTruthy();
  });

  test('HTTP 4xx of the model server -> succeeded, with a note', async () => {
    const refused = appJob(jobRow({ status: 'succeeded', attempt: 1, node_id: 'node-5C0FFEE1', started_at: NOW - 9, finished_at: NOW }), {
      result: { processing_time_ms: 4, http_status: 400, content: { kind: 'text', characters: 30 } },
    });
    const { drawer } = await openJob(refused);
    expect(textOf(drawer)).toContain('HTTP status 400: the request was rejected. Other nodes would reject the request too.');
  });

  test.each([
    ['the desktop window -> no download', 'desktop', ['Play']],
    ['a browser', 'headless', ['Play', 'Download']],
  ] as const)('audio result: %s', async (_where, mode, buttons) => {
    const { api, drawer } = await openJob(JOBS.audio, { state: hosting({ app: appInfo({ mode }) }) });
    expect(textOf(drawer)).toContain('audio/wav, 88.2 kB');
    api.answer('pool.job_content', ok({ content: { kind: 'binary', content_type: 'audio/wav', base64: 'AAAA' }, program_output: null }));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Show the result' }));
    await within(drawer).findByRole('button', { name: 'Play' });
    const shown = ['Play', 'Download'].filter((name) => within(drawer).queryByRole('button', { name }) !== null);
    expect(shown).toEqual(buttons);
    // jsdom has no Web Audio, so the page shows that the audio cannot be played.
    await userEvent.click(within(drawer).getByRole('button', { name: 'Play' }));
    expect(await within(drawer).findByText('This audio cannot be played here.')).toBeTruthy();
  });

  test('cancel: confirmation first, an error stays in the dialog', async () => {
    const { api, drawer } = await openJob(JOBS.running);
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

  test('ended -> no cancel button', async () => {
    const { drawer } = await openJob(JOBS.done);
    expect(within(drawer).queryByRole('button', { name: 'Cancel the job…' })).toBeNull();
  });

  test('Escape -> job closed, list shown', async () => {
    await openJob(JOBS.done);
    await userEvent.keyboard('{Escape}');
    await screen.findByRole('region', { name: 'Queue' });
    expect(window.location.hash).toBe('#/jobs');
  });

  test('Chinese', async () => {
    const { drawer } = await openJob(JOBS.failed, { language: 'zh-CN' });
    expect(textOf(drawer)).toContain('失败共尝试 3 次。');
    expect(textOf(drawer)).toContain(
      '内存或显存不足，无法运行模型请在该节点上卸载其他模型，或改用更小的模型或更短的上下文，然后重试任务。',
    );
  });

  test('unknown error code -> the message of the error', async () => {
    const odd = appJob(jobRow({ status: 'failed', attempt: 1, finished_at: NOW, error: jobError('quota', { message: 'no more today' }) }));
    const { drawer } = await openJob(odd);
    expect(textOf(within(drawer).getByRole('region', { name: 'Why the job ended' }))).toBe('no more todayDetailsquotaCopy');
  });
});
