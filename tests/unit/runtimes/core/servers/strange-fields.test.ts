// Fields that nobody promised: what does not fit is as if it were not there. And how far a router's download is.
import { expect, test } from 'vitest';
import { lookAt } from '../../../../support/flavour-look';
import { json, lines } from '../../../../support/stand-ins/answers';
import { LLAMA_PROPS, routerModel } from '../../../../support/stand-ins/llama-cpp';
import type { Answers } from '../../../../../src/main/runtimes/core/servers/answers';

const OK = json({ status: 'ok' });
const modelsOf = (answers: Answers) => {
  const found = lookAt(answers);
  return found?.flavour.read(found.answers).models ?? [];
};

test.each([null, 'x', -1, {}, []])('a field of %j costs no model its place', (strange) => {
  const listed = { id: 'm', owned_by: 'llamacpp', root: strange, max_model_len: strange, meta: strange, progress: strange, muster: null };
  const props = { ...LLAMA_PROPS, build_info: strange, total_slots: strange, is_sleeping: strange, models_autoload: strange };
  expect(lines(modelsOf({ '/health': OK, '/props': json(props), '/v1/models': json({ data: [listed] }) }))).toEqual([
    'm llm unknown ready loaded',
  ]);
  const lmStudio = { key: 'm', type: 'llm', size_bytes: strange, quantization: strange, loaded_instances: [{}] };
  expect(lines(modelsOf({ '/api/v1/models': json({ models: [lmStudio] }) }))).toEqual(['m llm unknown ready loaded']);
  const old = { id: 'm', type: strange, state: 'not-loaded', quantization: strange };
  expect(lines(modelsOf({ '/api/v0/models': json({ data: [old] }) }))).toEqual(['m other unknown not_installed not_loaded']);
});

test('LM Studio may tell of no loaded instances by null', () => {
  expect(lines(modelsOf({ '/api/v1/models': json({ models: [{ key: 'm', type: 'llm', loaded_instances: null }] }) }))).toEqual([
    'm llm unknown not_installed not_loaded',
  ]);
});

const FILES = { 'https://host/a.gguf': { done: 300, total: 1000 }, 'https://host/b.gguf': { done: 0, total: 200 } };

test.each<[string, object, object]>([
  ['beside its state', { ...routerModel('m', { value: 'downloading' }), progress: FILES }, { progress: 0.25, sizeBytes: 1200 }],
  ['in its state', routerModel('m', { value: 'downloading', progress: FILES }), { progress: 0.25, sizeBytes: 1200 }],
  [
    'before its size is known',
    { ...routerModel('m', { value: 'downloading' }), progress: { u: { done: 0, total: 0 } } },
    { sizeBytes: null },
  ],
  ['not at all', routerModel('m', { value: 'downloading' }), { sizeBytes: null }],
])('a download of llama.cpp tells how far it is %s', (_where, listed, expected) => {
  const [model] = modelsOf({ '/health': OK, '/v1/models': json({ data: [listed] }) });
  expect(model).toMatchObject({ state: 'downloading', reasonCode: 'downloading', ...expected });
  expect('progress' in (model ?? {})).toBe('progress' in expected);
});
