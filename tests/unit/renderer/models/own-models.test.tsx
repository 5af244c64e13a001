// The page Models with an Ollama and a pool: the groups, and what the owner does with a model.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { missingModels } from '../../../fixtures/app-states/pool-figures';
import { MODEL_DISK, ownModelsAgent, poolModels } from '../../../fixtures/app-states/own-models';
import { NOW } from '../../../fixtures/app-states/moment';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { asPhone } from '../support/phone';
import { show, type ShowOptions } from '../support/render-screen';

const answers = { 'pool.models': ok({ models: poolModels() }), 'pool.missing_models': ok(missingModels()) } as const;
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

async function showModels(options: ShowOptions = {}) {
  const shown = show(SITUATIONS.own_models(), { page: 'models', answers, ...options });
  await screen.findByText('gpt-oss:20b', { selector: 'b' });
  return shown;
}

const rowOf = (model: string): HTMLElement => {
  const row = screen.getByText(model, { selector: 'b' }).closest('tr');
  if (row === null) throw new Error(`no row of ${model}`);
  return row;
};
const cells = (model: string): string[] =>
  within(rowOf(model))
    .getAllByRole('cell')
    .map((cell) => plain(cell.textContent));
/** By its label, which is much faster than by its role on a page of this size. */
const click = (name: string) => userEvent.click(screen.getByLabelText(name));
const choose = async (model: string, item: string) => {
  await click(`More actions: ${model}`);
  await userEvent.click(await screen.findByText(item));
};

test('one list: state here, size, fit, nodes of the pool, speed', async () => {
  await showModels();
  expect(cells('llama3.1:8b')).toEqual([
    'llama3.1:8bchattoolsalias gpt-4o-mini',
    'Pinned',
    '4.9 GB',
    '6.2 of 24 GB',
    '3 in memory · 4 ready',
    '48.2 tokens/s',
    'Unpin',
  ]);
  expect(cells('nomic-embed-text:latest').slice(0, 2)).toEqual(['nomic-embed-text:latestembeddings', 'Loads on use']);
  expect(cells('deepseek-r1:32b')[0]).toBe('deepseek-r1:32bchatNot shared');
  expect(cells('qwen3:14b')[1]).toBe('Downloading 64%5.9 GB of 9.3 GB · 41 MB/s · 1 min left');
  expect(cells('phi4:14b')[1]).toBe('Download paused, 20%');
  expect(plain(document.body.textContent)).toContain('9 in the pool, 5 on this computer');
  expect(cells('gpt-oss:20b')).toEqual([
    'gpt-oss:20bchattoolsthinking',
    'Not installed',
    '~13.5 GB',
    '~13.8 of 24 GB',
    '2 in memory · 4 ready',
    '95.4 tokens/s in the pool',
    'Download',
  ]);
  expect(within(rowOf('gpt-oss:20b')).getByTitle('calls tools').textContent).toBe('tools');
  expect(within(rowOf('gpt-oss:20b')).getByTitle('thinks first').textContent).toBe('thinking');
  expect(cells('bge-reranker-v2-m3')[1]).toBe('Not installednot in Ollama’s library');
  expect(cells('llama3.3:70b').slice(1, 4)).toEqual(['Too large for this computer', '~40.6 GB', '~41.6 of 36 GB']);
  expect(cells('qwen3-coder:30b').slice(1, 5)).toEqual(['23 requests', '~18.2 GB', '~18.6 of 24 GB', 'fits on 26 nodes']);
});

test('phone: memory and disk are closed; a speed is a rate of tokens or the time of a response', async () => {
  asPhone();
  const { agent, ...state } = SITUATIONS.own_models();
  const measurement = { state: 'answered', tokens_per_second: null, took_ms: 320, measured_at: NOW } as const;
  const models = (agent?.models ?? []).map((model) => (model.model_id === 'gemma3:4b' ? { ...model, measurement } : model));
  show(
    { ...state, agent: agent === null ? null : { ...agent, models } },
    { page: 'models', answers: { 'pool.models': ok({ models: [] }) } },
  );
  await screen.findByText('gemma3:4b');
  const memory = screen.getByText('VRAM and disk on this computer').closest('details');
  expect([memory?.open, memory?.textContent.includes('NVIDIA GeForce RTX 4090')]).toEqual([false, true]);
  const label = (model: string, text: string) => within(rowOf(model)).getByText(text).closest('td')?.dataset['label'];
  expect(label('gemma3:4b', '320 ms per request')).toBe('Speed');
  expect(label('llama3.1:8b', '48.2 tokens/s')).toBe('Speed');
});

