// The overview of the pool as a page: figures, groups, charts, failures, attention, empty states, rights, both languages.
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { OperationName, Outcome } from '../../../../../src/shared/api/app-api';
import { fail, ok } from '../../../../../src/shared/result';
import { POOL_MODELS } from '../../../../fixtures/app-states/asks';
import { mixedPool } from '../../../../fixtures/app-states/mixed-pool';
import { failures, historyOf, missingModels, totalsOf } from '../../../../fixtures/app-states/pool-figures';
import { hosting, SITUATIONS } from '../../../../fixtures/app-states/states';
import { show, type ShowOptions } from '../../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const refused: Outcome<unknown> = fail({ code: 'FORBIDDEN', message: 'forbidden', details: null });
const ANSWERS: Partial<Record<OperationName, Outcome<unknown>>> = {
  'pool.failures': ok(failures()),
  'pool.missing_models': ok(missingModels()),
};
const showPool = (options: ShowOptions = {}) =>
  show(hosting({ nodes: mixedPool() }), { page: 'pool', ...options, answers: { ...ANSWERS, ...options.answers } });
const card = (name: RegExp) => screen.getByRole('region', { name });

async function figures(label: string): Promise<string[]> {
  const list = await waitFor(() => {
    const found = document.querySelector(`dl[aria-label="${label}"]`);
    if (found === null || !/tokens|词元/.test(found.textContent)) throw new Error('no figures yet');
    return found as HTMLElement;
  });
  await waitFor(() => expect(textOf(list)).toMatch(/128\.5|1\.29亿/));
  return [...list.children].map((tile) => [...tile.children].map((part) => textOf(part as HTMLElement)).join(' | '));
}

test('figures: 48 nodes -> nodes of the state, the rest as the scheduler counted', async () => {
  showPool();
  expect(await figures('The pool in figures')).toEqual([
    'Nodes available | 29 of 48 | 6 full, 7 busy',
    'GPUs for the pool | 56 of 80 | 24 not available',
    'VRAM in use | 0.71 of 2.21 TB | Pool 0.67 TB, owners 0.04 TB36 GB not reported',
    'Running | 43 jobs | 40 of 128 slots3 on unavailable nodes',
    'Waiting | 6 jobs | Oldest 4 min34 jobs end per minute',
    'Output | 1,617 tokens/s | 128.5M tokens in 24 h',
    'Time to first token | 420 ms median | 95% within 1.9 s',
  ]);
});

test('figures in Chinese', async () => {
  showPool({ language: 'zh-CN' });
  expect(await figures('算力池数据')).toEqual([
    '可用节点 | 29 / 48 | 已满 6，繁忙 7',
    '可用显卡 | 56 / 80 | 24 块不可用',
    '显存占用 | 0.71 / 2.21 TB | 算力池 0.67 TB，所有者 0.04 TB36 GB 未报告',
    '运行中 | 43 个任务 | 占用 40/128 个槽位另有 3 个在不可用节点上',
    '排队中 | 6 个任务 | 最久已等待 4 分钟每分钟结束 34 个任务',
    '输出 | 1,617 词元/秒 | 24 小时内 1.29亿词元',
    '首个词元用时 | 420 毫秒（中位数） | 95% 不超过 1.9 秒',
  ]);
});

test('figures: jobs of a draining node -> they are counted apart from the slots', async () => {
  const totals = { ...totalsOf([]), slots: { total: 4, used: 1 }, jobs: { ...totalsOf([]).jobs, running: 5, ended_per_minute: 3 } };
  showPool({ answers: { 'pool.totals': ok(totals) } });
  const running = await screen.findByText('Running', { selector: 'dt' });
  await waitFor(() => expect(textOf(running.parentElement as HTMLElement)).toBe('Running5 jobs1 of 4 slots4 on unavailable nodes'));
});

test('figures: nothing known yet -> dashes, never zero', async () => {
  const unknown = {
    ...totalsOf([]),
    output_tokens_per_second: null,
    jobs: { running: 0, waiting: 0, oldest_wait_seconds: null, ended_per_minute: null },
  };
  show(SITUATIONS.own_pool(), { page: 'pool', answers: { 'pool.totals': ok(unknown) } });
  const list = await screen.findByText('Output', { selector: 'dt' });
  await waitFor(() => expect(textOf(list.parentElement as HTMLElement)).toContain('–'));
  expect(textOf(screen.getByText('VRAM in use').parentElement as HTMLElement)).toBe('VRAM in use–not reported');
  expect(textOf(screen.getByText('Time to first token').parentElement as HTMLElement)).toBe('Time to first token–None in the last hour');
});

