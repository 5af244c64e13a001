import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { createFormat } from '../../../../src/renderer/i18n/format';
import { fail, ok } from '../../../../src/shared/result';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { noUsage, tokensToday, usageAnswer } from '../../../fixtures/app-states/usage';
import { linkOf, manyKeys, open, queries, rowsOf, tableOf, textOf, totalsOf } from './usage-screen';

const { number, compact } = createFormat('en');
const OF_TODAY = `${number(tokensToday('key-open-webui'))} of 100,000,000 tokens today`;

test('a week by key -> figures, a bar for each day with its parts, a row for each key, the rest and no key named', async () => {
  const shown = await open();
  const week = usageAnswer({ by: 'key' });
  const [first] = week.rows;
  await screen.findByRole('columnheader', { name: 'Limits' });
  const [name, , ...figures] = (await rowsOf('Key'))[0] ?? [];
  expect([name, ...figures.slice(0, 2)]).toEqual(['open-webui', number(first?.requests ?? 0), number(first?.failed ?? 0)]);
  expect((await rowsOf('Key')).map(([name]) => name)).toContain('Without a key');
  const days = { from: '2026-11-17', to: '2026-11-23' };
  expect(new Set(queries(shown))).toEqual(
    new Set([
      { ...days, by: 'key' },
      { from: '2026-11-10', to: '2026-11-15', by: 'day' },
      { ...days, by: 'day,key' },
    ]),
  );
  expect(textOf(screen.getByText('Prompt tokens', { selector: 'dt' }).parentElement)).toContain(compact(week.total.prompt_tokens));
  const chart = screen.getByRole('img', { name: /^Per day \(UTC\): / });
  expect(chart.getAttribute('aria-label')).toContain(
    `open-webui ${compact((first?.prompt_tokens ?? 0) + (first?.output_tokens ?? 0))} tokens`,
  );
  expect(screen.getByText(/are estimated from their text/)).toBeTruthy();
});