test('further names: on the row, in the drawer, found by the search; a model whose name is an alias says which one serves', async () => {
  await showModels({ page: 'models/llama3.1:8b' });
  expect(cells('qwen3:30b')[0]).toBe('qwen3:30bchatalias gpt-4o, llama3.3:70b');
  expect(cells('llama3.3:70b')[0]).toBe('llama3.3:70bchatrequests go to qwen3:30b');
  const drawer = await screen.findByRole('dialog', { name: 'llama3.1:8b' });
  expect(within(drawer).getByText('Other names').nextElementSibling?.textContent).toBe('gpt-4o-mini');
  await userEvent.type(screen.getByLabelText('Search models'), 'gpt-4o-mini');
  await waitFor(() => expect(screen.queryByText('gpt-oss:20b')).toBeNull());
  expect(rowOf('llama3.1:8b')).toBeTruthy();
});

test('model that is not here -> its drawer has what the pool knows, and Download, also where the table has no space for it', async () => {
  const { api } = await showModels({ page: 'models/gpt-oss:20b' });
  const drawer = await screen.findByRole('dialog', { name: 'gpt-oss:20b' });
  const facts = [...drawer.querySelectorAll('dt')].map((name) =>
    plain(`${name.textContent}: ${name.nextElementSibling?.textContent ?? ''}`),
  );
  expect(facts).toEqual([
    'Type: language model',
    'Abilities: calls tools, thinks first',
    'Size: ~13.5 GB',
    'VRAM needed: ~13.8 GB of 24 GB, estimated from its size or name',
    'In the pool: 2 in memory · 4 ready',
    'Speed: 95.4 tokens/s, mean of the nodes of the pool that measured it',
  ]);
  await userEvent.click(within(drawer).getByRole('button', { name: 'Download: gpt-oss:20b' }));
  expect(api.userCalls).toEqual([{ name: 'models.download', params: { model_id: 'gpt-oss:20b' } }]);
});

test.each([
  ['bge-reranker-v2-m3', 'Not installednot in Ollama’s library'],
  ['llama3.3:70b', 'Too large for this computer'],
  ['qwen3-coder:30b', 'Not installed'],
])('drawer of %s, which is not here -> %s', async (model, state) => {
  await showModels({ page: `models/${model}` });
  const drawer = await screen.findByRole('dialog', { name: model });
  expect(within(drawer).getByText(/Not installed|Too large/).parentElement?.textContent).toBe(state);
  expect(within(drawer).queryByRole('button', { name: /^Download/ }) !== null).toBe(model === 'qwen3-coder:30b');
});

test('drawer of a damaged model -> what to do, and Check again', async () => {
  const { api } = await showModels({ page: 'models/piper-zh' });
  const drawer = await screen.findByRole('dialog', { name: 'piper-zh' });
  expect(drawer.textContent).toContain('Replace the damaged files');
  expect(drawer.textContent.split('/home/ming/.local/share/muster/models/piper-zh')).toHaveLength(2);
  await userEvent.click(within(drawer).getByRole('button', { name: 'Check again' }));
  expect(api.userCalls).toEqual([{ name: 'agent.recheck', params: {} }]);
});

test.each<[details: Record<string, string | number | null>, expected: readonly string[]]>([
  [{ quantization: 'Q4_K_M', context_tokens: 8192 }, ['Quantisation: Q4_K_M', 'Context length: 8,192 tokens']],
  [{ context_tokens: 4096, max_context_tokens: 131_072 }, ['Context length: 4,096 of 131,072 tokens']],
  [{ max_context_tokens: 131_072 }, ['Context length: up to 131,072 tokens']],
  [{ quantization: null }, []],
])('drawer: server reports %j -> %j', async (details, expected) => {
  const own = ownModelsAgent();
  const models = own.models.map((model) => (model.model_id === 'llama3.1:8b' ? { ...model, details } : model));
  show({ ...SITUATIONS.own_models(), agent: { ...own, models } }, { page: 'models/llama3.1:8b', answers });
  const drawer = await screen.findByRole('dialog', { name: 'llama3.1:8b' });
  const found = within(drawer)
    .queryAllByText(/^(Quantisation|Context length)$/)
    .map((name) => `${name.textContent}: ${plain(name.nextElementSibling?.textContent ?? '')}`);
  expect(found).toEqual(expected);
});

