import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import type { ConnectTarget, Snippet } from '../../../../src/renderer/components/connect/programs/program';
import { PROGRAM_IDS, PROGRAMS } from '../../../../src/renderer/components/connect/programs/table';
import { goTo } from '../../../../src/renderer/store/use-route';
import { fail, ok } from '../../../../src/shared/result';
import { NOW } from '../../../fixtures/app-states/moment';
import { appState, headlessApp, hosting, sharedApp, SITUATIONS } from '../../../fixtures/app-states/states';
import { keyView } from '../../../fixtures/app-states/trust';
import { show } from '../support/render-screen';

const models = ok({
  models: [
    { model_id: 'qwen3:8b', kind: 'llm', tasks: ['/v1/chat/completions'], nodes_ready: 3, nodes_loaded: 0 },
    { model_id: 'gpt-oss:120b', kind: 'llm', tasks: null, nodes_ready: 4, nodes_loaded: 3 },
    { model_id: 'embed', kind: 'embedding', tasks: ['/v1/embeddings'], nodes_ready: 1, nodes_loaded: 1 },
  ],
});
const headless = (app = headlessApp()) => hosting({ host: null, app });
const textOf = (name: string): string => screen.getByLabelText(name, { selector: 'pre' }).textContent;

describe('Connect programs', () => {
  test('no pool -> what a pool is for, and the page that starts or joins one', async () => {
    show(SITUATIONS.first_run(), { page: 'connect' });
    const button = await screen.findByRole('link', { name: 'Join a pool' });
    expect(button.getAttribute('href')).toBe('#/pool');
  });

  test('pool of this computer alone -> no key, the model in memory on most nodes', async () => {
    show(headless(), { page: 'connect', url: 'http://127.0.0.1:7080', answers: { 'pool.models': models } });
    await screen.findByText('Not needed on this computer. Any text works.');
    await waitFor(() => {
      expect(textOf('curl')).toContain('"model":"gpt-oss:120b"');
    });
    expect(textOf('curl')).toContain('curl -N http://127.0.0.1:7080/v1/chat/completions');
    expect(textOf('curl')).not.toContain('Authorization');
    expect(screen.queryByText('Certificate')).toBeNull();
    expect([...screen.getByRole<HTMLSelectElement>('combobox', { name: 'Model' }).options].map(({ value }) => value)).toContain('qwen3:8b');
  });

  test('aliases and auto -> in the list of models; chosen -> in the examples', async () => {
    const named = ok({
      models: [
        { model_id: 'qwen3:8b', kind: 'llm', tasks: null, nodes_ready: 1, nodes_loaded: 1, aliases: ['gpt-4o', 'gpt-4o-mini'] },
        { model_id: 'embed', kind: 'embedding', tasks: ['/v1/embeddings'], nodes_ready: 1, nodes_loaded: 1, aliases: ['ada'] },
      ],
    });
    show(headless(), { page: 'connect', answers: { 'pool.models': named } });
    await waitFor(() => expect(textOf('curl')).toContain('"model":"qwen3:8b"'));
    const list = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Model' });
    expect([...list.options].map(({ value }) => value).slice(0, 4)).toEqual(['qwen3:8b', 'gpt-4o', 'gpt-4o-mini', 'auto']);
    await userEvent.selectOptions(list, 'gpt-4o');
    expect(textOf('curl')).toContain('"model":"gpt-4o"');
  });

  test('headless shared pool, opened on its host -> the address for other computers, key, CA with its path', async () => {
    show(headless(sharedApp()), { page: 'connect', url: 'http://127.0.0.1:7080', answers: { 'pool.models': models } });
    await screen.findByRole('button', { name: 'Create key and copy' });
    expect(textOf('curl')).toContain('curl -N https://10.9.9.1:7080/v1/chat/completions');
    expect(textOf('curl')).toContain('--cacert /var/lib/muster/ca.pem');
    expect(textOf('curl')).toContain('Authorization: Bearer YOUR_KEY');
    expect(screen.getByText('Certificate')).toBeTruthy();
    act(() => goTo({ page: 'connect', id: 'chat' }));
    expect(textOf('muster')).toContain(`MUSTER_KEY=YOUR_KEY muster submit --url https://10.9.9.1:7080#pin=sha256-${'A'.repeat(43)}`);
  });

  test('headless shared pool, opened on another computer -> its address, the CA to download', async () => {
    show(headless(sharedApp()), { page: 'connect', url: 'https://10.9.9.1:7080', hasToken: true, answers: { 'pool.models': models } });
    const saved: Blob[] = [];
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    URL.createObjectURL = (blob) => `blob:${String(saved.push(blob as Blob))}`;
    URL.revokeObjectURL = () => undefined;
    await userEvent.click(await screen.findByRole('button', { name: 'Download ca.pem' }));
    expect(await saved[0]?.text()).toBe(sharedApp().served?.ca_pem);
    expect(clicked).toHaveBeenCalledOnce();
    clicked.mockRestore();
    expect(textOf('curl')).toContain('curl -N https://10.9.9.1:7080/v1/chat/completions');
    expect(textOf('curl')).toContain('--cacert ca.pem');
  });

  test('shared pool -> key created with one click, filled in, kept for the window; CA filled in', async () => {
    const user = userEvent.setup();
    const { api } = show(hosting(), {
      page: 'connect',
      answers: { 'pool.models': models, 'keys.create': ok({ id: 'key-1', name: 'x', key: 'mk_a-secret-key' }) },
    });
    await user.click(await screen.findByRole('button', { name: 'Create key and copy' }));
    expect(await navigator.clipboard.readText()).toBe('mk_a-secret-key');
    await screen.findByText(/The key is filled in below until this window closes/);
    expect(document.body.textContent).not.toContain('mk_a-secret-key');
    expect(textOf('curl')).toContain('Authorization: Bearer mk_••••');
    await user.click(screen.getByRole('button', { name: 'Copy: curl' }));
    expect(await navigator.clipboard.readText()).toContain('Authorization: Bearer mk_a-secret-key');
    await user.click(screen.getByRole('button', { name: 'Show key' }));
    expect(textOf('curl')).toContain('Authorization: Bearer mk_a-secret-key');
    expect(textOf('curl')).toContain('--cacert /home/ming/.local/share/muster/ca.pem');
    await user.click(screen.getByRole('link', { name: 'Continue' }));
    expect(textOf('Continue')).toContain('apiKey: "mk_a-secret-key"');
    act(() => goTo({ page: 'connect', id: 'chat' }));
    expect(textOf('curl')).toContain('Authorization: Bearer mk_a-secret-key');
    expect(textOf('muster')).toContain('MUSTER_KEY=mk_a-secret-key muster submit');
    expect(api.calls.filter(({ name }) => name === 'keys.create')).toEqual([{ name: 'keys.create', params: { name: 'curl' } }]);
  });

  test.each([
    ['connect/open_webui', 'Open WebUI 3'],
    ['connect/codex', 'Codex'],
    ['connect/chat', 'Chat'],
  ])('%s, valid keys with the names "Open WebUI" and "Open WebUI 2" -> the key has the name %s', async (page, name) => {
    const keys = [keyView('Open WebUI'), keyView('Open WebUI 2'), keyView('Codex', { revoked_at: NOW })];
    const { api } = show(hosting(), {
      page,
      answers: { 'pool.models': models, 'keys.list': ok({ keys }), 'keys.create': ok({ id: 'key-1', name, key: 'mk_a-secret-key' }) },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Create key and copy' }));
    await screen.findByText(/The key is filled in below until this window closes/);
    expect(api.userCalls).toEqual([{ name: 'keys.create', params: { name } }]);
  });

  test('another pool -> the key of the first is not used; back -> it is', async () => {
    const { api } = show(hosting(), {
      page: 'connect',
      answers: { 'pool.models': models, 'keys.create': ok({ id: 'key-1', name: 'x', key: 'mk_a-secret-key' }) },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Create key and copy' }));
    await screen.findByText(/The key is filled in below until this window closes/);
    const joined = appState({ pool: null, host: null });
    act(() => api.emit.onEvent({ type: 'snapshot', state: joined }));
    expect(textOf('curl')).toContain('https://192.168.1.20:7080/v1');
    expect(document.body.textContent).not.toContain('mk_a-secret-key');
    act(() => api.emit.onEvent({ type: 'snapshot', state: hosting() }));
    expect(textOf('curl')).toContain('Bearer mk_••••');
  });

  test('role that may not create keys -> the reason', async () => {
    const refused = fail({ code: 'FORBIDDEN', message: 'no', details: null });
    show(headless(), { page: 'connect', hasToken: true, answers: { 'pool.models': models, 'keys.create': refused } });
    await userEvent.click(await screen.findByRole('button', { name: 'Create key and copy' }));
    expect((await screen.findByRole('alert')).textContent).toContain('FORBIDDEN');
    expect(textOf('curl')).toContain('Bearer YOUR_KEY');
  });

  test('pool of this computer alone with server.loopback = "keys" -> a key', async () => {
    const state = hosting();
    const host = state.host && { ...state.host, lan_urls: [], scope: 'this_computer' as const, loopback_needs_key: true };
    show({ ...state, host }, { page: 'connect', answers: { 'pool.models': models } });
    await screen.findByRole('button', { name: 'Create key and copy' });
    expect(textOf('curl')).toContain('Bearer YOUR_KEY');
  });

  test('test -> one request, its answer, the node', async () => {
    const { api } = show(headless(), { page: 'connect', url: 'http://127.0.0.1:7080', answers: { 'pool.models': models } });
    await userEvent.click(await screen.findByRole('button', { name: 'Test it' }));
    const [asked] = api.asks;
    expect(asked?.params).toMatchObject({ task: 'chat', model: 'gpt-oss:120b', max_tokens: 200 });
    await asked?.listener.onEvents([
      { type: 'begin', job_id: 'job-1', node_id: 'node-1', node_name: 'lab-a100', route: 'only', predicted_ms: null },
      { type: 'text', text: 'Hello!', pieces: 2 },
      { type: 'end', finish_reason: 'stop' },
    ]);
    expect(await screen.findByText(/Works: lab-a100 answered in/)).toBeTruthy();
    expect(screen.getByText('Hello!')).toBeTruthy();
  });

  test('test fails -> reason and next step', async () => {
    const { api } = show(headless(), { page: 'connect', url: 'http://127.0.0.1:7080', answers: { 'pool.models': models } });
    await userEvent.click(await screen.findByRole('button', { name: 'Test it' }));
    await api.asks[0]?.listener.onEvents([
      { type: 'failed', error: { code: 'pool_busy', message: 'the owners of all nodes use them: lab-a100: GPU 71%', details: null } },
    ]);
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('The owners of all nodes use them: lab-a100: GPU 71%');
    expect(alert.textContent).toContain('Send it again when an owner uses the computer less');
  });

  test('ready models without tasks -> named, with what to do', async () => {
    const mute = ok({ models: [{ model_id: 'example-greeting', kind: 'other', tasks: [], nodes_ready: 1, nodes_loaded: 0 }] });
    show(headless(), { page: 'connect', answers: { 'pool.models': mute } });
    expect(await screen.findByText(/No program is set for example-greeting/)).toBeTruthy();
  });
});

const TARGET: ConnectTarget = {
  baseUrl: 'http://pool.test:7080/v1',
  key: 'YOUR_KEY',
  model: 'gpt-oss:120b',
  caFile: null,
  platform: 'linux',
};
const firstLineOf = ([first]: readonly Snippet[]): string =>
  first?.kind === 'form' ? (first.fields[0]?.value ?? '') : (first?.text.split('\n')[0] ?? '');

describe('programs', () => {
  const linkOf = (name: string) => screen.getByRole('link', { name });

  test('a program is chosen -> only its snippets, and the URL names it', async () => {
    show(hosting(), { page: 'connect', answers: { 'pool.models': models } });
    await screen.findByLabelText('curl', { selector: 'pre' });
    await userEvent.click(linkOf('Codex'));
    expect(window.location.hash).toBe('#/connect/codex');
    expect(linkOf('Codex').getAttribute('aria-current')).toBe('true');
    expect(screen.queryByLabelText('curl', { selector: 'pre' })).toBeNull();
    expect(textOf('~/.codex/config.toml')).toContain('env_key = "MUSTER_KEY"');
    await waitFor(() => expect(textOf('Terminal')).toContain('--model=gpt-oss:120b'));
    await userEvent.click(screen.getByRole('button', { name: 'Copy: ~/.codex/config.toml' }));
    expect(await navigator.clipboard.readText()).toContain('[model_providers.muster]');
    expect(screen.getByText('The example adds the CA of the pool to those that the program trusts.')).toBeTruthy();
  });

  test('a form of a program -> each field is copied alone', async () => {
    const user = userEvent.setup();
    show(hosting(), { page: 'connect/cline', answers: { 'pool.models': models } });
    await user.click(await screen.findByRole('button', { name: 'Copy: OpenAI Compatible API Key' }));
    expect(await navigator.clipboard.readText()).toBe('YOUR_KEY');
  });

  test.each(['en', 'zh-CN'] as const)(
    'every program, %s -> its name, its snippets; another name -> the first program',
    async (language) => {
      show(headless(), { page: 'connect', language, answers: { 'pool.models': models } });
      for (const id of [...PROGRAM_IDS, 'not-a-program']) {
        act(() => goTo({ page: 'connect', id }));
        const { name, snippets } = PROGRAMS[PROGRAM_IDS.find((known) => known === id) ?? 'curl'];
        expect((await screen.findByRole('heading', { name, level: 2 })).parentElement?.parentElement?.textContent).toContain(
          firstLineOf(snippets(TARGET)),
        );
      }
    },
  );

  test('pool of this computer alone, program in a container -> says how it reaches the pool', async () => {
    const state = hosting();
    const host = state.host && { ...state.host, lan_urls: [], scope: 'this_computer' as const, url: 'http://127.0.0.1:7080' };
    show({ ...state, host }, { page: 'connect/n8n', answers: { 'pool.models': models } });
    expect(await screen.findByText(/A container reaches it only in the network of the computer/)).toBeTruthy();
    act(() => goTo({ page: 'connect', id: 'litellm' }));
    expect(screen.queryByText(/A container reaches it only/)).toBeNull();
  });
});
