// The first run: when the app opens it, what it says was found, and what its buttons do.
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
// Loaded before the tests: the page loads it on demand.
import '../../../../src/renderer/pages/try/Markdown';
import { foundGpus, foundModels, foundPools } from '../../../../src/renderer/pages/setup/findings';
import { ok } from '../../../../src/shared/result';
import type { AgentView } from '../../../../src/shared/api/agent-view';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { agentView, agentWithoutGpu, refused } from '../../../fixtures/app-states/agents';
import { answerEvents, POOL_MODELS } from '../../../fixtures/app-states/asks';
import { withOllama } from '../../../fixtures/app-states/contributors';
import { poolSummary, sixNodes } from '../../../fixtures/app-states/nodes';
import { nearbyView } from '../../../fixtures/app-states/trust';
import { hostView } from '../../../fixtures/app-states/host';
import { appInfo, appState, hosting, runningHost, SITUATIONS } from '../../../fixtures/app-states/states';
import { labelsIn } from '../support/labels';
import { show } from '../support/render-screen';

const labels = labelsIn('en');
const titleOf = async (): Promise<string> => (await screen.findByRole('heading', { level: 1 })).textContent;
const ownPool = (): AppSnapshot => hosting({ host: hostView({ state: 'running', url: 'http://127.0.0.1:7080' }), nodes: [] });
const isNew = 'Set up ming-desktop';

describe('the page that the app opens', () => {
  test.each<[string, AppSnapshot, string]>([
    ['in no pool', SITUATIONS.first_run(), isNew],
    ['own pool that is not shared', ownPool(), isNew],
    ['own pool that is shared', hosting(), 'Pool'],
    ['member of a pool', appState(), 'This computer'],
    [
      'in a pool at the start, which the program has not entered yet',
      { ...SITUATIONS.first_run(), app: appInfo({ in_pool_at_start: true }) },
      'This computer',
    ],
    ['in no pool, in a browser', { ...SITUATIONS.first_run(), app: appInfo({ mode: 'headless' }) }, 'This computer'],
    ['in no pool, pool set by a flag', { ...SITUATIONS.first_run(), app: appInfo({ can_join: false }) }, 'This computer'],
  ])('%s', async (_case, state, title) => {
    show(state);
    expect(await titleOf()).toBe(title);
  });

  test('ended once -> not opened again; a link to the page still works', async () => {
    const { store } = show(SITUATIONS.first_run());
    await userEvent.click(await screen.findByRole('button', { name: 'Skip setup' }));
    expect(await titleOf()).toBe('This computer');
    expect(store.getState().preferences.setupEnded).toBe(true);
    act(() => {
      window.location.hash = '#/setup';
    });
    expect(await screen.findByRole('heading', { level: 1, name: isNew })).toBeTruthy();
  });

  test('the own pool becomes shared -> the page stays, with the next step', async () => {
    const { api } = show(ownPool());
    await screen.findByText('A pool already runs here. Only programs on this computer can use it.');
    act(() => api.emit.onEvent({ type: 'host', host: runningHost() }));
    expect(await titleOf()).toBe(isNew);
    expect(screen.getByRole('button', { name: 'Copy invitation' })).toBeTruthy();
    // The steps of the hardware and of the pool.
    expect(screen.getByRole('button', { name: 'Finish setup' })).toBeTruthy();
    expect(screen.getAllByRole('heading', { level: 2, name: /Done$/ })).toHaveLength(2);
    expect(document.body.textContent).toMatch(/Up to 32 computers can join with this invitation until .*\d, run jobs, and send requests\./);
    expect(screen.getByRole('link', { name: 'Invite with other roles, models or validity…' }).getAttribute('href')).toBe(
      '#/members/new-invitation',
    );
    expect(screen.queryByRole('link', { name: 'Invite a computer…' })).toBeNull();
  });
});

