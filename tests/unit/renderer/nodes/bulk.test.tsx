// Actions for selected nodes: which are sent, the notices with undo, failures; groups and chips; a thousand rows.
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { MINUTE, NOW } from '../../../fixtures/app-states/moment';
import { nodeView } from '../../../fixtures/app-states/nodes';
import { hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { lateHeartbeat } from '../../../fixtures/app-states/statuses';
import { fakeLayout } from '../support/layout';
import { asPhone } from '../support/phone';
import { show } from '../support/render-screen';

const node = (name: string, tags: string[] = []) => nodeView('ready', { node_id: `node-${name}`, name, tags });
const pool = () => hosting({ nodes: [node('a', ['lab']), node('b', ['lab', 'old']), node('c')] });
const PALETTE = 'Search and commands';
const bar = (): HTMLElement => screen.getByRole('region', { name: 'Selected rows' });

async function select(...names: string[]): Promise<void> {
  for (const name of names) await userEvent.click(screen.getByRole('checkbox', { name: `Select ${name}` }));
}

describe('bulk actions', () => {
  test('drain two -> one request for each; undo resumes both', async () => {
    const { api } = show(pool(), { page: 'nodes' });
    await select('a', 'b');
    await userEvent.click(within(bar()).getByRole('button', { name: 'Drain…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Drain 2 nodes?' });
    expect(dialog.textContent).toContain('2 jobs finish first.');
    api.answer('pool.drain', ok(nodeView('draining', { node_id: 'node-a', name: 'a' })));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Drain' }));
    await screen.findByText('2 nodes get no new jobs');
    api.answer('pool.resume', ok(node('a')));
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(api.userCalls).toHaveLength(4));
    expect(api.userCalls).toEqual([
      { name: 'pool.drain', params: { node_id: 'node-a' } },
      { name: 'pool.drain', params: { node_id: 'node-b' } },
      { name: 'pool.resume', params: { node_id: 'node-a' } },
      { name: 'pool.resume', params: { node_id: 'node-b' } },
    ]);
  });

  test('tag two -> the tags of each node stay; undo restores both', async () => {
    const { api } = show(pool(), { page: 'nodes' });
    api.answer('pool.tag_node', ok(node('a')));
    await select('a', 'b');
    await userEvent.click(within(bar()).getByRole('button', { name: 'Tag…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Tags of 2 nodes' });
    await userEvent.type(within(dialog).getByRole('combobox', { name: 'Tags' }), 'nvlink{Enter}');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    await screen.findByText('Tags of 2 nodes changed');
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(api.userCalls).toHaveLength(4));
    expect(api.userCalls.map(({ params }) => params)).toEqual([
      { node_id: 'node-a', tags: ['lab', 'nvlink'] },
      { node_id: 'node-b', tags: ['lab', 'old', 'nvlink'] },
      { node_id: 'node-a', tags: ['lab'] },
      { node_id: 'node-b', tags: ['lab', 'old'] },
    ]);
  });

  test('refused -> the reason and the node, nothing to undo', async () => {
    const { api } = show(pool(), { page: 'nodes' });
    api.answer('pool.drain', fail({ code: 'NOT_FOUND', message: 'm', details: null }));
    await select('c');
    await userEvent.click(within(bar()).getByRole('button', { name: 'Drain…' }));
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Drain' }));
    expect((await screen.findByText(/^1 of 1 nodes did not change: c/)).textContent).toContain('Not found');
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  });

  test('a member of the pool -> no checkboxes, and no columns of the load, which it may not see', () => {
    show(SITUATIONS.member_of_pool(), { page: 'nodes' });
    expect(screen.queryByRole('checkbox')).toBeNull();
    const columns = screen.getAllByRole('columnheader').map(({ textContent }) => textContent);
    expect(columns).toEqual(['Name', 'Availability', 'GPU', 'Jobs']);
  });
});

describe('phone', () => {
  test('a member of the pool -> cards without bars of the load, which it may not see', () => {
    asPhone();
    show(SITUATIONS.member_of_pool(), { page: 'nodes' });
    expect(screen.getAllByRole('article').length).toBeGreaterThan(1);
    expect(screen.queryByRole('img', { name: /^GPU use: / })).toBeNull();
  });

  const cards = (): (string | null | undefined)[] =>
    screen.getAllByRole('article').map((card) => within(card).getByRole('link').textContent);

  test('cards are selected one by one or all; the bar acts on them', async () => {
    asPhone();
    const { api } = show(pool(), { page: 'nodes' });
    await select('a', 'c');
    expect(within(bar()).getByRole('status').textContent).toBe('2 selected');
    await userEvent.click(within(bar()).getByRole('button', { name: 'Drain…' }));
    api.answer('pool.drain', ok(nodeView('draining', { node_id: 'node-a', name: 'a' })));
    await userEvent.click(within(await screen.findByRole('dialog', { name: 'Drain 2 nodes?' })).getByRole('button', { name: 'Drain' }));
    await waitFor(() =>
      expect(api.userCalls).toEqual([
        { name: 'pool.drain', params: { node_id: 'node-a' } },
        { name: 'pool.drain', params: { node_id: 'node-c' } },
      ]),
    );
    await userEvent.click(screen.getByRole('checkbox', { name: 'Select all' }));
    expect(within(bar()).getByRole('status').textContent).toBe('3 selected');
    await userEvent.click(within(bar()).getByRole('button', { name: 'Clear' }));
    expect(screen.queryByRole('region', { name: 'Selected rows' })).toBeNull();
    expect(window.location.hash).toBe('#/nodes');
  });

  test('filter by a tag; a node that the filter hides is not selected any more', async () => {
    asPhone();
    show(pool(), { page: 'nodes' });
    await select('a', 'c');
    await userEvent.click(screen.getByRole('button', { name: 'Add a filter' }));
    await userEvent.click(within(await screen.findByRole('group', { name: 'Tag' })).getByRole('button', { name: 'lab 2' }));
    expect([cards(), within(bar()).getByRole('status').textContent]).toEqual([['a', 'b'], '1 selected']);
    await userEvent.click(screen.getByRole('button', { name: 'Remove the filter Tag: lab' }));
    expect(cards()).toEqual(['a', 'b', 'c']);
  });

  test('the order is a field, and a part of the route', async () => {
    asPhone();
    show(pool(), { page: 'nodes' });
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Sort by' }), 'Name: descending');
    expect(cards()).toEqual(['c', 'b', 'a']);
    expect(window.location.hash).toBe('#/nodes?sort=-name');
  });

  test('a member of the pool -> no checkboxes', () => {
    asPhone();
    show(SITUATIONS.member_pool(), { page: 'nodes' });
    expect([screen.getAllByRole('article').length > 0, screen.queryByRole('checkbox')]).toEqual([true, null]);
  });
});

test('keyboard: / goes to the search, J and K move, X selects, Enter opens, Escape clears and then closes', async () => {
  show(SITUATIONS.mixed_pool(), { page: 'nodes?group=none' });
  const focused = (): string | null => document.activeElement?.getAttribute('data-key') ?? null;
  const keys = Array.from(document.querySelectorAll('tr[data-key]'), (row) => row.getAttribute('data-key'));
  await userEvent.keyboard('/');
  expect(document.activeElement).toBe(screen.getByRole('searchbox'));
  await userEvent.keyboard('{Escape}');
  act(() => (document.activeElement as HTMLElement).blur());
  await userEvent.keyboard('jjjk');
  expect(focused()).toBe(keys[1]);
  await userEvent.keyboard('x');
  expect(within(bar()).getByRole('status').textContent).toBe('1 selected');
  await userEvent.keyboard('{Enter}');
  await screen.findByRole('dialog');
  expect(window.location.hash).toContain(`/nodes/${keys[1] ?? ''}`);
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('region', { name: 'Selected rows' })).toBeNull();
  expect(screen.getByRole('dialog')).toBeTruthy();
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('drain -> the deadline of the host is named with its time', async () => {
  show(hosting(), { page: 'nodes/node-5C0FFEE1' });
  await userEvent.click(await screen.findByRole('button', { name: 'Drain…' }));
  await screen.findByRole('option', { name: /^Default \(1\sh\)$/ });
});

test('drain from the palette, on another page', async () => {
  const { api } = show(pool(), { page: 'settings' });
  await userEvent.keyboard('{Control>}k{/Control}');
  await userEvent.type(await screen.findByRole('combobox', { name: PALETTE }), 'drain b');
  await userEvent.click(await screen.findByRole('option', { name: /Drain\s*b/ }));
  api.answer('pool.drain', ok(nodeView('draining', { node_id: 'node-b', name: 'b' })));
  await userEvent.click(within(await screen.findByRole('dialog', { name: 'Drain b?' })).getByRole('button', { name: 'Drain' }));
  await screen.findByText('b gets no new jobs');
  expect(api.userCalls.filter(({ name }) => name === 'pool.drain')).toEqual([{ name: 'pool.drain', params: { node_id: 'node-b' } }]);
});

test('groups: by availability from 20 nodes on, by tag on request', () => {
  show(SITUATIONS.mixed_pool(), { page: 'nodes' });
  const heads = (): (string | null)[] => screen.getAllByRole('button', { expanded: true }).map(({ textContent }) => textContent);
  const groups = ['Registering 1', 'Paused and draining 3', 'Busy 7', 'Full 6', 'Available 29', 'Asleep, disconnected, offline 1'];
  expect(heads()).toEqual(['Needs attention 1', ...groups]);
});

test('chip "Needs attention" -> a registering node only after a failed check, and the route', async () => {
  const nodes = SITUATIONS.mixed_pool().nodes.map((node) =>
    node.status === 'registering' ? { ...node, since: NOW - 2 * MINUTE, health: { ...node.health, failed_checks: [lateHeartbeat] } } : node,
  );
  show(hosting({ nodes }), { page: 'nodes' });
  await userEvent.click(screen.getByRole('button', { name: 'Needs attention 2', pressed: false }));
  expect(window.location.hash).toBe('#/nodes?filter=show%3Aattention');
  expect(screen.getAllByRole('checkbox', { name: /^Select [a-z]+-/ })).toHaveLength(2);
});

test('a thousand nodes -> only rows in view are rendered; a node changes -> its row alone', () => {
  fakeLayout();
  const state = SITUATIONS.thousand_nodes();
  const { api } = show(state, { page: 'nodes' });
  const rows = () => Array.from(document.querySelectorAll('tr[data-key]'), (row) => [row.getAttribute('data-key'), row.outerHTML] as const);
  const before = rows();
  expect(before.length).toBeLessThan(60);
  const changed = state.nodes.find(({ node_id }) => node_id === before[1]?.[0]);
  if (changed === undefined) throw new Error('no second row');
  act(() => api.emit.onEvent({ type: 'node', node: { ...changed, simulated: !changed.simulated } }));
  const after = rows();
  expect(after.map(([key]) => key)).toEqual(before.map(([key]) => key));
  expect(after.filter(([, html], index) => html !== before[index]?.[1]).map(([key]) => key)).toEqual([changed.node_id]);
});
