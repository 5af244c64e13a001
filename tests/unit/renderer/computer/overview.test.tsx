// The page of this computer below the hero: the contribution, the slots, the next steps of missed jobs, and the order while the owner works.
import { act, cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { contributionTiles } from '../../../../src/renderer/components/own/contribution-tiles';
import { fail, ok } from '../../../../src/shared/result';
import { agentView } from '../../../fixtures/app-states/agents';
import { contribution, poolContribution } from '../../../fixtures/app-states/contribution';
import { jobRow } from '../../../fixtures/app-states/jobs';
import { NOW, SECOND } from '../../../fixtures/app-states/moment';
import { statusMessage } from '../../../fixtures/app-states/statuses';
import { appState, hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { labelsIn } from '../support/labels';
import { show as showScreen } from '../support/render-screen';

const show: typeof showScreen = (state, options) => showScreen(state, { page: 'computer', ...options });
const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const card = (name: string): Promise<HTMLElement> => screen.findByRole('region', { name });
const linesOf = (element: HTMLElement): string[] => within(element).getAllByRole('listitem').map(textOf);

describe('contribution', () => {
  test('figures of today and of 7 days; jobs of each hour', async () => {
    show(SITUATIONS.contributor_available());
    const given = await card('Given to Atelier');
    await within(given).findByText('151');
    expect(textOf(given)).toContain('Jobs15116,079 in 7 days');
    expect(textOf(given)).toContain('Tokens2.0M211.1M in 7 days');
    expect(textOf(given)).toContain('Time with jobs1 h 2 min110 h 49 min in 7 days');
    expect(textOf(given)).toContain('Energy, estimated0.27 kWh28.82 kWh in 7 days');
    expect(within(given).getByRole('img', { name: /^Jobs per hour today: / })).toBeTruthy();
  });

  test('not answered yet -> dashes; power not reported -> no energy, never 0', () => {
    const { labels, known } = { labels: labelsIn('en'), known: poolContribution() };
    expect(contributionTiles(labels, null).map(({ figure }) => figure)).toEqual([null, null, null, null]);
    const silent = contributionTiles(labels, {
      ...known,
      today: { ...known.today, energy_wh: null },
      last_7_days: { ...known.last_7_days, energy_wh: null },
    });
    expect(silent[3]).toEqual({ label: 'Energy, estimated', figure: null, note: 'not reported' });
  });

  test.each([
    ['no pool', SITUATIONS.first_run(), ok(contribution([]))],
    ['only other pools', SITUATIONS.ready(), ok(contribution([poolContribution({ is_current: false })]))],
    ['the program does not answer', SITUATIONS.ready(), fail({ code: 'FORBIDDEN', message: '', details: null })],
  ] as const)('%s -> no card', async (_case, state, answer) => {
    const { api } = show(state, { answers: { 'agent.contribution': answer } });
    await expect.poll(() => api.calls.some(({ name }) => name === 'agent.contribution')).toBe(true);
    await expect.poll(() => screen.queryByRole('region', { name: /^Given to/ })).toBeNull();
  });
});

describe('slots', () => {
  const status = (inFlight: number, slots: number) => ({
    received_at: NOW,
    message: statusMessage('ready', { in_flight_jobs: inFlight, max_concurrent_jobs: slots, usable_slots: slots }),
  });

  test('running jobs of this node with their time, then free slots', async () => {
    const mine = jobRow({ job_id: 'job-mine', status: 'running', node_id: 'node-5C0FFEE1', started_at: NOW - 12 * SECOND });
    const other = jobRow({ job_id: 'job-other', status: 'running', node_id: 'node-B0B00001' });
    const jobs = ok({ jobs: [mine, other], next_cursor: null, open: { queued: 0, assigned: 0, running: 2 } });
    const { advance } = show(hosting({ agent: agentView({ node_status: status(2, 3) }) }), { answers: { 'pool.jobs': jobs } });
    const running = await card('Running');
    const link = await within(running).findByRole('link', { name: 'llama3.1:8b' });
    expect(link.getAttribute('href')).toBe('#/jobs/job-mine');
    expect(linesOf(running)).toEqual(['llama3.1:8b chat12 s', '1 job of the pool', 'Free slot']);
    advance(5 * SECOND);
    expect(linesOf(running)[0]).toBe('llama3.1:8b chat17 s');
  });

  test('jobs not readable -> their number; many free slots -> one line', async () => {
    show(appState({ agent: agentView({ node_status: status(2, 8) }) }));
    expect(linesOf(await card('Running'))).toEqual(['2 jobs of the pool', '6 free slots']);
  });

  test('the agent has more or fewer jobs than the last status -> its number; without a job, none is asked for', async () => {
    const agent = { node_status: status(2, 4) };
    const { api } = show(hosting({ agent: agentView({ ...agent, running_jobs: 0 }) }));
    expect(linesOf(await card('Running'))).toEqual(['4 free slots']);
    expect(api.calls.map(({ name }) => name)).not.toContain('pool.jobs');
    act(() => api.emit.onEvent({ type: 'agent', agent: agentView({ ...agent, running_jobs: 3 }) }));
    await within(await card('Running')).findByText('3 jobs of the pool');
  });

  test.each([
    ['paused', SITUATIONS.paused_by_owner(), 'No jobs while paused'],
    ['quarantined', SITUATIONS.quarantined(), 'No jobs while paused'],
    ['registering', SITUATIONS.registering(), 'Jobs start after the checks'],
    ['degraded', SITUATIONS.degraded(), 'No new jobs now'],
    ['draining', SITUATIONS.draining(), 'No new jobs now'],
  ])('%s -> no slot counts as free', async (_state, state, text) => {
    show(state);
    const lines = linesOf(await card('Running'));
    expect(lines.at(-1)).toBe(text);
    expect(lines.join()).not.toMatch(/free slot/i);
  });

  test('no connection -> slots not known, no card', () => {
    show(SITUATIONS.reconnecting());
    expect(screen.queryByRole('region', { name: 'Running' })).toBeNull();
  });
});

test('available, and no model found -> the headline says that it gets no jobs, with the way to a model', () => {
  show(SITUATIONS.notices());
  const hero = screen.getByRole('region', { name: 'Status of this computer' });
  expect(within(hero).getByRole('heading').textContent).toMatch(/^Available, but without a model: gets no jobs/);
  expect(hero.querySelector('svg')?.getAttribute('data-shape')).toBe('degraded');
  expect(within(hero).getByRole('link', { name: 'Get a model' }).getAttribute('href')).toBe('#/models');
  cleanup();
  show(SITUATIONS.contributor_available());
  expect(textOf(screen.getByRole('main'))).not.toContain('gets no jobs');
});

test('missed jobs: a next step where the owner can change the cause', async () => {
  show(SITUATIONS.contributor_available());
  const missed = await card('Missed jobs');
  expect(textOf(missed)).toContain('16 in the last hour');
  expect(
    within(missed)
      .getAllByRole('link')
      .map((link) => [link.textContent, link.getAttribute('href')]),
  ).toEqual([
    ['Install', '#/models?search=qwen2.5%3A14b'],
    ['Change limit', '#/settings/sharing'],
    ['Change slots', '#/settings/sharing'],
  ]);
});

test('models here: server, measured speed, state; a reason where a model is not ready', async () => {
  show(SITUATIONS.contributor_available());
  expect(linesOf(await card('Models here'))).toEqual([
    'llama3.1:8bOllama · 48.2 tokens/sIn memory',
    'gemma3:4bOllamaLoads on use',
    'nomic-embed-textOllamaLoads on use',
    'piper-zhFolderReady',
  ]);
});

describe('the owner keeps jobs away -> limits and programs come first', () => {
  const order = (): string[] =>
    within(screen.getByRole('main'))
      .getAllByRole('region')
      .map((region) => region.getAttribute('aria-label') ?? within(region).getAllByRole('heading')[0]?.textContent ?? '')
      .filter((name) => /^(When jobs|Programs on|Given|GPUs)/.test(name))
      .map((name) => name.replace(/ nvidia-smi.*/, ''));

  test.each([
    ['busy', SITUATIONS.contributor_busy()],
    ['paused by a rule', SITUATIONS.contributor_paused()],
  ])('%s', async (_case, state) => {
    show(state);
    const programs = await screen.findAllByRole('row', { name: /blender|factorio/ });
    expect(programs).toHaveLength(1);
    expect([...new Set(order())]).toEqual(['When jobs may start', 'Programs on NVIDIA GeForce RTX 4090', 'Given to Atelier', 'GPUs']);
  });

  test('jobs start again while the owner changes a limit -> the cards stay, and keep the focus; the next change moves them', async () => {
    const { api } = show(SITUATIONS.contributor_busy());
    const always = await screen.findByRole('radio', { name: /Always/ });
    await userEvent.click(always);
    const states = (name: 'contributor_available' | 'contributor_busy') =>
      act(() => api.emit.onEvent({ type: 'snapshot', state: SITUATIONS[name]() }));
    states('contributor_available');
    await screen.findByRole('heading', { name: /^Available/ });
    expect(document.activeElement).toBe(always);
    expect(order()[0]).toBe('When jobs may start');
    act(() => always.blur());
    states('contributor_busy');
    states('contributor_available');
    expect(order()[0]).toBe('Given to Atelier');
  });

  test.each([
    ['stopped pool', SITUATIONS.host_stopped()],
    ['no pool', SITUATIONS.first_run()],
  ] as const)('%s: no slots and no missed jobs -> the limits are in the narrow column, below the models', async (_case, state) => {
    show(state);
    await screen.findByRole('radio', { name: /Always/ });
    const [models, limits] = [await card('Models here'), await card('When jobs may start')];
    expect(models.compareDocumentPosition(limits)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  });

  test('paused by an operator -> the usual order', async () => {
    show(SITUATIONS.paused_by_host());
    await card('Given to Atelier');
    expect([...new Set(order())]).toEqual(['Given to Atelier', 'GPUs', 'When jobs may start']);
  });
});

test.each([
  ['one GPU: below its chart, before the models', SITUATIONS.simulated(), Node.DOCUMENT_POSITION_PRECEDING],
  ['two GPUs: below both columns, after the models', SITUATIONS.ready(), Node.DOCUMENT_POSITION_FOLLOWING],
])('the limits keep the columns equally long: %s', async (_case, state, position) => {
  show(state);
  await screen.findByRole('radio', { name: /Always/ });
  const [models, limits] = [await card('Models here'), await card('When jobs may start')];
  expect(models.compareDocumentPosition(limits)).toBe(position);
});

test('limits can be changed while busy: the choice is sent as a setting', async () => {
  const { api } = show(SITUATIONS.contributor_busy());
  await userEvent.click(await screen.findByRole('radio', { name: /Always/ }));
  expect(api.userCalls).toEqual([{ name: 'settings.set', params: { key: 'agent.share', value: 'always' } }]);
});