describe('found', () => {
  test('GPUs with memory and driver; Ollama with its models; pools nearby', () => {
    const agent = withOllama(agentView());
    const gpus = foundGpus(labels, agent.hardware, false);
    expect([gpus.title, gpus.shape]).toEqual(['2 GPUs', 'ready']);
    expect(gpus.lines.map((line) => line.replaceAll('\u00a0', ' '))).toEqual([
      'RTX 4090: 24 GB of VRAM',
      'RTX 3060: 12 GB of VRAM',
      'Driver 580.159.03 works',
    ]);
    expect(foundModels(labels, agent)).toEqual({
      shape: 'ready',
      title: 'Ollama with 3 models',
      lines: ['llama3.1:8b, gemma3:4b, nomic-embed-text'],
    });
    expect(foundPools(labels, nearbyView()).title).toMatch(/^\d pools? nearby$/);
  });

  test('no GPU -> what this computer can do instead; not probed yet -> searching', () => {
    const none = foundGpus(labels, agentWithoutGpu().hardware, false);
    expect([none.title, none.shape, none.lines.at(-1)]).toEqual([
      'No usable GPU',
      'offline',
      'This computer cannot lend a GPU. It can host a pool, or use the GPUs of a pool.',
    ]);
    expect(foundGpus(labels, null, false)).toEqual({ shape: 'waiting', title: 'Searching for GPUs…', lines: [] });
  });

  test('model servers not asked yet -> searching', () => {
    expect(foundModels(labels, agentView({ models: [], runtimes: [] }))).toMatchObject({
      shape: 'waiting',
      title: 'Searching for models…',
    });
  });

  test('no model, no server -> how to get one', () => {
    expect(foundModels(labels, agentView({ models: [] })).title).toBe('No models found.');
  });

  test('a damaged model -> the others by name, one whose files are checked in its own line, and a link to the damaged one', async () => {
    expect(foundModels(labels, agentView())).toEqual({
      shape: 'degraded',
      title: '5 models, 1 damaged',
      lines: ['llama3.1:8b, whisper-large-v3, nllb-200-en-zh', 'qwen2.5-7b-instruct: Verifying 64%'],
    });
    show(SITUATIONS.first_run(), { page: 'setup' });
    expect((await screen.findByRole('link', { name: 'Repair piper-zh' })).getAttribute('href')).toBe('#/models/piper-zh');
  });
});

describe('pools nearby', () => {
  test('none found within 10 s -> says so while the program still searches; search again; a late pool is shown', async () => {
    const { api, advance } = show({ ...SITUATIONS.first_run(), nearby: nearbyView({ pools: [] }) }, { page: 'setup' });
    expect(await screen.findByText('Searching…')).toBeTruthy();
    advance(10_000);
    await userEvent.click(await screen.findByRole('button', { name: 'Search again' }));
    expect(await screen.findByText('Searching…')).toBeTruthy();
    advance(10_000);
    act(() => api.emit.onEvent({ type: 'nearby', nearby: nearbyView() }));
    expect(await screen.findByText(/pools? nearby$/, { selector: 'b' })).toBeTruthy();
  });
});

describe('joined', () => {
  const joined = (change: Partial<AgentView> = {}): AppSnapshot => {
    const state = SITUATIONS.member_of_pool();
    return { ...state, agent: agentView(change), host: hostView({ state: 'stopped' }) };
  };

  test('a pool of another computer -> which one, its state and the next step; no offer to start an own pool', async () => {
    show(joined(), { page: 'setup' });
    const card = await screen.findByRole('region', { name: 'Current pool' });
    expect(card.textContent).toMatch(/^\S.*, joined\. Jobs of the pool can run here\./);
    expect(within(card).getByRole('link', { name: 'Choose when jobs may start here' }).getAttribute('href')).toBe('#/computer');
    expect(screen.queryByRole('button', { name: 'Start and share' })).toBeNull();
    expect(screen.queryByRole('textbox', { name: 'Join link or address' })).toBeNull();
  });

  test('not accepted -> says so and leads to the reason', async () => {
    show(joined({ link: refused('NODE_ID_CONFLICT'), node_status: null }), { page: 'setup' });
    const card = await screen.findByRole('region', { name: 'Current pool' });
    expect(card.textContent).toContain('does not accept this computer as a node');
    expect(within(card).getByRole('link', { name: 'Show the reason' })).toBeTruthy();
  });
});

describe('buttons', () => {
  test.each([
    ['Start and share', SITUATIONS.first_run(), 'lan'],
    ['Only on this computer', SITUATIONS.first_run(), 'this_computer'],
    ['Share on the local network', ownPool(), 'lan'],
  ] as const)('%s', async (name, state, scope) => {
    const { api } = show(state, { page: 'setup' });
    await userEvent.click(await screen.findByRole('button', { name }));
    expect(api.userCalls).toEqual([{ name: 'host.start', params: { scope } }]);
  });

  test('own pool runs, keep it -> nothing changes, the setup ends', async () => {
    const { api } = show(ownPool(), { page: 'setup' });
    await userEvent.click(await screen.findByRole('button', { name: 'Keep it on this computer only' }));
    expect(api.userCalls).toEqual([]);
    expect(await titleOf()).toBe('This computer');
  });

  test('language -> the whole page changes', async () => {
    show(SITUATIONS.first_run(), { page: 'setup' });
    await userEvent.click(await screen.findByRole('radio', { name: '简体中文' }));
    expect(await screen.findByRole('heading', { level: 1, name: '初始设置 · ming-desktop' })).toBeTruthy();
  });
});