test('nodes by availability: one shape for each node, causes with numbers, links to the nodes of a state', () => {
  showPool();
  const groups = within(card(/Nodes by availability/)).getAllByRole('listitem');
  expect(groups.map((group) => textOf(group))).toEqual([
    'Available29this computer',
    'Full6All slots in use',
    'Busy75 by GPU, 1 by CPU, 1 by memory',
    'Paused21 by owners, 1 by operators',
    'Draining1rack1-09: 2 jobs left, deadline in 4 min',
    'Registering1desk-bo: 2 of 3 checks',
    expect.stringMatching(/^Degraded1attic-server: Model not ready/) as string,
    'Disconnected1old-laptop: No heartbeat for 38 s',
  ]);
  expect(groups[0]?.querySelectorAll('svg[data-shape="available"]').length).toBe(30);
  expect(
    within(groups[2] as HTMLElement)
      .getByRole('link')
      .getAttribute('href'),
  ).toBe('#/nodes?state=busy');
});

test('nodes by availability: 1,000 nodes -> bars, not shapes', () => {
  show(SITUATIONS.thousand_nodes(), { page: 'pool' });
  const available = within(card(/Nodes by availability/)).getAllByRole('listitem')[0] as HTMLElement;
  expect(available.querySelectorAll('svg').length).toBe(1);
  expect(available.querySelector('[data-state="available"] > i')?.getAttribute('style')).toBe('width: 60.1%;');
});

test('charts: range chosen -> history of that range; summaries have the values and the events', async () => {
  const { api } = showPool();
  expect(await screen.findByRole('heading', { name: 'Last hour' })).toBeDefined();
  await userEvent.click(screen.getByRole('radio', { name: '24 h' }));
  expect(await screen.findByRole('heading', { name: 'Last 24 hours' })).toBeDefined();
  expect(api.calls.filter(({ name }) => name === 'pool.history').map(({ params }) => params)).toEqual([{ range: '1h' }, { range: '24h' }]);
  const waiting = within(screen.getByRole('figure', { name: 'Waiting jobs' })).getByRole('img');
  expect(waiting.getAttribute('aria-label')).toMatch(/Scheduler restarted; .*lab-3 restarted, 2 jobs lost/);
  expect(waiting.getAttribute('aria-label')).toMatch(/Not reported: /);
});

test('charts: no point yet -> says when the first appears', async () => {
  show(SITUATIONS.own_pool(), { page: 'pool', answers: { 'pool.history': ok(historyOf([], '1h')) } });
  expect(await screen.findByText('The first point appears after 15 seconds.')).toBeDefined();
});

test('failures: cause, node and next step of each; count of all jobs', async () => {
  showPool();
  const region = card(/Recent failures/);
  const table = await within(region).findByRole('table');
  const rows = within(table).getAllByRole('row').slice(1);
  expect(rows.map((row) => within(row).getAllByRole('cell').slice(1).map(textOf))).toEqual([
    ['llama3.1:8b', 'attic-server', 'The model server did not respond', 'Show node'],
    ['gemma3:4b', 'old-laptop', 'The node was lost; retried on lab-2', 'Done'],
    ['nllb-200-en-zh', 'lab-2', 'The program exited with an error', 'Show output'],
    ['mistral-small:24b', '–', 'Timed out in the queue', 'Show nodes'],
    ['qwen3-coder:30b', '–', 'Timed out in the queue', 'Show models'],
    ['gemma3:4b', 'desk-tom', 'The client read the stream too slowly', 'Details'],
  ]);
  expect(rows.map((row) => within(row).getByRole('link').getAttribute('href'))).toEqual([
    '#/nodes/node-attic-server',
    '#/jobs/job-f2',
    '#/jobs/job-f3',
    '#/nodes',
    '#/models',
    '#/jobs/job-f6',
  ]);
  await waitFor(() => expect(textOf(region)).toContain('7 of 47,040 jobs in 24 h'));
});

test('mass loss -> one alert above the figures, with the consequence for the jobs; members see it too', () => {
  show(SITUATIONS.mass_loss(), { page: 'pool' });
  const banner = screen.getByRole('alert');
  expect(textOf(banner)).toContain('4 of 6 nodes stopped responding 20 s ago');
  expect(textOf(banner)).toContain('Their jobs go back to the queue in 25 s, or when');
  expect(within(screen.getByRole('main')).getByRole('link', { name: 'Show nodes' }).getAttribute('href')).toBe('#/nodes');
  const figures = screen.getByText('Nodes available');
  expect(banner.compareDocumentPosition(figures) & Node.DOCUMENT_POSITION_FOLLOWING).not.toBe(0);
  expect(screen.queryByRole('region', { name: /To do/ })).toBeNull();
  cleanup();
  const { pool, ...member } = SITUATIONS.member_pool();
  show({ ...member, pool: pool === null ? null : { ...pool, mass_loss: { lost: 4, of: 6, since: 0 } } }, { page: 'pool' });
  expect(textOf(screen.getByRole('alert'))).toContain('4 of 6 nodes stopped responding');
});

