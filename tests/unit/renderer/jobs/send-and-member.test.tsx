import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { agentView, connected } from '../../../fixtures/app-states/agents';
import { jobsPage } from '../../../fixtures/app-states/jobs';
import { NOW } from '../../../fixtures/app-states/moment';
import { nodeView } from '../../../fixtures/app-states/nodes';
import { appState, hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');

describe('no jobs yet', () => {
  const page = jobsPage({ jobs: [], next_cursor: null, open: { queued: 0, assigned: 0, running: 0 } });
  const llm = { model_id: 'llama3.2:3b', kind: 'llm' as const, version: '1', enabled: true };
  const nodes = [nodeView('ready', { installed_models: [llm], capability_state: { 'llama3.2:3b': 'ready' } })];
  const fieldOf = (label: string): string => textOf(screen.getByText(label).parentElement?.querySelector('code') ?? document.body);

  test('examples with a ready model', async () => {
    show(hosting({ nodes, host: null }), { page: 'jobs', answers: { 'pool.jobs': ok(page) } });
    expect(await screen.findByText('No jobs yet. Send a job to see it here.')).toBeTruthy();
    expect(fieldOf('Base URL for OpenAI clients')).toBe('http://pool.test:7080/v1');
    expect(fieldOf('With curl')).toBe(
      [
        'curl http://pool.test:7080/v1/chat/completions',
        '-H "Content-Type: application/json"',
        `-d '{"model":"llama3.2:3b","messages":[{"role":"user","content":"Hello"}]}'`,
      ].join(' \\\n  '),
    );
    expect(fieldOf('With the command line')).toBe('muster submit --url http://pool.test:7080 --model llama3.2:3b --prompt "Hello" --wait');
    expect(screen.queryByText(/MUSTER_TOKEN/)).toBeNull();
  });

  test('token needed, no model ready -> texts shown', async () => {
    show(hosting({ nodes: [], host: null }), { page: 'jobs', answers: { 'pool.jobs': ok(page) }, hasToken: true });
    expect(await screen.findByText(/First make a key on the Members page, or on the host/)).toBeTruthy();
    expect(fieldOf('With curl')).toContain('-H "Authorization: Bearer $MUSTER_TOKEN"');
    expect(screen.getByText(/No model is ready/)).toBeTruthy();
  });

  test('shared pool -> how curl, openai for Python and Node, and Open WebUI trust ca.pem', async () => {
    show(hosting({ nodes }), { page: 'jobs', answers: { 'pool.jobs': ok(page) } });
    await screen.findByText('How programs trust this pool');
    expect(fieldOf('File on this computer')).toBe('/home/ming/.local/share/muster/ca.pem');
    expect(fieldOf('curl')).toContain('--cacert ca.pem https://192.168.1.20:7080/v1/models');
    expect(fieldOf('openai for Python')).toContain('http_client=httpx.Client(verify=trust)');
    expect(fieldOf('openai for Node')).toBe('NODE_EXTRA_CA_CERTS=ca.pem node program.js');
    expect(fieldOf('Open WebUI (Docker)')).toContain('-e SSL_CERT_FILE=/ca.pem');
  });

  test('pool of this computer alone -> nothing to trust', async () => {
    show(hosting({ nodes, host: null }), { page: 'jobs', answers: { 'pool.jobs': ok(page) } });
    await screen.findByText(/X-Muster-Job/);
    expect(screen.queryByText('How programs trust this pool')).toBeNull();
  });

  test.each([
    [
      'en',
      'No ready model can run jobs. No program is set for example-greeting. Set a command in the manifest of the model. Replace MODEL',
    ],
    ['zh-CN', '就绪的模型都无法运行任务，以下模型未指定运行程序：example-greeting。请在模型清单中设置命令。请替换示例中的 MODEL'],
  ] as const)('%s: ready models without tasks -> named', async (language, text) => {
    const greeting = { model_id: 'example-greeting', kind: 'other' as const, version: '1', enabled: true, tasks: [] };
    const useless = nodeView('ready', { installed_models: [greeting], capability_state: { 'example-greeting': 'ready' } });
    show(hosting({ nodes: [useless], host: null }), { language, page: 'jobs', answers: { 'pool.jobs': ok(page) } });
    await screen.findByText(/X-Muster-Job/);
    expect(textOf(screen.getByRole('main'))).toContain(text);
  });

  test.each([
    ['en', 'No program is set for model-0, model-1, model-2, and 97 more. Set a command'],
    ['zh-CN', '以下模型未指定运行程序：model-0，model-1，model-2，以及另外 97 个。请在'],
  ] as const)('%s: many models without tasks -> a few named, the others counted', async (language, text) => {
    const ids = Array.from({ length: 100 }, (_, index) => `model-${String(index)}`);
    const models = ids.map((model_id) => ({ model_id, kind: 'other' as const, version: '1', enabled: true, tasks: [] }));
    const useless = nodeView('ready', { installed_models: models, capability_state: Object.fromEntries(ids.map((id) => [id, 'ready'])) });
    show(hosting({ nodes: [useless], host: null }), { language, page: 'jobs', answers: { 'pool.jobs': ok(page) } });
    await screen.findByText(/X-Muster-Job/);
    expect(textOf(screen.getByRole('main'))).toContain(text);
  });

  test('with jobs -> the examples open with a button', async () => {
    show(hosting({ nodes }), { page: 'jobs', answers: { 'pool.jobs': ok(jobsPage()) } });
    const button = await screen.findByRole('button', { name: 'How to send a job' });
    expect(screen.queryByText('With curl')).toBeNull();
    await userEvent.click(button);
    expect(button.getAttribute('aria-expanded')).toBe('true');
    expect(fieldOf('Base URL for OpenAI clients')).toBe('https://192.168.1.20:7080/v1');
  });
});

describe('Jobs page without a pool', () => {
  test('member -> address of the dashboard, jobs on this computer', () => {
    const { api } = show(appState(), { page: 'jobs' });
    const main = textOf(screen.getByRole('main'));
    expect(main).toContain('This computer belongs to the pool at 192.168.1.20:7080.');
    expect(main).toContain('Job slots in use here: 1 of 4.');
    expect(main).toContain('http://192.168.1.20:7080/#/jobs');
    expect(api.calls).toEqual([]);
  });

  test('member, link down -> no current figures', () => {
    const link = { ...connected, state: 'reconnecting' as const, attempt: 1, next_try_at: NOW, cause: 'refused' };
    show(appState({ agent: agentView({ link }) }), { page: 'jobs' });
    expect(textOf(screen.getByRole('main'))).toContain('This computer is not connected to the scheduler now.');
  });

  test('no pool -> link to the Pool page', () => {
    show(appState({ agent: agentView({ link: { state: 'idle' }, node_status: null }) }), { page: 'jobs' });
    expect(screen.getByRole('link', { name: 'Go to Pool' }).getAttribute('href')).toBe('#/pool');
  });
});