describe('try it', () => {
  const answers = { 'pool.models': ok({ models: [...POOL_MODELS] }) };

  test('one click asks the chosen model; the answer streams with its node and speed; the page Try it goes on with it', async () => {
    const { api } = show(hosting({ host: hostView({ state: 'running' }) }), { page: 'setup', answers });
    expect(await screen.findByText('Model: gpt-oss:120b, chosen for you')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(api.asks.map(({ params }) => params)).toMatchObject([
      { task: 'chat', model: 'gpt-oss:120b', messages: [{ role: 'user', text: 'Greet me in three languages' }] },
    ]);
    const ids = sixNodes().map(({ node_id }) => node_id);
    await act(async () => {
      await api.asks[0]?.listener.onEvents(answerEvents(ids));
    });
    const article = await screen.findByRole('article');
    expect(article.textContent).toContain(sixNodes()[0]?.name ?? '');
    expect(article.textContent).toMatch(/tokens\/s/);
    await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(api.asks[0]?.isCancelled).toBe(true);
    await userEvent.click(within(article).getByRole('button', { name: 'Why this node' }));
    expect(await titleOf()).toBe('Try it');
    expect(screen.getByText('Greet me in three languages')).toBeTruthy();
  });

  test('an own text, sent with Enter; the field is empty then', async () => {
    const { api } = show(SITUATIONS.first_run_ollama(), { page: 'setup', answers, language: 'zh-CN' });
    const field: HTMLInputElement = await screen.findByRole('textbox', { name: '消息' });
    expect(field.value).toBe('用三种语言问好');
    await userEvent.clear(field);
    await userEvent.type(field, '你好{Enter}');
    expect(api.asks.map(({ params }) => params)).toMatchObject([{ language: 'zh', messages: [{ text: '你好' }] }]);
    expect(field.value).toBe('');
  });

  test('a member whose role may not send jobs -> whom to ask, also when the pool lists models', async () => {
    const state = SITUATIONS.member_of_pool();
    const pool = poolSummary({ access: 'member', rights: ['read_pool', 'read_nodes', 'read_models', 'read_jobs'] });
    show({ ...state, pool }, { page: 'setup', answers });
    expect(await screen.findByText('This computer may not send requests to the pool')).toBeTruthy();
    expect(screen.getByText(/Ask the owner of the pool for the role Client/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Send' })).toBeNull();
  });

  test.each([['no model for a chat', ok({ models: POOL_MODELS.slice(2) }), 'No chat model is ready', '#/models']])(
    '%s -> why, and what to do',
    async (_case, outcome, title, href) => {
      show(SITUATIONS.first_run_ollama(), { page: 'setup', answers: { 'pool.models': outcome } });
      const text = await screen.findByText(title);
      expect(
        within(text.closest('section') ?? document.body)
          .getByRole('link')
          .getAttribute('href'),
      ).toBe(href);
      expect(screen.queryByRole('button', { name: 'Send' })).toBeNull();
    },
  );
});

test('try it: models here, but no usable GPU -> the GPU is missing, not a model', async () => {
  const state = hosting({ agent: withOllama({ ...agentWithoutGpu(), link: refused('NO_GPU_AVAILABLE') }) });
  show(state, { page: 'setup', answers: { 'pool.models': ok({ models: [] }) } });
  expect(await screen.findByText('A node needs a usable GPU')).toBeTruthy();
  expect(screen.queryByText('No chat model is ready')).toBeNull();
});

test('try it: models here, the computer is still checked -> they answer soon, not "no model"', async () => {
  const state = SITUATIONS.registering();
  const agent = state.agent === null ? null : withOllama(state.agent);
  show({ ...state, agent }, { page: 'setup', answers: { 'pool.models': ok({ models: [] }) } });
  expect(await screen.findByText(/^The models on this computer answer as soon as it is available/)).toBeTruthy();
  expect(screen.queryByText('No chat model is ready')).toBeNull();
});
