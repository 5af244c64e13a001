import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, test } from 'vitest';
import type { NodeView } from '../../../../../src/shared/api/node-view';
import { MINUTE, NOW, SECOND } from '../../../../fixtures/app-states/moment';
import { nodeView } from '../../../../fixtures/app-states/nodes';
import { hosting } from '../../../../fixtures/app-states/states';
import { labelsIn } from '../../support/labels';
import { fakeLayout } from '../../support/layout';
import { asPhone } from '../../support/phone';
import { show } from '../../support/render-screen';

const { t } = labelsIn('en');
const namesShown = (): string[] =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getByRole('link').textContent);
const header = (name: string): HTMLElement => screen.getByRole('columnheader', { name });
const sortBy = (name: string) => userEvent.click(within(header(name)).getByRole('button'));

const nodes = (count: number): NodeView[] =>
  Array.from({ length: count }, (_, i) =>
    nodeView(i % 2 === 0 ? 'ready' : 'draining', {
      node_id: `node-${String(i)}`,
      name: `node-${String(i)}`,
      in_flight_jobs: i % 5,
      last_heartbeat_at: i === 3 ? null : NOW - i * SECOND,
    }),
  );

describe('sort', () => {
  test('default: by name, numbers within names as numbers', () => {
    show(hosting({ nodes: nodes(12).reverse() }), { page: 'nodes' });
    expect(namesShown()).toEqual(Array.from({ length: 12 }, (_, i) => `node-${String(i)}`));
    expect(header(t('nodes.name')).getAttribute('aria-sort')).toBe('none');
  });

  test('first press sorts, second reverses, third restores; each changes the route', async () => {
    show(hosting({ nodes: nodes(6) }), { page: 'nodes' });
    await sortBy(t('nodes.jobs'));
    expect([namesShown().at(0), header(t('nodes.jobs')).getAttribute('aria-sort'), window.location.hash]).toEqual([
      'node-0',
      'ascending',
      '#/nodes?sort=jobs',
    ]);
    await sortBy(t('nodes.jobs'));
    expect(namesShown()).toEqual(['node-4', 'node-3', 'node-2', 'node-1', 'node-0', 'node-5']);
    expect([header(t('nodes.jobs')).getAttribute('aria-sort'), window.location.hash]).toEqual(['descending', '#/nodes?sort=-jobs']);
    await sortBy(t('nodes.jobs'));
    expect([header(t('nodes.jobs')).getAttribute('aria-sort'), window.location.hash]).toEqual(['none', '#/nodes']);
  });

  test('phone: one list has the orders of all columns', async () => {
    asPhone();
    show(hosting(), { page: 'models' });
    const list = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Sort by' });
    expect(screen.queryByRole('button', { name: 'Size' })).toBeNull();
    await userEvent.selectOptions(list, 'Size: descending');
    expect([list.value, window.location.hash]).toEqual(['-size', '#/models?sort=-size']);
    await userEvent.selectOptions(list, 'Default order');
    expect(window.location.hash).toBe('#/models');
  });

  test('from the route; unknown column -> default order', () => {
    show(hosting({ nodes: nodes(6) }), { page: 'nodes?sort=-name' });
    expect(namesShown().at(0)).toBe('node-5');
    act(() => window.location.replace('#/nodes?sort=-constructor'));
    expect(namesShown().length).toBe(6);
  });

  test('unknown values -> last', () => {
    show(hosting({ nodes: nodes(6) }), { page: 'nodes?sort=-heartbeat&columns=heartbeat' });
    expect(namesShown().at(-1)).toBe('node-3');
  });
});