test('groups with counts; order Pool -> the models of the pool in one group', async () => {
  await showModels();
  const groups = () => screen.getAllByRole('rowheader').map(({ textContent }) => textContent);
  expect(groups()).toEqual(['On this computer 7', 'In the pool, not here 5', 'Requested, not installed (24 h) 2']);
  await userEvent.click(screen.getByRole('radio', { name: 'Pool' }));
  expect(groups()).toEqual(['In the pool 9', 'Only on this computer 3', 'Requested, not installed (24 h) 2']);
  expect(cells('whisper-large-v4')).toEqual(expect.arrayContaining(['1 in 24 h', 'Not installed']));
});

test('filter and search', async () => {
  await showModels();
  const names = () => [...document.querySelectorAll('td b:first-child')].map(({ textContent }) => textContent);
  await userEvent.click(screen.getByText(/^Embeddings/));
  expect(names().filter((name) => /embed|rerank|llama/.test(name))).toEqual(['nomic-embed-text:latest']);
  await userEvent.click(screen.getByText(/^All/));
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search models' }), 'qwen3');
  await waitFor(() => expect(screen.queryByText('gpt-oss:20b')).toBeNull());
  expect(screen.getByText('qwen3-coder:30b')).toBeTruthy();
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search models' }), ' none');
  expect(await screen.findByText('Nothing matches the search.')).toBeTruthy();
  expect(screen.getByRole('columnheader', { name: 'Model' })).toBeTruthy();
});