test('order of the cards, in pools of every size: what there is to do, the nodes, the failures', () => {
  const titles = () => screen.getAllByRole('heading', { level: 2 }).map((title) => textOf(title).replace(/ \d*$/, ''));
  const order = (from: readonly string[]) => titles().filter((title) => from.includes(title));
  const cards = ['To do', 'Nodes by availability', 'Recent failures'];
  show(SITUATIONS.ready(), { page: 'pool' });
  expect(order(cards)).toEqual(cards);
  cleanup();
  showPool();
  expect(order(cards)).toEqual(cards);
});

test('pool with few rows beside the charts -> the models that its owner can try; with many rows, none', async () => {
  const models = ok({ models: POOL_MODELS });
  show(SITUATIONS.own_pool(), { page: 'pool', answers: { 'pool.models': models } });
  expect((await within(card(/Ready models/)).findAllByRole('link', { name: /Try/ })).length).toBeGreaterThan(0);
  cleanup();
  show(SITUATIONS.ready(), { page: 'pool', answers: { 'pool.models': models } });
  await screen.findByText('No job failed in the last 24 hours.');
  expect(screen.queryByRole('region', { name: /Ready models/ })).toBeNull();
});

test('small pool: failures are a card; without failures a line in the card of what there is to do', async () => {
  const isCard = () => screen.queryByRole('region', { name: /Recent failures/ }) !== null;
  show(SITUATIONS.own_pool(), { page: 'pool', answers: ANSWERS });
  await screen.findByRole('table');
  expect(isCard()).toBe(true);
  cleanup();
  show(SITUATIONS.ready(), { page: 'pool' });
  expect(await within(card(/To do/)).findByText('No job failed in the last 24 hours.')).toBeTruthy();
  expect(isCard()).toBe(false);
});

test('quiet pool of one computer -> says so, and offers to invite', async () => {
  show(SITUATIONS.own_pool(), { page: 'pool' });
  expect(await screen.findByText('No job failed in the last 24 hours.')).toBeDefined();
  expect(screen.getByText('Nothing to do.')).toBeDefined();
  expect(screen.getByText('This pool has one computer.')).toBeDefined();
  const links = await screen.findAllByRole('link', { name: 'Invite a computer…' });
  expect(links.map((link) => link.getAttribute('href'))).toEqual(['#/members/new-invitation', '#/members/new-invitation']);
});

test('invite: the button opens the form of the Members page; closed -> the page stays', async () => {
  showPool();
  await userEvent.click(await screen.findByRole('link', { name: 'Invite a computer…' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(window.location.hash).toBe('#/members');
});

test('viewer: the same figures, no way to invite', async () => {
  showPool({ answers: { 'invites.list': refused } });
  expect((await figures('The pool in figures')).length).toBe(7);
  expect(screen.queryByRole('link', { name: 'Invite a computer…' })).toBeNull();
});

test('owner who joined the pool of another: no way to invite', async () => {
  const { api } = showPool();
  await screen.findByRole('link', { name: 'Invite a computer…' });
  act(() => api.emit.onEvent({ type: 'pool', pool: SITUATIONS.member_pool().pool }));
  expect(screen.queryByRole('link', { name: 'Invite a computer…' })).toBeNull();
});

test('older scheduler: no totals -> the error with its fix, the nodes of the state all the same', async () => {
  const error = fail({ code: 'NOT_FOUND', message: 'not found', details: null });
  showPool({ answers: { 'pool.totals': error, 'pool.history': error, 'pool.failures': error, 'pool.missing_models': error } });
  await waitFor(() => expect(screen.getAllByRole('alert').length).toBe(3));
  expect(textOf(screen.getByText('Nodes available').parentElement as HTMLElement)).toContain('29 of 48');
});

test('computer without a pool: no overview, the cards for joining as before', () => {
  show(SITUATIONS.first_run(), { page: 'pool' });
  expect(screen.queryByText('Nodes available')).toBeNull();
  expect(screen.getByRole('button', { name: 'Only on this computer' })).toBeDefined();
});
