// The nodes of a pool by state: counts, filter, sort, drawer.
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { AVAILABILITY_STATES } from '../../../../src/shared/protocol/status';
import { nodeView } from '../../../fixtures/app-states/nodes';
import { hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { sleepingNodes } from '../../../fixtures/app-states/sleep';
import { asPhone } from '../support/phone';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const names = (): string[] =>
  screen
    .getAllByRole('row')
    .slice(1)
    .flatMap((row) =>
      within(row)
        .queryAllByRole('link')
        .map((link) => link.textContent),
    );
const filter = (name: string): HTMLElement => within(screen.getByRole('group', { name: 'Nodes by state' })).getByRole('button', { name });

test.each([
  ['en', '48 nodes · 80 GPUs · 0.71 of 2.21 TB VRAM, 36 GB more not reported · 88 free slots · 43 jobs running · 1,617 tokens/s'],
  ['zh-CN', '48 个节点 · 80 块显卡 · 显存 0.71/2.21 TB，另有 36 GB 未报告 · 空闲槽位 88 · 运行中 43 · 1,617 词元/秒'],
] as const)('%s: facts of the pool', (language, text) => {
  show(SITUATIONS.mixed_pool(), { language, page: 'nodes' });
  expect(textOf(screen.getByRole('main'))).toContain(text);
});

test('nothing reported -> unknown figures are left out, no zero', () => {
  show(hosting({ nodes: [nodeView('offline')] }), { page: 'nodes' });
  expect(textOf(screen.getByRole('main'))).toContain('1 node · 2 GPUs · 36 GB VRAM · no usable slots');
});

test('this computer is the only node -> its row has no mark, the sentence below says so; among others it is marked', () => {
  const mark = () => screen.queryByTitle('this computer');
  show(SITUATIONS.simulated(), { page: 'nodes' });
  expect(mark()).toBeNull();
  expect(textOf(screen.getByRole('main'))).toContain('This computer is the only node so far.');
  cleanup();
  show(SITUATIONS.ready(), { page: 'nodes' });
  expect(mark()).not.toBeNull();
});

test('slots: those of busy nodes are not free; a lowered limit leaves none', () => {
  const slots = { max_concurrent_jobs: 4, usable_slots: 4 };
  const nodes = [
    nodeView('ready', { ...slots, node_id: 'full', in_flight_jobs: 5, availability: { state: 'full', reasons: [], since: 0 } }),
    nodeView('ready', { ...slots, node_id: 'busy', in_flight_jobs: 1, availability: { state: 'busy', reasons: [], since: 0 } }),
  ];
  show(hosting({ nodes }), { page: 'nodes' });
  expect(textOf(screen.getByRole('main'))).toContain(' · 0 free slots · 6 jobs running');
});

test('slots: those of draining and degraded nodes are not free; their jobs count', () => {
  const inFlight = { in_flight_jobs: 2, max_concurrent_jobs: 4, usable_slots: 4 };
  const nodes = (['ready', 'draining', 'degraded'] as const).map((status) => nodeView(status, { ...inFlight, node_id: `node-${status}` }));
  show(hosting({ nodes }), { page: 'nodes' });
  expect(textOf(screen.getByRole('main'))).toContain(' · 2 free slots · 6 jobs running');
});

describe('filter by state', () => {
  test('choose a state, choose all -> rows and route follow', async () => {
    show(SITUATIONS.mixed_pool(), { page: 'nodes' });
    expect(filter('All 48').getAttribute('aria-pressed')).toBe('true');
    // Each choice has a shape: it stands for the label on a narrow page.
    expect(screen.getByRole('group').dataset['short']).toBe('true');
    await userEvent.click(filter('Full 6'));
    expect(names()).toEqual(['render-01', 'render-02', 'render-03', 'render-04', 'render-05', 'render-06']);
    expect(window.location.hash).toBe('#/nodes?state=full');
    expect(filter('Full 6').getAttribute('aria-pressed')).toBe('true');
    await userEvent.click(filter('All 48'));
    expect(names()).toHaveLength(48);
  });

  describe('narrow window', () => {
    beforeEach(asPhone);

    test.each([
      ['en', 'you'],
      ['zh-CN', '本机'],
    ] as const)('%s: the card of this computer is marked', (language, mark) => {
      const { store } = show(SITUATIONS.ready(), { language, page: 'nodes' });
      const name = screen.getByText(mark, { selector: 'article *' }).closest('article')?.querySelector('a')?.textContent;
      expect(name).toBe(store.getState().app?.agent?.name);
    });

    test.each([
      ['en', 'Nodes by state', ['All (48)', 'Needs attention (1)', 'Available (29)', 'Full (6)']],
      ['zh-CN', '按状态筛选节点', ['全部（48）', '需要处理（1）', '可用（29）', '已满（6）']],
    ] as const)('%s: one field with every state and its count', async (language, label, choices) => {
      show(SITUATIONS.mixed_pool(), { language, page: 'nodes' });
      const field = screen.getByRole<HTMLSelectElement>('combobox', { name: label });
      expect([...field.options].map(({ text }) => text).slice(0, 4)).toEqual(choices);
      await userEvent.selectOptions(field, choices[3]);
      expect(screen.getAllByRole('article')).toHaveLength(6);
      expect(window.location.hash).toBe('#/nodes?state=full');
      await userEvent.selectOptions(field, choices[0]);
      expect(window.location.hash).toBe('#/nodes');
    });
  });

  test.each(['mixed_pool', 'each_state', 'ready', 'thousand_nodes'] as const)('%s: the chips count each node once', (situation) => {
    const state = SITUATIONS[situation]();
    show(state, { page: 'nodes' });
    const chips = within(screen.getByRole('group', { name: 'Nodes by state' })).getAllByRole('button');
    const [all = 0, ...parts] = chips.map(({ textContent }) => Number(/[\d,]+$/.exec(textContent)?.[0].replaceAll(',', '')));
    expect([all, parts.reduce((sum, count) => sum + count, 0)]).toEqual([state.nodes.length, state.nodes.length]);
  });

  test('a state with nodes that need attention -> its chip shows the others; a link to the state shows all', async () => {
    show(SITUATIONS.each_state(), { page: 'nodes' });
    await userEvent.click(filter('Offline 1'));
    expect(window.location.hash).toBe('#/nodes?state=offline&filter=show%3Arest');
    expect(names()).toEqual(['offline-1']);
    await userEvent.click(filter('Offline 1'));
    expect(window.location.hash).toBe('#/nodes');
    cleanup();
    show(SITUATIONS.each_state(), { page: 'nodes?state=offline' });
    expect(filter('Offline 2').getAttribute('aria-pressed')).toBe('true');
    expect(names()).toEqual(['offline-1', 'offline-2']);
  });

  test('state in the route without nodes -> offered, no rows, and a way back to all', async () => {
    show(hosting({ nodes: [nodeView('ready')] }), { page: 'nodes?state=asleep' });
    expect(filter('Asleep 0').getAttribute('aria-pressed')).toBe('true');
    expect(screen.getByText(/^Nothing matches the search\./)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Clear search and filters' }));
    expect(window.location.hash).toBe('#/nodes');
    expect(names()).toHaveLength(1);
  });
});

test('sort by state: in the order from available to offline', () => {
  show(SITUATIONS.each_state(), { page: 'nodes?sort=state' });
  const states = names().map((name) => name.split('-')[0]);
  expect([...new Set(states)]).toEqual([...AVAILABILITY_STATES]);
});

test.each(['en', 'zh-CN'] as const)('asleep: for how long; while it is woken: since when, and the usual time (%s)', (language) => {
  show(SITUATIONS.asleep(), { page: 'nodes', language });
  const reasons = ['kai-laptop', 'lab-a', 'lab-c'].map((name) => textOf(screen.getByRole('row', { name: new RegExp(name) })));
  const expected = {
    en: ['For 3 h', '12 s of about 40 s, waking up', 'Waking up, 5 s so far'],
    'zh-CN': ['已 3 小时', '唤醒中 12 秒，约需 40 秒', '唤醒中，已 5 秒'],
  }[language];
  for (const [index, text] of expected.entries()) expect(reasons[index]).toContain(text);
});

test.each([
  ['kai-laptop', 'en', 'Jobs do not wake this node.'],
  ['lab-a', 'en', 'Waking up, 12 s of about 40 s'],
  ['lab-d', 'en', 'A job that no other node can take wakes this node. The node is usually ready after 38 s.'],
  ['lab-d', 'zh-CN', '没有其他节点能执行的任务会唤醒此节点，通常 38 秒后就绪。'],
] as const)('%s sleeps -> its drawer says whether jobs wake the node (%s)', async (name, language, text) => {
  const node = sleepingNodes().find((one) => one.name === name);
  show(SITUATIONS.asleep(), { page: `nodes/${node?.node_id ?? ''}`, language });
  expect(textOf(await screen.findByRole('dialog', { name }))).toContain(text);
});

test('a node without a connection never has the shape of an available node', () => {
  show(SITUATIONS.older_scheduler(), { page: 'nodes' });
  const row = screen.getByRole('row', { name: /try-out/ });
  expect(row.querySelector('svg')?.getAttribute('data-shape')).toBe('disconnected');
});

test('colours: grey for every state without a connection, green for available and ready only', () => {
  const css = readFileSync(resolve(import.meta.dirname, '../../../../src/renderer/components/ShapeColour.module.css'), 'utf8');
  const colourOf = (state: string): string => {
    const rule = new RegExp(`data-shape='${state}'\\][^{]*\\{\\s*color: var\\((--\\w+)\\)`).exec(css);
    return rule?.[1] ?? '--offline';
  };
  expect(AVAILABILITY_STATES.map((state) => [state, colourOf(state)])).toEqual([
    ['available', '--ready'],
    ['full', '--full'],
    ['busy', '--busy'],
    ['paused', '--paused'],
    ['draining', '--draining'],
    ['registering', '--registering'],
    ['degraded', '--degraded'],
    ['asleep', '--offline'],
    ['disconnected', '--offline'],
    ['offline', '--offline'],
  ]);
});

describe('drawer', () => {
  const open = async (name: string): Promise<HTMLElement> => {
    show(SITUATIONS.each_state(), { page: `nodes/node-${name}` });
    return screen.findByRole('dialog', { name });
  };
  const bars = (drawer: HTMLElement): string[] =>
    within(drawer)
      .getAllByRole('img')
      .map((bar) => (bar.getAttribute('aria-label') ?? '').replaceAll('\u00a0', ' '));

  test.each([
    [1, true],
    [2, false],
  ])('chart of the use of %i GPU(s) -> the line of its limit only where the chart has the GPU that counts', async (count, hasLimit) => {
    const gpus = Array.from({ length: count }, () => ({ name: 'RTX 4090', memory_gb: 24 }));
    const node = nodeView('ready', { node_id: 'node-some', name: 'some', hardware: { cpu_cores: 16, memory_gb: 64, gpus } });
    show(hosting({ nodes: [node] }), { page: 'nodes/node-some' });
    const chart = await screen.findByRole('figure', { name: 'GPU use' });
    expect(textOf(chart).includes('limit 25%')).toBe(hasLimit);
  });

  test.each([
    ['en', '9.3 GB of 36 GB on 2 GPUs'],
    ['zh-CN', '2 块显卡，9.3 GB / 36 GB'],
  ] as const)('%s: VRAM in use of several GPUs -> with their number', async (language, text) => {
    const use = { gpu_percent: null, vram_gb: { pool: 7.2, owner: 2.1 } };
    show(hosting({ nodes: [nodeView('ready', { node_id: 'node-two', name: 'two', use })] }), { page: 'nodes/node-two', language });
    const drawer = await screen.findByRole('dialog', { name: 'two' });
    await waitFor(() => expect(textOf(drawer)).toContain(text));
  });

  test('degraded by a required model -> what helps on the node, and where the host changes the requirement', async () => {
    show(SITUATIONS.ready(), { page: 'nodes/node-0A11CE42' });
    const drawer = await screen.findByRole('dialog', { name: 'alice-laptop' });
    expect(textOf(drawer)).toContain('Start the model server on alice-laptop, or change which models the pool requires.');
    expect(within(drawer).getByRole('link', { name: 'Change the required models' }).getAttribute('href')).toBe(
      '#/settings?search=scheduler.required_models',
    );
    expect(textOf(drawer)).toContain('New jobs start again when the health checks pass.');
  });

  test.each([
    ['en', 'Replace the damaged files of nllb-200-en-zh on alice-laptop, or delete them and install the model again.'],
    ['zh-CN', '请在 alice-laptop 上替换 nllb-200-en-zh 的损坏文件，或删除后重新安装该模型。'],
  ] as const)(
    '%s: degraded by damaged files of a required model -> the repair that the page of that computer names',
    async (language, text) => {
      const nodes = [...SITUATIONS.ready().nodes].map((node) =>
        node.name === 'alice-laptop' ? { ...node, model_reasons: { 'nllb-200-en-zh': 'checksum_differs' } } : node,
      );
      show({ ...SITUATIONS.ready(), nodes }, { language, page: 'nodes/node-0A11CE42' });
      expect(textOf(await screen.findByRole('dialog', { name: 'alice-laptop' }))).toContain(text);
    },
  );

  test('busy -> reason with help, load of owner and pool, limit with its source', async () => {
    const drawer = await open('busy-gpu');
    const text = textOf(drawer);
    expect(text).toContain('BusyGPU 71%, limit 25%since');
    expect(text).toContain('Load at its limit: owner uses 71% of the GPU, limit 25%New jobs start');
    expect(bars(drawer).slice(0, 3)).toEqual(['CPU: Owner 20% · Pool 0%', 'GPU: Owner 71% · Pool 0%', 'Memory: In use 53%']);
    expect(text).toContain('Limit 25%, set by an operatorLimit reached');
  });

  test('disconnected -> no figures, the last heartbeat', async () => {
    const drawer = await open('disconnected-1');
    expect(textOf(drawer)).toContain('DisconnectedNo heartbeat for 38 s');
    expect(bars(drawer).slice(0, 3)).toEqual(['CPU: not reported', 'GPU: not reported', 'Memory: not reported']);
  });

  test('paused -> who drained the node, and its last change', async () => {
    const drawer = await open('paused-by-host');
    expect(textOf(drawer)).toContain('PausedDrained by an operator: driver update');
    expect(textOf(drawer)).toContain('Last changeDrained, all jobs finished');
    expect(within(drawer).getByRole('button', { name: 'Resume' })).toBeTruthy();
  });
});