describe('acts', () => {
  test.each<readonly [title: string, act: () => Promise<unknown>, name: string, params: object]>([
    ['download', () => click('Download: gpt-oss:20b'), 'models.download', { model_id: 'gpt-oss:20b' }],
    ['pause', () => click('Pause download: qwen3:14b'), 'models.pause_download', { model_id: 'qwen3:14b' }],
    ['continue', () => click('Continue: phi4:14b'), 'models.download', { model_id: 'phi4:14b' }],
    ['cancel', () => click('Cancel download: phi4:14b'), 'models.cancel_download', { model_id: 'phi4:14b' }],
    ['unload', () => click('Unload: gemma3:4b'), 'models.control', { model_id: 'gemma3:4b', action: 'unload' }],
    ['pin', () => choose('gemma3:4b', 'Pin'), 'models.control', { model_id: 'gemma3:4b', action: 'pin' }],
    ['not shared', () => choose('llama3.1:8b', 'Do not share'), 'models.share', { model_id: 'llama3.1:8b', shared: false }],
    ['shared', () => choose('deepseek-r1:32b', 'Share with the pool'), 'models.share', { model_id: 'deepseek-r1:32b', shared: true }],
  ])('%s', async (_title, act, name, params) => {
    const { api } = await showModels();
    await act();
    expect(api.userCalls).toEqual([{ name, params }]);
  });

  test('remove -> asks with the size; refused -> the reason in the dialog', async () => {
    const { api } = await showModels();
    api.answer('models.remove', fail({ code: 'INVALID_STATE', message: 'm', details: { reason: 'has_work' } }));
    await choose('llama3.1:8b', 'Remove…');
    const dialog = await screen.findByRole('dialog');
    expect(plain(dialog.textContent)).toContain('Ollama deletes the model from the disk (4.9 GB).');
    expect(api.userCalls).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Remove' }));
    expect(api.userCalls).toEqual([{ name: 'models.remove', params: { model_id: 'llama3.1:8b' } }]);
    expect((await within(dialog).findByRole('alert')).textContent).toMatch(/jobs use this model/i);
  });

  test('download by name: estimate unless its line has one, invalid name refused, then requested', async () => {
    const { api } = await showModels();
    await userEvent.click(screen.getByText('Download…'));
    const dialog = await screen.findByRole('dialog');
    const field = within(dialog).getByLabelText('Name in the Ollama library');
    await userEvent.type(field, 'llama3.3:70b');
    expect(plain(dialog.textContent)).toContain('llama3.3:70b~41.6 GBtoo large for 36 GB VRAM54 GB free on the disk');
    expect(within(dialog).getByRole('button', { name: 'Download anyway' })).toBeTruthy();
    await userEvent.clear(field);
    await userEvent.type(field, 'llama3.1:70b');
    expect(plain(dialog.textContent)).toContain('Needs about 42.6 GB of GPU memory. This computer offers 36 GB. 54 GB free on the disk');
    await userEvent.type(field, ' x');
    expect(within(dialog).getByRole('button', { name: /^Download/ })).toHaveProperty('disabled', true);
    await userEvent.clear(field);
    await userEvent.type(field, 'qwen3:8b{Enter}');
    expect(api.userCalls).toEqual([{ name: 'models.download', params: { model_id: 'qwen3:8b' } }]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('download: the list has sizes, and what fits; a row downloads its model, one that is too large has no button', async () => {
    const { api } = await showModels();
    await userEvent.click(screen.getByText('Download…'));
    const dialog = await screen.findByRole('dialog');
    const rows = within(dialog)
      .getAllByRole('listitem')
      .map(({ textContent }) => plain(textContent));
    expect(rows.slice(0, 4)).toEqual([
      'qwen3-coder:30b~18.6 GBfits in 24 GBDownload',
      'gpt-oss:20b~13.8 GBfits in 24 GBDownload',
      'qwen3:30b~18.6 GBfits in 24 GBDownload',
      'llama3.3:70b~41.6 GBtoo large for 36 GB VRAM',
    ]);
    expect(rows.some((row) => row.startsWith('llama3.1:8b'))).toBe(false);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Download: qwen3-coder:30b' }));
    expect(api.userCalls).toEqual([{ name: 'models.download', params: { model_id: 'qwen3-coder:30b' } }]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('cancelled download -> undone from the notice', async () => {
    const { api } = await showModels();
    await click('Cancel download: phi4:14b');
    await userEvent.click(await screen.findByRole('button', { name: /^Undo/ }));
    expect(api.userCalls.map(({ name }) => name)).toEqual(['models.cancel_download', 'models.download']);
  });

  test('larger than the free disk -> no button, and what is free and needed', async () => {
    await showModels({ answers: { ...answers, 'models.storage': ok({ disk: { ...MODEL_DISK, free_bytes: 2e9 } }) } });
    await waitFor(() => expect(cells('gpt-oss:20b')[1]).toBe('Not installeddisk: 2.0 GB of ~13.5 GB free'));
    await userEvent.click(screen.getByRole('button', { name: 'Download…' }));
    const dialog = within(await screen.findByRole('dialog'));
    await dialog.findAllByText(/^disk: /);
    expect(screen.queryByLabelText('Download: gpt-oss:20b')).toBeNull();
  });

  test('no Ollama runs -> nothing can be downloaded, and the reason', async () => {
    const { agent, ...state } = SITUATIONS.measured();
    show({ ...state, agent: agent && { ...agent, runtimes: [] } }, { page: 'models', answers });
    await screen.findByText('gpt-oss:20b');
    const reasonOf = (model: string) => cells(model)[1];
    expect(['gpt-oss:20b', 'bge-reranker-v2-m3', 'llama3.3:70b'].map(reasonOf)).toEqual([
      'Not installedneeds a running Ollama',
      'Not installednot in Ollama’s library',
      'Too large for this computer',
    ]);
    expect(screen.queryByRole('button', { name: /^Download/ })).toBeNull();
  });
});

test('scheduler without a node -> the models of the pool, without this computer', async () => {
  show(SITUATIONS.scheduler_alone(), { page: 'models', answers });
  await screen.findByText('gpt-oss:20b');
  expect(screen.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual([
    'Model',
    'Nodes',
    'Requests, 7 d',
    'Tokens, 7 d',
    'Speed',
    'Size',
  ]);
});

test('memory and disk of this computer', async () => {
  await showModels();
  const vram = screen.getByRole('region', { name: 'VRAM on this computer' });
  expect(plain(vram.textContent)).toContain('In memory: llama3.1:8b 6.2 GB · gemma3:4b 4.4 GB');
  const disk = await screen.findByRole('region', { name: 'Disk' });
  // The downloaded models of Ollama; the damaged model of the folder is no part of it.
  expect(plain(disk.textContent)).toContain('Models 28.4 GB · 54 GB of 200 GB free');
});

test('no model -> one card says how to get one, with the model folders', () => {
  show(SITUATIONS.notices(), { page: 'models' });
  const card = screen.getByRole('region', { name: 'Model servers' });
  expect(within(card).getByRole('link', { name: 'Get Ollama' })).toBeTruthy();
  expect(card.textContent).toContain('/home/ming/.local/share/muster/models');
  expect(within(card).getAllByText(/muster-model\.json/)).toHaveLength(1);
});
