import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { measurementLabel } from '../../../../src/renderer/labels/measurement-labels';
import { fail } from '../../../../src/shared/result';
import type { MeasurementView, RuntimeView } from '../../../../src/shared/api/agent-view';
import { runtimeView } from '../../../support/runtime-views';
import { agentView, modelView } from '../../../fixtures/app-states/agents';
import { NOW } from '../../../fixtures/app-states/moment';
import { hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';
import { labelsIn } from '../support/labels';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

test.each([
  [undefined, null],
  [['command', '/v1/audio/speech'], 'command jobs, speech'],
  [[], 'Cannot run jobs: no program is set for this model.'],
] as const)('ready model with tasks %j -> text of its tasks in its drawer', async (tasks, text) => {
  const model = modelView(tasks === undefined ? {} : { tasks: [...tasks] });
  show({ ...SITUATIONS.notices(), agent: agentView({ models: [model] }) }, { page: 'models/whisper-large-v3' });
  const drawer = await screen.findByRole('dialog');
  expect(drawer.textContent).toContain('all files verified');
  expect(within(drawer).queryByText('Tasks')?.nextElementSibling?.textContent ?? null).toBe(text);
});

test('no models -> model folders, and invalid manifests with the place', () => {
  show(SITUATIONS.notices(), { page: 'models' });
  const card = screen.getByRole('main');
  expect(card.textContent).toContain('/home/ming/.local/share/muster/models');
  expect(card.textContent).toContain('The value of “files[0].sha256” in muster-model.json is invalid.');
  expect(card.textContent).toContain('muster-model.json is damaged: Muster cannot read its content.');
  const [wrong, broken] = ['files[0].sha256: expected 64 hexadecimal digits', 'not JSON'].map((text) => within(card).getByText(text));
  // The text of the parser is closed at first.
  expect([wrong, broken].map((text) => text?.closest('details')?.open)).toEqual([false, false]);
});

test.each([
  ['no_gpu', []],
  ['pulling', ['VRAM needed']],
] as const)('%s -> the columns of GPU memory: %j', async (situation, expected) => {
  show(SITUATIONS[situation](), { page: 'models' });
  const titles = (await screen.findAllByRole('columnheader')).map(({ textContent }) => plain(textContent));
  expect(titles.filter((title) => title.startsWith('VRAM'))).toEqual(expected);
});

test('notice: stays until dismissed', async () => {
  const { api } = show(SITUATIONS.notices(), { page: 'computer' });
  expect(screen.getByText(/Another computer used the node ID node-0LD0LD00/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(api.userCalls).toEqual([{ name: 'agent.dismiss_notice', params: { id: 'n1' } }]);
});

test('missed jobs: host -> card with counts and latest numbers; member -> no card', () => {
  show(hosting(), { page: 'computer' });
  const card = screen.getByRole('region', { name: 'Missed jobs' });
  expect(
    within(card)
      .getAllByRole('listitem')
      .map((item) => plain(item.textContent)),
  ).toEqual([
    '9Model not installed: qwen2.5:14bInstall',
    '5Busy: the load reached the limitLatest: you used 28% of the GPU, limit 25%New jobs start when the load drops below the limit.Change limit',
    '2All job slots in useLatest: 4 of 4 job slots in useNew jobs start when a slot is free.Change slots',
  ]);
});

test('missed jobs: own node not in the pool -> no card', () => {
  show(hosting({ agent: agentView({ node_id: 'node-ELSEWHERE' }) }), { page: 'computer' });
  expect(screen.queryByRole('region', { name: 'Missed jobs' })).toBeNull();
});

describe('model servers', () => {
  const at = (port: number, change: Partial<RuntimeView>) => {
    const url = `http://127.0.0.1:${String(port)}`;
    return runtimeView({ id: url, url, type: 'openai-compatible', version: null, ...change });
  };
  const folders = runtimeView({ id: 'folders', type: 'folders', url: null });
  const silent = { state: 'not_running', reason_code: 'refused' } as const;

  test('rows for those that respond, responded or have models; other addresses listed', () => {
    const runtimes = [
      folders,
      runtimeView({}),
      at(8000, { type: 'vllm', state: 'unauthorized', reason_code: 'key_needed' }),
      at(8001, { type: 'llama.cpp', state: 'not_running', reason_code: 'http_500', version: 'b4321' }),
      at(5000, silent),
      at(8080, silent),
      at(9931, { state: 'wrong_service', reason_code: 'not_recognised' }),
    ];
    const models = [
      modelView({ model_id: 'm', folder: '', runtime_id: 'http://127.0.0.1:5000', state: 'error', reason_code: 'runtime_not_running' }),
    ];
    show(hosting({ agent: agentView({ runtimes, models }) }), { page: 'models' });
    const card = screen.getByRole('region', { name: 'Model servers' });
    expect(card.querySelector('summary')?.textContent).toBe('Model servers: Ollama (0 models)');
    const rows = within(card)
      .getAllByRole('row')
      .slice(1)
      .map((row) => plain(row.textContent));
    expect(rows).toEqual([
      'Ollamahttp://127.0.0.1:11434Runningresponds0.12.6',
      'vLLMhttp://127.0.0.1:8000API key neededrequires an API key. Add its file in Settings, under Models and folders.Open Settings–',
      'llama.cpphttp://127.0.0.1:8001Not availableresponds with HTTP 500Restart the server. The log of the server has the cause.b4321',
      'OpenAI-compatible serverhttp://127.0.0.1:5000Not availableno program listens at this addressStart the server. Muster finds the server within seconds.–',
    ]);
    expect(within(card).getByText('No model server found at http://127.0.0.1:8080, http://127.0.0.1:9931.')).toBeTruthy();
    // The name of the model has the id of its server as its tooltip.
    expect(screen.getByTitle(/^m\s+http:\/\/127\.0\.0\.1:5000$/)).toBeTruthy();
  });

  test('Ollama that has answered before -> how to start it, not where to get it', () => {
    const ollama = at(11434, { type: 'ollama', version: '0.12.6', ...silent });
    show(hosting({ agent: agentView({ runtimes: [folders, ollama] }) }), { page: 'models' });
    const card = screen.getByRole('region', { name: 'Model servers' });
    expect(within(card).getByRole('heading', { name: 'Ollama is not running' })).toBeTruthy();
    expect(within(card).queryByRole('link', { name: 'Get Ollama' })).toBeNull();
    expect(within(card).getByText('ollama serve')).toBeTruthy();
    // Its row says nothing else.
    expect(card.querySelector('details')?.open).toBe(false);
  });

  test('none answers -> how to get one, and how to start it; the folders are folded', () => {
    show(hosting({ agent: agentView({ runtimes: [folders] }) }), { page: 'models' });
    const card = screen.getByRole('region', { name: 'Model servers' });
    expect([card.querySelector('summary')?.textContent, within(card).queryByRole('row')]).toEqual(['Addresses and folders checked', null]);
    const get = within(card).getByRole('link', { name: 'Get Ollama' });
    expect([get.getAttribute('href'), get.getAttribute('target')]).toEqual(['https://ollama.com/download', '_blank']);
    expect(card.textContent).toContain('ollama serve');
    expect(card.textContent).toContain('/home/ming/.local/share/muster/models');
  });
});

describe('model speed', () => {
  const answered = (tokens_per_second: number | null, took_ms = 320): MeasurementView => ({
    state: 'answered',
    tokens_per_second,
    took_ms,
    measured_at: NOW,
  });
  const failed = (code: string): MeasurementView => ({ state: 'failed', code, message: null, measured_at: NOW });
  test.each<readonly [MeasurementView, string, string]>([
    [{ state: 'none' }, 'not measured', '尚未测速'],
    [{ state: 'impossible', code: 'no_suited_request' }, 'cannot be measured', '不支持测速'],
    [{ state: 'waiting', code: 'gpu_busy' }, 'waiting until the GPU is idle', '显卡空闲时测速'],
    [{ state: 'running', since: NOW }, 'measuring…', '正在测速…'],
    [answered(3.254), '3.25 tokens/s', '3.25 词元/秒'],
    [answered(52.43), '52.4 tokens/s', '52.4 词元/秒'],
    [answered(1804.6), '1,805 tokens/s', '1,805 词元/秒'],
    [answered(null), 'responds in 320 ms', '响应耗时 320 毫秒'],
    [answered(null, 12_400), 'responds in 12.4 s', '响应耗时 12.4 秒'],
    [failed('runtime_http_400'), 'rejected with HTTP 400', '被拒绝，HTTP 状态码 400'],
    [failed('timeout'), 'no response in time', '响应超时'],
    [failed('cosmic_ray'), 'cosmic_ray', 'cosmic_ray'],
  ])('%j', (measurement, english, chinese) => {
    expect((['en', 'zh-CN'] as const).map((language) => plain(measurementLabel(measurement, labelsIn(language)).text))).toEqual([
      english,
      chinese,
    ]);
  });

  test('no line break between figure and unit', () => {
    expect(measurementLabel(answered(null), labelsIn('en')).text).toBe('responds in 320\u00a0ms');
  });

  const speeds = () => screen.getAllByRole('row').flatMap((row) => within(row).queryAllByRole('cell')[5]?.textContent ?? []);

  test('in the row the figure with its unit', () => {
    show(SITUATIONS.measured(), { page: 'models' });
    expect(speeds().map(plain)).toEqual(['52.4 tokens/s', 'measuring…', '–', '–', '–', '320 ms per request', '–']);
  });

  test.each<readonly [model: string, text: string, button: string | null]>([
    ['llama3.1:8b', '52.4 tokens/s2 h ago', 'Measure again'],
    ['phi4:14b', 'waiting for running jobs to finish', null],
    [
      'Qwen/Qwen2.5-7B',
      'rejected with HTTP 4005 min agodefault chat template is no longer allowed, so you must provide a chat template',
      'Measure again',
    ],
    ['sdxl', 'cannot be measured', null],
    ['nllb-200-en-zh', 'not measured', 'Measure speed'],
  ])('drawer of %s: text with age and message, button', async (model, text, button) => {
    show(SITUATIONS.measured(), { page: `models/${encodeURIComponent(model)}` });
    const drawer = await screen.findByRole('dialog');
    expect(plain(drawer.textContent)).toContain(`Speed${text}`);
    expect(within(drawer).queryByRole('button', { name: /^Measure/ })?.textContent ?? null).toBe(button);
    expect(within(drawer).getByText(/sends one short request to the model and may load the model/)).toBeTruthy();
  });

  test('menu -> measures this model; refused -> error shown', async () => {
    const { api } = show(SITUATIONS.measured(), { page: 'models' });
    api.answer('agent.measure_model', fail({ code: 'INVALID_STATE', message: 'm', details: { reason: 'no_suited_request' } }));
    await userEvent.click(screen.getByLabelText('More actions: nllb-200-en-zh'));
    await userEvent.click(await screen.findByText('Measure speed'));
    expect(api.userCalls).toEqual([{ name: 'agent.measure_model', params: { model_id: 'nllb-200-en-zh' } }]);
    expect((await screen.findByRole('alert')).textContent).toContain('The speed of this type of model cannot be measured.');
  });

  test('model not ready -> no button', async () => {
    const models = [modelView({ state: 'error', reason_code: 'runtime_not_running', measurement: { state: 'none' } })];
    show(hosting({ agent: agentView({ models }) }), { page: 'models/whisper-large-v3' });
    const drawer = await screen.findByRole('dialog');
    expect(drawer.textContent).toContain('not measured');
    expect(within(drawer).queryByRole('button', { name: /^Measure/ })).toBeNull();
  });

  test('shown in the drawer of a node', async () => {
    show(hosting(), { page: 'nodes/node-CA501234' });
    const drawer = await screen.findByRole('dialog');
    expect(plain(drawer.textContent)).toContain('llama3.1:8bReady52');
  });
});

test('a name that Ollama’s library does not have -> said so, and changed where it was entered', async () => {
  show(SITUATIONS.pulling(), { page: 'models' });
  const row = (await screen.findByText('llama3.2:300b', { selector: 'b' })).closest('tr');
  expect(row?.textContent).toContain('Not usableOllama’s library has no such model');
  const links = [...(row?.querySelectorAll('a, button') ?? [])].slice(1);
  expect(links.map((link) => [link.textContent, link.getAttribute('href')])).toEqual([['Change in Settings', '#/settings/models']]);
});