test('period, division and measure -> in the URL and in the query; the chart as a table', async () => {
  const shown = await open();
  await tableOf('Key');
  await userEvent.click(screen.getByRole('radio', { name: '1 year' }));
  await userEvent.click(screen.getByRole('radio', { name: 'Models' }));
  await userEvent.click(await screen.findByRole('radio', { name: 'GPU time' }));
  const table = await tableOf('Model');
  expect(within(table).queryByRole('columnheader', { name: 'Limits' })).toBeNull();
  expect(screen.getByText(/^Nov 23, 2025 to Nov 23, 2026 · Days in UTC( \(\d\d:\d\d to \d\d:\d\d your time\))?$/)).toBeTruthy();
  expect(queries(shown)).toContainEqual({ from: '2025-11-23', to: '2026-11-23', by: 'day,model' });
  expect(window.location.hash).toBe('#/usage?filter=period%3A1y&filter=by%3Amodel&filter=measure%3Agpu');
  await screen.findByRole('img', { name: /^Per week \(UTC\): / });
  expect(screen.getByText('Last bar: this week so far')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Show as table: Per week (UTC)' }));
  const weeks = screen.getByRole('region', { name: 'Per week (UTC)' });
  expect(within(weeks).getAllByRole('columnheader').map(textOf).at(-1)).toBe('piper-zh');
  // 53 weeks, the latest first.
  expect(within(weeks).getAllByRole('row')).toHaveLength(1 + 53);
});

test('own period -> begins with the shown days; a wrong one is said at its field, the figures stay, and nothing is asked', async () => {
  const shown = await open();
  await tableOf('Key');
  await userEvent.click(screen.getByRole('radio', { name: 'Custom' }));
  const from = await screen.findByLabelText('From');
  expect((from as HTMLInputElement).value).toBe('2026-11-17');
  const before = queries(shown).length;
  await userEvent.clear(screen.getByLabelText('To'));
  const to = screen.getByLabelText<HTMLInputElement>('To');
  expect((await screen.findByRole('alert')).textContent).toBe('Choose the first and the last day.');
  expect([to.getAttribute('aria-invalid'), from.getAttribute('aria-invalid')]).toEqual(['true', null]);
  await userEvent.type(screen.getByLabelText('To'), '2026-11-10');
  await screen.findByText('The first day is after the last day.');
  expect(queries(shown)).toHaveLength(before);
  expect((await rowsOf('Key')).length).toBeGreaterThan(1);
  expect(screen.getByText(/^Nov 17 to Nov 23 · Days in UTC( \(\d\d:\d\d to \d\d:\d\d your time\))?$/)).toBeTruthy();
});

test('address with a wrong date -> the figures of the last seven days, and the reason at the field', async () => {
  const shown = await open({ page: 'usage?filter=period%3Acustom&filter=from%3A2026-02-31x&filter=to%3A2026-11-20' });
  await tableOf('Key');
  expect(queries(shown)).toContainEqual({ from: '2026-11-17', to: '2026-11-23', by: 'key' });
  expect(screen.getByText('Choose the first and the last day.')).toBeTruthy();
});

test('name -> the use of that part alone, with its page and the way back; beside a key its limits', async () => {
  const shown = await open();
  expect(await linkOf('Change the key open-webui')).toBe('#/members/key-open-webui');
  const cells = (await rowsOf('Key'))[0];
  expect(cells?.[1]).toBe(`46.4M of 100M tokens today60 requests/min · 4 at once · high priorityChange…`);
  expect(screen.getByRole('img', { name: `Tokens of today: ${OF_TODAY}` })).toBeTruthy();
  await userEvent.click(screen.getByRole('link', { name: 'open-webui' }));
  await tableOf('Model');
  expect(queries(shown)).toContainEqual({ from: '2026-11-17', to: '2026-11-23', by: 'model', key: 'key-open-webui' });
  expect(await linkOf('Jobs of this key')).toBe('#/jobs?filter=key%3Akey-open-webui');
  expect(await linkOf('llama3.1:8b')).toBe('#/models/llama3.1%3A8b?search=llama3.1%3A8b');
  await userEvent.click(screen.getByRole('button', { name: 'Only open-webui: Show all keys again' }));
  await tableOf('Key');
});

test.each([
  ['Models', 'llama3.1:8b', { by: 'key', model: 'llama3.1:8b' }, ['Keys', 'Nodes']],
  ['Nodes', 'alice-laptop', { by: 'model', node_id: 'node-0A11CE42' }, []],
] as const)('%s -> name of one -> its use, divided by what is counted with it', async (subject, name, query, choices) => {
  const shown = await open();
  await userEvent.click(await screen.findByRole('radio', { name: subject }));
  await userEvent.click(await screen.findByRole('link', { name }));
  await waitFor(() => expect(queries(shown)).toContainEqual({ from: '2026-11-17', to: '2026-11-23', ...query }));
  expect(await screen.findByText(`Only ${name}`)).toBeTruthy();
  const others = ['Keys', 'Models', 'Nodes'].filter((choice) => screen.queryByRole('radio', { name: choice }) !== null);
  expect(others).toEqual(choices);
});

test('all rows -> their sums below; a part of the rows, or one row -> none', async () => {
  const shown = await open();
  const { total, rows } = usageAnswer({ by: 'key' });
  await screen.findByRole('columnheader', { name: 'Limits' });
  expect(await totalsOf('Key')).toMatchObject({
    Limits: '',
    Requests: number(total.requests),
    Tokens: `${compact(total.prompt_tokens + total.output_tokens)} 100%`,
  });
  shown.api.answer('pool.usage', ok({ ...usageAnswer({ by: 'key' }), rows: rows.slice(0, 1) }));
  await userEvent.click(screen.getByRole('radio', { name: '30 days' }));
  await waitFor(async () => expect(await totalsOf('Key')).toBeNull());
  shown.api.answer('pool.usage', manyKeys());
  await userEvent.click(screen.getByRole('radio', { name: '7 days' }));
  await screen.findByRole('button', { name: 'Show all 150' });
  expect(await totalsOf('Key')).toBeNull();
});

test('150 keys -> the 20 largest; all on request, by a search, or when sorted', async () => {
  await open({ answers: { 'pool.usage': manyKeys() } });
  expect(await rowsOf('Key')).toHaveLength(20);
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search keys' }), 'team-14');
  await waitFor(async () => expect(await rowsOf('Key')).toHaveLength(11));
  await userEvent.clear(screen.getByRole('searchbox', { name: 'Search keys' }));
  await userEvent.click(screen.getByRole('button', { name: 'Failed' }));
  await userEvent.click(screen.getByRole('button', { name: 'Failed' }));
  await waitFor(async () => expect((await rowsOf('Key'))[0]?.[0]).toBe('team-149'));
  expect(screen.getByRole('columnheader', { name: 'Failed' }).getAttribute('aria-sort')).toBe('descending');
  await userEvent.click(screen.getByRole('button', { name: 'Failed' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Show all 150' }));
  expect(await rowsOf('Key')).toHaveLength(150);
});

test('week -> the change since the week before, on whole days; the first counted day', async () => {
  const shown = await open();
  expect(await screen.findByText('Change: Nov 17 to Nov 22, compared with Nov 10 to Nov 15.')).toBeTruthy();
  expect(queries(shown)).toContainEqual({ from: '2026-11-10', to: '2026-11-15', by: 'day' });
  const tile = screen.getByText('Requests', { selector: 'dt' }).parentElement;
  expect(textOf(tile?.querySelector('dd') ?? null)).toMatch(/^[\d,]+ [+−±]\d+%$/);
  expect(screen.getByText('Counted since Mar 2.')).toBeTruthy();
  await userEvent.click(screen.getByRole('radio', { name: '1 year' }));
  await waitFor(() => expect(screen.queryByText(/^Change:/)).toBeNull());
});

test('limits of a member, a revoked key and no key -> what they are', async () => {
  await open();
  await screen.findByRole('columnheader', { name: 'Limits' });
  const limits = new Map((await rowsOf('Key')).map(([name, text]) => [name, text]));
  const names = ['ren', 'kai-desktop', 'old-script', 'Without a key'];
  expect(names.map((name) => limits.get(name))).toEqual([
    'No limitChange…',
    'Computers have no limits',
    'Revoked',
    'Sent on the host, no key needed',
  ]);
});

test('only members and a revoked key -> no column of limits', async () => {
  const { rows, ...week } = usageAnswer({ by: 'key' });
  const others = rows.filter(({ name }) => name === 'kai-desktop' || name === 'old-script');
  const shown = await open({ answers: { 'pool.usage': ok({ ...week, rows: others }) } });
  await waitFor(() => expect(shown.api.calls.map(({ name }) => name)).toContain('keys.list'));
  expect((await rowsOf('Key')).map(([name]) => name)).toEqual(['kai-desktop', 'old-script']);
  expect(screen.queryByRole('columnheader', { name: 'Limits' })).toBeNull();
  shown.api.answer('pool.usage', ok({ ...week, rows }));
  await userEvent.click(screen.getByRole('radio', { name: '30 days' }));
  expect(await screen.findByRole('columnheader', { name: 'Limits' })).toBeTruthy();
});

test('requests over a limit -> in the tile and beside their key; without any, no column', async () => {
  const shown = await open();
  const week = usageAnswer({ by: 'key' });
  const refused = number(week.total.refused);
  expect(
    await screen.findByText(`${number(week.total.failed)} failed, ${number(week.total.cancelled)} cancelled, ${refused} over a limit`),
  ).toBeTruthy();
  await screen.findByRole('columnheader', { name: 'Refused' });
  expect((await rowsOf('Key')).find(([name]) => name === 'nightly-ocr')).toContain(refused);
  shown.api.answer('pool.usage', ok({ ...week, total: { ...week.total, refused: 0 } }));
  await userEvent.click(screen.getByRole('radio', { name: '30 days' }));
  await waitFor(() => expect(screen.queryByRole('columnheader', { name: 'Refused' })).toBeNull());
});

test('requests over a limit by model -> no row of the rest without a request', async () => {
  const { rows, ...week } = usageAnswer({ by: 'model' });
  const [first] = rows;
  if (first === undefined) throw new Error('no rows');
  const rest = { ...first, id: null, rest: true, requests: 0, refused: 8 };
  await open({ page: 'usage?filter=by%3Amodel', answers: { 'pool.usage': ok({ ...week, rows: [first, rest] }) } });
  expect((await rowsOf('Model')).map(([name]) => name)).toEqual([first.id]);
});

test('requests that no node ran by model -> named, without the figures that they cannot have', async () => {
  await open({ page: 'usage?filter=by%3Amodel' });
  const [name, , ...figures] = (await rowsOf('Model')).at(-1) ?? [];
  expect([name, ...figures.slice(1)]).toEqual(['Never reached a node', '–', '–', '–', '–', '–']);
});

test('one key -> its use by model, until all keys are shown again', async () => {
  const shown = await open({ page: 'usage?filter=key%3Akey-open-webui' });
  await tableOf('Model');
  expect(queries(shown)).toContainEqual({ from: '2026-11-17', to: '2026-11-23', by: 'model', key: 'key-open-webui' });
  expect(await screen.findByText('Only open-webui')).toBeTruthy();
  expect(await screen.findByRole('img', { name: `Tokens of today: ${OF_TODAY}` })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Only open-webui: Show all keys again' }));
  await tableOf('Key');
  expect(window.location.hash).not.toContain('key-open-webui');
});

test('CSV -> the days and parts of the chart; saved by the app', async () => {
  const shown = await open({ answers: { 'pool.export_usage': ok({ state: 'saved', path: '/home/a/muster-usage.csv' }) } });
  await userEvent.click(await screen.findByRole('button', { name: 'Export CSV' }));
  expect(shown.api.userCalls).toEqual([{ name: 'pool.export_usage', params: { from: '2026-11-17', to: '2026-11-23', by: 'day,key' } }]);
  expect(await screen.findByText(/\/home\/a\/muster-usage\.csv/)).toBeTruthy();
});

test('no use in the period -> said; none ever -> what is counted, and the page that connects programs', async () => {
  const first = await open({ answers: { 'pool.usage': ok(noUsage) } });
  expect(await screen.findByText(/No finished requests in this pool yet/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Export CSV' })).toHaveProperty('disabled', true);
  expect(within(screen.getByRole('main')).getByRole('link', { name: 'Connect programs' }).getAttribute('href')).toBe('#/connect');
  first.api.answer('pool.usage', ok({ ...noUsage, since: '2026-11-01' }));
  await userEvent.click(screen.getByRole('radio', { name: '30 days' }));
  expect(await screen.findByText('No request ended in these days.')).toBeTruthy();
});

test.each([
  [0, '0'],
  [0.4, '400 ms'],
  [25, '25 s'],
  [90, '1 min'],
  [6720, '1.9 h'],
  [359_940, '100 h'],
  [359_980, '100 h'],
  [7_821_600, '2,173 h'],
])('%d s of GPU time -> %s in the tile and in the table', async (seconds, text) => {
  const week = usageAnswer({ by: 'key' });
  const used = <Figures extends { readonly gpu_seconds: number }>(figures: Figures) => ({ ...figures, gpu_seconds: seconds });
  await open({ answers: { 'pool.usage': ok({ ...week, total: used(week.total), rows: week.rows.map(used) }) } });
  expect(new Set((await rowsOf('Key')).map((cells) => cells.at(-1)))).toEqual(new Set([text]));
  const tile = screen.getByText('GPU time', { selector: 'dt' }).parentElement;
  expect(textOf(tile?.querySelector('dd > b') ?? null)).toBe(text);
});

test('failure -> the error', async () => {
  await open({ answers: { 'pool.usage': fail({ code: 'DISCONNECTED', message: 'm', details: null }) } });
  await waitFor(() => expect(screen.getByRole('main').querySelector('[role="alert"]')).toBeTruthy());
});

test('member of a pool -> its own requests by model', async () => {
  const shown = await open({}, SITUATIONS.member_of_pool());
  expect(await screen.findByText(/You see the requests that this computer sent/)).toBeTruthy();
  await tableOf('Model');
  expect(screen.queryByRole('radio', { name: 'Keys' })).toBeNull();
  const asked = queries(shown).map((query) => (query as { by: string }).by);
  expect(new Set(asked)).toEqual(new Set(['model', 'day,model', 'day']));
});

test('Chinese -> every text of the page is translated', async () => {
  await open({ language: 'zh-CN' });
  expect(await tableOf('密钥')).toBeTruthy();
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('用量');
  expect(screen.getByRole('button', { name: '导出 CSV' })).toBeTruthy();
});
