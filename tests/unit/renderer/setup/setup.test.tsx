// The first run: when the app opens it, what it says was found, and what its buttons do.
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { foundGpus, foundModels, foundPools } from '../../../../src/renderer/pages/setup/findings';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { agentView, agentWithoutGpu } from '../../../fixtures/app-states/agents';
import { withOllama } from '../../../fixtures/app-states/contributors';
import { nearbyView } from '../../../fixtures/app-states/trust';
import { hostView } from '../../../fixtures/app-states/host';
import { appInfo, appState, hosting, runningHost, SITUATIONS } from '../../../fixtures/app-states/states';
import { labelsIn } from '../support/labels';
import { show } from '../support/render-screen';

const labels = labelsIn('en');
const titleOf = async (): Promise<string> => (await screen.findByRole('heading', { level: 1 })).textContent;
const ownPool = (): AppSnapshot => hosting({ host: hostView({ state: 'running', url: 'http://127.0.0.1:7080' }) });
const isNew = 'Set up ming-desktop';

describe('the page that the app opens', () => {
  test.each<[string, AppSnapshot, string]>([
    ['in no pool', SITUATIONS.first_run(), isNew],
    ['own pool that is not shared', ownPool(), isNew],
    ['own pool that is shared', hosting(), 'Pool'],
    ['member of a pool', appState(), 'This computer'],
    ['in no pool, in a browser', { ...SITUATIONS.first_run(), app: appInfo({ mode: 'headless' }) }, 'This computer'],
    ['in no pool, pool set by a flag', { ...SITUATIONS.first_run(), app: appInfo({ can_join: false }) }, 'This computer'],
  ])('%s', async (_case, state, title) => {
    show(state);
    expect(await titleOf()).toBe(title);
  });

  test('ended once -> not opened again; a link to the page still works', async () => {
    const { store } = show(SITUATIONS.first_run());
    await userEvent.click(await screen.findByRole('button', { name: 'Open the dashboard' }));
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
    expect(screen.getByRole('link', { name: 'Invite computers' }).getAttribute('href')).toBe('#/members');
  });
});

describe('found', () => {
  test('GPUs with memory and driver; Ollama with its models; pools nearby', () => {
    const agent = withOllama(agentView());
    const gpus = foundGpus(labels, agent.hardware);
    expect([gpus.title, gpus.shape]).toEqual(['NVIDIA GeForce RTX 4090, NVIDIA GeForce RTX 3060', 'ready']);
    expect(gpus.lines.map((line) => line.replaceAll('\u00a0', ' '))).toEqual(['24 GB of VRAM, 12 GB of VRAM', 'Driver 580.159.03 works']);
    expect(foundModels(labels, agent)).toEqual({
      shape: 'ready',
      title: 'Ollama with 3 models',
      lines: ['llama3.1:8b, gemma3:4b, nomic-embed-text'],
    });
    expect(foundPools(labels, nearbyView()).title).toMatch(/^\d pools? nearby$/);
  });

  test('no GPU -> what this computer can do instead; not probed yet -> searching', () => {
    const none = foundGpus(labels, agentWithoutGpu().hardware);
    expect([none.title, none.shape, none.lines.at(-1)]).toEqual([
      'No usable GPU',
      'offline',
      'This computer cannot lend a GPU. It can host a pool, or use the GPUs of a pool.',
    ]);
    expect(foundGpus(labels, null)).toEqual({ shape: 'waiting', title: 'Searching for GPUs…', lines: [] });
  });

  test('no model, no server -> how to get one; still searching is not "none"', () => {
    expect(foundModels(labels, agentView({ models: [] })).title).toBe('No models found.');
    expect(foundPools(labels, { is_browsing: true, pools: [], attempt: null }).shape).toBe('waiting');
    expect(foundPools(labels, { is_browsing: false, pools: [], attempt: null }).title).toBe('No pool nearby');
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

  test('own pool runs, only on this computer -> nothing changes, the setup ends', async () => {
    const { api } = show(ownPool(), { page: 'setup' });
    await userEvent.click(await screen.findByRole('button', { name: 'Only on this computer' }));
    expect(api.userCalls).toEqual([]);
    expect(await titleOf()).toBe('This computer');
  });

  test('language -> the whole page changes', async () => {
    show(SITUATIONS.first_run(), { page: 'setup' });
    await userEvent.click(await screen.findByRole('radio', { name: '简体中文' }));
    expect(await screen.findByRole('heading', { level: 1, name: '设置 ming-desktop' })).toBeTruthy();
  });

  test('try it: the page that asks a model', async () => {
    show(SITUATIONS.first_run_ollama(), { page: 'setup' });
    expect(await screen.findByText('3 models are ready on this computer.')).toBeTruthy();
    const link = within(screen.getByRole('main')).getByRole('link', { name: 'Try it' });
    expect(link.getAttribute('href')).toBe('#/try');
  });
});
