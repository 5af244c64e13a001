// Invalid undocumented fields count as absent. And the download progress of llama.cpp's router.
import { expect, test } from 'vitest';
import { probeWith } from './probe-with';
import { json, lines } from '../../../../support/stand-ins/answers';
import { LLAMA_PROPS, routerModel } from '../../../../support/stand-ins/llama-cpp';
import type { Answers } from '../../../../../src/main/runtimes/core/servers/answers';

const OK = json({ status: 'ok' });
const modelsOf = (answers: Answers) => {
  const probed = probeWith(answers);
  return probed?.type.read(probed.answers).models ?? [];
};

test.each([null, 'x', -1, {}, []])('servers: field %j -> model still listed', (invalid) => {
  const listed = { id: 'm', owned_by: 'llamacpp', root: invalid, max_model_len: invalid, meta: invalid, progress: invalid, muster: null };
  const props = { ...LLAMA_PROPS, build_info: invalid, total_slots: invalid, is_sleeping: invalid, models_autoload: invalid };
  expect(lines(modelsOf({ '/health': OK, '/props': json(props), '/v1/models': json({ data: [listed] }) }))).toEqual([
    'm llm unknown ready loaded',
  ]);
  const lmStudio = { key: 'm', type: 'llm', size_bytes: invalid, quantization: invalid, loaded_instances: [{}] };
  expect(lines(modelsOf({ '/api/v1/models': json({ models: [lmStudio] }) }))).toEqual(['m llm unknown ready loaded']);
  const old = { id: 'm', type: invalid, state: 'not-loaded', quantization: invalid };
  expect(lines(modelsOf({ '/api/v0/models': json({ data: [old] }) }))).toEqual(['m other unknown not_installed not_loaded']);
});

test('LM Studio: loaded_instances null -> not loaded', () => {
  expect(lines(modelsOf({ '/api/v1/models': json({ models: [{ key: 'm', type: 'llm', loaded_instances: null }] }) }))).toEqual([
    'm llm unknown not_installed not_loaded',
  ]);
});

const FILES = { 'https://host/a.gguf': { done: 300, total: 1000 }, 'https://host/b.gguf': { done: 0, total: 200 } };

test.each<[string, object, object]>([
  ['beside the status', { ...routerModel('m', { value: 'downloading' }), progress: FILES }, { progress: 0.25, sizeBytes: 1200 }],
  ['inside the status', routerModel('m', { value: 'downloading', progress: FILES }), { progress: 0.25, sizeBytes: 1200 }],
  ['size not known yet', { ...routerModel('m', { value: 'downloading' }), progress: { u: { done: 0, total: 0 } } }, { sizeBytes: null }],
  ['no progress', routerModel('m', { value: 'downloading' }), { sizeBytes: null }],
])('llama.cpp download progress: %s', (_title, listed, expected) => {
  const [model] = modelsOf({ '/health': OK, '/v1/models': json({ data: [listed] }) });
  expect(model).toMatchObject({ state: 'downloading', reasonCode: 'downloading', ...expected });
  expect('progress' in (model ?? {})).toBe('progress' in expected);
});