describe('search', () => {
  test('every word must match; the count is shown; the text is in the route', async () => {
    show(hosting({ nodes: nodes(12) }), { page: 'nodes' });
    await userEvent.type(screen.getByRole('searchbox', { name: t('nodes.search') }), 'node-1 ready');
    expect(namesShown()).toEqual(['node-10']);
    expect(screen.getByText(t('table.found', { found: 1, total: 12 })).getAttribute('role')).toBe('status');
    expect(window.location.hash).toBe('#/nodes?search=node-1+ready');
  });

  test('key press inside the text -> the caret stays', async () => {
    show(hosting({ nodes: nodes(12) }), { page: 'nodes?search=nde' });
    const box = screen.getByRole<HTMLInputElement>('searchbox');
    await userEvent.type(box, 'o', { initialSelectionStart: 1, initialSelectionEnd: 1 });
    expect([box.value, box.selectionStart]).toEqual(['node', 2]);
  });

  test('no match -> text shown, the field and the head stay', () => {
    show(hosting({ nodes: nodes(12) }), { page: 'nodes?search=nowhere' });
    expect(screen.getAllByRole('columnheader').length).toBeGreaterThan(3);
    expect(screen.getByRole('main').textContent).toContain(t('table.none_found'));
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('nowhere');
  });

  test('few rows -> a search field too', () => {
    show(hosting(), { page: 'nodes' });
    expect(screen.getByRole('searchbox')).toBeTruthy();
  });

  test('drawer opened and closed -> search and sort stay in the route', async () => {
    show(hosting({ nodes: nodes(12) }), { page: 'nodes?search=node-1&sort=-name' });
    const link = screen.getByRole('link', { name: t('nodes.details_of', { name: 'node-11' }) });
    expect(link.getAttribute('href')).toBe('#/nodes/node-11?search=node-1&sort=-name');
    act(() => window.location.replace(link.getAttribute('href') ?? ''));
    await screen.findByRole('dialog', { name: 'node-11' });
    await userEvent.keyboard('{Escape}');
    expect(window.location.hash).toBe('#/nodes?search=node-1&sort=-name');
  });
});

describe('rows', () => {
  test('a node changes -> only its row is rendered again', () => {
    const { api } = show(hosting({ nodes: nodes(12) }), { page: 'nodes' });
    const drawn: Node[] = [];
    const observer = new MutationObserver((records) => drawn.push(...records.map(({ target }) => target)));
    observer.observe(screen.getByRole('table'), { subtree: true, childList: true, characterData: true, attributes: true });
    act(() => api.emit.onEvent({ type: 'node', node: { ...nodes(12)[7], in_flight_jobs: 4 } as NodeView }));
    drawn.push(...observer.takeRecords().map(({ target }) => target));
    const rows = new Set(drawn.map((target) => (target.parentElement ?? (target as Element)).closest('tr')?.textContent.slice(0, 6)));
    expect([...rows]).toEqual(['node-7']);
  });

  test('clock tick -> every age increases', () => {
    const { advance } = show(hosting({ nodes: nodes(4) }), { page: 'nodes?columns=heartbeat' });
    advance(MINUTE);
    const ages = screen
      .getAllByRole('row')
      .slice(1)
      .map((row) => within(row).getAllByRole('cell').at(-1)?.textContent);
    expect(ages).toEqual(['1\u00a0min ago', '1\u00a0min ago', '1\u00a0min ago', t('unknown.none')]);
  });

  test('clock tick without another text -> nothing is drawn', () => {
    const { advance } = show(hosting({ nodes: nodes(4), agent: null, host: null }), { page: 'nodes?columns=heartbeat' });
    const observer = new MutationObserver(() => undefined);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    advance(1000);
    expect(observer.takeRecords()).toEqual([]);
    advance(10_000);
    expect(observer.takeRecords().map(({ type }) => type)).toEqual(['characterData', 'characterData', 'characterData']);
  });
});

describe('more than 200 rows', () => {
  beforeEach(fakeLayout);

  test('only rows near the view are in the document, with aria-rowcount and aria-rowindex', () => {
    show(hosting({ nodes: nodes(1000) }), { page: 'nodes?group=none' });
    const table = screen.getByRole('table');
    expect(table.getAttribute('aria-rowcount')).toBe('1001');
    const rows = screen.getAllByRole('row');
    expect(rows.length).toBeGreaterThan(12);
    expect(rows.length).toBeLessThan(40);
    expect(rows.slice(0, 3).map((row) => row.getAttribute('aria-rowindex'))).toEqual(['1', '2', '3']);
    expect(namesShown().slice(0, 2)).toEqual(['node-0', 'node-1']);
  });

  test('scrolled -> the rows in the new view', () => {
    show(hosting({ nodes: nodes(1000) }), { page: 'nodes?group=none' });
    const region = screen.getByRole('table').parentElement as HTMLElement;
    act(() => {
      region.scrollTop = 13_000;
      region.dispatchEvent(new Event('scroll'));
    });
    expect(namesShown()).toContain('node-475');
    expect(namesShown()).not.toContain('node-0');
  });

  test('200 rows -> all in the document, no aria-rowcount', () => {
    show(hosting({ nodes: nodes(200) }), { page: 'nodes?group=none' });
    expect(screen.getAllByRole('row')).toHaveLength(201);
    expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBeNull();
  });
});
