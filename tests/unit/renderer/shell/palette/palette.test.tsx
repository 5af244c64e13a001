import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../../../../src/shared/result';
import { POOL_MODELS } from '../../../../fixtures/app-states/asks';
import { JOBS, jobRow, jobsPage } from '../../../../fixtures/app-states/jobs';
import { rememberedPools } from '../../../../fixtures/app-states/pools';
import { appState, hosting, SITUATIONS } from '../../../../fixtures/app-states/states';
import { show } from '../../support/render-screen';

const field = () => screen.findByRole('combobox', { name: 'Search and commands' });
const open = async () => {
  await userEvent.keyboard('{Control>}k{/Control}');
  return field();
};
const options = (): (string | null)[] =>
  within(screen.getByRole('listbox', { name: 'Results' }))
    .queryAllByRole('option')
    .map(({ textContent }) => textContent);
const chosen = (): string | null => screen.getByRole('option', { selected: true }).textContent;
const isClosed = () => waitFor(() => expect(screen.queryByRole('combobox', { name: 'Search and commands' })).toBeNull());

describe('palette', () => {
  test('Ctrl+K -> the field has the focus, pages are listed; arrows choose; Enter opens; Esc closes', async () => {
    show(hosting(), { page: 'gpus' });
    const input = await open();
    await waitFor(() => expect(document.activeElement).toBe(input));
    expect(options().slice(0, 3)).toEqual(['This computer', 'GPUs', 'Pool']);
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{ArrowUp}');
    expect([chosen(), input.getAttribute('aria-activedescendant')]).toEqual(['Pool', screen.getByRole('option', { selected: true }).id]);
    await userEvent.keyboard('{Enter}');
    await isClosed();
    expect(window.location.hash).toBe('#/pool');
    await open();
    await userEvent.keyboard('{Escape}');
    await isClosed();
    expect(window.location.hash).toBe('#/pool');
  });

  test('search -> a node with its state; opened ones are first at the next visit', async () => {
    show(hosting(), { page: 'gpus' });
    await open();
    await userEvent.keyboard('alice');
    expect(chosen()).toMatch(/^alice-laptop/);
    await userEvent.keyboard('{Enter}');
    await isClosed();
    expect(window.location.hash).toMatch(/^#\/nodes\/node-/);
    act(() => window.location.replace('#/gpus'));
    await open();
    const recent = screen.getByRole('group', { name: 'Recent' });
    expect(
      within(recent)
        .getAllByRole('option')
        .map(({ textContent }) => textContent?.slice(0, 12)),
    ).toEqual(['alice-laptop']);
  });

  test('a job by its id; a model by its name', async () => {
    show(hosting(), { page: 'gpus', answers: { 'pool.jobs': ok(jobsPage()), 'pool.job': ok(JOBS.running) } });
    await userEvent.type(await open(), JOBS.running.job_id);
    await userEvent.keyboard('{Enter}');
    await isClosed();
    expect(window.location.hash).toBe(`#/jobs/${JOBS.running.job_id}`);
    await userEvent.type(await open(), 'qwen');
    expect(chosen()).toMatch(/^qwen2\.5/);
    await userEvent.keyboard('{Enter}');
    await isClosed();
    expect(window.location.hash).toMatch(/^#\/models\?search=qwen2\.5/);
  });

  test('a text -> the jobs of the pool with it in their model open, also those that no list of this window has', async () => {
    const failed = jobRow({ status: 'failed', node_id: 'node-B0B00001' });
    const { api } = show(hosting(), {
      page: 'gpus',
      answers: { 'pool.jobs': ok(jobsPage({ jobs: [failed] })), 'pool.job': ok(JOBS.failed) },
    });
    await userEvent.type(await open(), 'llama');
    const found = await screen.findByRole('option', { name: /^llama3\.1:8b\s*job-.*Failed · bob-tower$/ });
    expect(api.calls.filter(({ name }) => name === 'pool.jobs').map(({ params }) => params)).toEqual([{ limit: 6, search: 'llama' }]);
    await userEvent.click(found);
    await isClosed();
    expect(window.location.hash).toBe(`#/jobs/${failed.job_id}`);
  });

  test('no pool -> no job; nothing found -> says so', async () => {
    show(SITUATIONS.first_run(), { page: 'gpus' });
    const input = await open();
    await userEvent.type(input, 'job-c0ffee42-done');
    expect(options()).toEqual([]);
    expect(screen.getByText('Nothing matches the search.')).toBeTruthy();
  });

  test('the search of the rail opens the palette; a click runs a command', async () => {
    show(appState(), { page: 'gpus' });
    await userEvent.click(screen.getByRole('button', { name: /^Search/ }));
    await field();
    await userEvent.click(screen.getByRole('option', { name: 'Models' }));
    await isClosed();
    expect(window.location.hash).toBe('#/models');
  });
});

describe('actions in the palette', () => {
  const search = async (text: string): Promise<void> => {
    await userEvent.type(await open(), text);
  };
  const run = async (text: string, option: RegExp): Promise<void> => {
    await search(text);
    await userEvent.click(await screen.findByRole('option', { name: option }));
    await isClosed();
  };
  const onJobs = (pool = hosting()) => {
    const shown = show(pool, { page: 'jobs', answers: { 'pool.jobs': ok(jobsPage()), 'pool.job': ok(JOBS.running) } });
    return shown;
  };

  test('cancel of an open job -> the question, then the request; also on another page', async () => {
    const { api } = onJobs();
    await screen.findAllByText(JOBS.running.task.model);
    act(() => window.location.replace('#/gpus'));
    api.answer('pool.cancel_job', ok({ job_id: JOBS.running.job_id, status: 'cancelled' }));
    await run(`cancel ${JOBS.running.job_id}`, /^Cancel\s*job-/);
    const dialog = await screen.findByRole('dialog', { name: 'Cancel this job?' });
    expect(api.userCalls).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel the job' }));
    await waitFor(() => expect(api.userCalls).toEqual([{ name: 'pool.cancel_job', params: { job_id: JOBS.running.job_id } }]));
  });

  test('retry of a failed job -> the new job; refused -> the reason; none of a job that succeeded', async () => {
    const { api } = onJobs();
    await screen.findAllByText(JOBS.running.task.model);
    api.answer('pool.retry_job', fail({ code: 'NOT_FOUND', message: 'm', details: null }));
    await run(`retry ${JOBS.failed.job_id}`, /^Retry\s*job-/);
    expect((await screen.findByText('Not found', { exact: false })).textContent).not.toBe('');
    api.answer('pool.retry_job', ok({ job_id: 'job-new' }));
    await run(`retry ${JOBS.failed.job_id}`, /^Retry\s*job-/);
    await waitFor(() => expect(window.location.hash).toBe('#/jobs/job-new'));
    await search(JOBS.done.job_id);
    expect(options().filter((option) => /^(Cancel|Retry)/.test(option ?? ''))).toEqual([]);
  });

  test('a member -> no action on jobs of others', async () => {
    onJobs(SITUATIONS.member_pool());
    await screen.findAllByText(JOBS.running.task.model);
    await search('cancel job-');
    expect(options().filter((option) => option?.startsWith('Cancel'))).toEqual([]);
  });

  test('load and unload of own models, as far as they make sense', async () => {
    const { api } = show(SITUATIONS.own_models(), { page: 'gpus' });
    api.answer('models.control', ok({ state: 'done' }));
    await run('unload gemma3', /^Unload\s*gemma3:4b/);
    await search('load deepseek');
    expect(options().filter((option) => option?.includes('oad '))).toEqual(['Load deepseek-r1:32bthis computer']);
    await userEvent.keyboard('{Enter}');
    await waitFor(() =>
      expect(api.userCalls).toEqual([
        { name: 'models.control', params: { model_id: 'gemma3:4b', action: 'unload' } },
        { name: 'models.control', params: { model_id: 'deepseek-r1:32b', action: 'load' } },
      ]),
    );
  });

  test.each<[string, string]>([
    ['stop', 'Pause sharing after the current jobs'],
    ['pause', 'Pause sharing for 1 hour'],
    ['api key', 'New key for a program…'],
    ['add member', 'Invite a computer…'],
    ['share', 'Invite a computer…'],
    ['dashboard', 'Pool'],
    ['api url', 'Connect programs'],
    ['dark', 'Settings'],
  ])('further words: %s -> %s', async (text, found) => {
    show(hosting(), { page: 'gpus' });
    await search(text);
    expect(options()).toContain(found);
  });

  test.each(['resume', 'share', 'start'])('paused, "%s" -> sharing is resumed', async (text) => {
    const { api } = show(SITUATIONS.paused_by_owner(), { page: 'gpus' });
    await run(text, /^Resume\s*sharing/);
    expect(api.calls.some(({ name }) => name === 'agent.resume')).toBe(true);
  });

  test('Chinese words in the Chinese dashboard', async () => {
    show(hosting(), { page: 'gpus', language: 'zh-CN' });
    await userEvent.keyboard('{Control>}k{/Control}');
    await userEvent.type(await screen.findByRole('combobox'), '停止');
    expect((await screen.findAllByRole('option')).map(({ textContent }) => textContent)).toContain('当前任务完成后暂停共享');
  });

  test('new key -> the dialog, on the page that is open', async () => {
    show(hosting(), { page: 'gpus' });
    await run('new key', /^New\s*key/);
    await screen.findByRole('dialog', { name: 'New key' });
    expect(window.location.hash).toBe('#/gpus');
  });

  test('without the right to manage -> no invitation and no key', async () => {
    show(appState(), { page: 'gpus' });
    await search('invite');
    expect(options().filter((option) => option?.startsWith('Invite'))).toEqual([]);
  });

  test('try a model -> the page Try it with this model', async () => {
    show(hosting(), { page: 'gpus', answers: { 'pool.models': ok({ models: [...POOL_MODELS] }) } });
    await run('try kokoro', /^Try\s*kokoro/);
    await waitFor(() => expect(window.location.hash).toBe('#/try'));
    const field = await screen.findByRole<HTMLInputElement>('combobox', { name: 'Model' });
    expect(field.value).toContain('kokoro');
  });

  test('another known pool -> the test of the connection, and the question; not the current pool', async () => {
    const pools = rememberedPools();
    const { api } = show(hosting(), { page: 'gpus', answers: { 'pools.list': ok({ pools }), 'pools.test': ok({ steps: [] }) } });
    await search('switch to');
    await waitFor(() => expect(api.calls.some(({ name }) => name === 'pools.list')).toBe(true));
    await userEvent.keyboard(' ');
    const listed = options().filter((option) => option?.startsWith('Switch to'));
    expect(listed).toHaveLength(pools.filter((pool) => !pool.is_current).length);
    await userEvent.click(screen.getAllByRole('option', { name: /^Switch\s*to/ })[0] as HTMLElement);
    await screen.findByRole('dialog', { name: /^(Switch to|Start) / });
  });
});

describe('shortcuts', () => {
  test('? -> the list of shortcuts on this page', async () => {
    show(hosting(), { page: 'gpus' });
    await userEvent.keyboard('?');
    const dialog = await screen.findByRole('dialog', { name: 'Shortcuts' });
    expect(
      within(dialog)
        .getAllByRole('definition')
        .map(({ textContent }) => textContent)
        .sort(),
    ).toEqual(['Search pages, nodes, models and actions', 'Show the shortcuts']);
  });

  test('? in a field -> text', async () => {
    show(hosting(), { page: 'jobs', answers: { 'pool.jobs': ok(jobsPage()) } });
    await userEvent.type(await screen.findByRole('searchbox', { name: 'Model, node, key, job ID' }), '?');
    expect(screen.queryByRole('dialog', { name: 'Shortcuts' })).toBeNull();
  });

  test('Ctrl+K while a dialog is open -> the dialog stays alone', async () => {
    show(hosting(), { page: 'gpus' });
    await userEvent.keyboard('?');
    await screen.findByRole('dialog', { name: 'Shortcuts' });
    await userEvent.keyboard('{Control>}k{/Control}');
    expect(screen.queryByRole('combobox', { name: 'Search and commands' })).toBeNull();
  });
});
