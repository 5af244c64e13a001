import { expect, test } from 'vitest';
import { needsOwner, type ServerStep, serverStepOf } from '../../../../src/renderer/pages/models/server-step';
import type { RuntimeView } from '../../../../src/shared/api/agent-view';
import { runtimeView } from '../../../support/runtime-views';

const silent = { state: 'not_running', reason_code: 'refused', version: null } as const;

test.each<readonly [Partial<RuntimeView>, ServerStep | null]>([
  [{ type: 'ollama', ...silent }, 'start_ollama'],
  [{ type: 'lm-studio', ...silent }, 'start_lm_studio'],
  [{ type: 'vllm', ...silent }, 'start'],
  [{ state: 'not_running', reason_code: 'http_503' }, 'restart'],
  [{ state: 'not_running', reason_code: 'timeout' }, 'restart'],
  [{ state: 'not_running', reason_code: 'http_404' }, 'address'],
  [{ state: 'wrong_service', reason_code: 'muster_scheduler' }, 'address'],
  [{ state: 'unauthorized', reason_code: 'key_needed' }, null],
  [{ state: 'running', reason_code: 'ok' }, null],
])('next step of %j: %s', (change, step) => {
  expect(serverStepOf(runtimeView(change))).toBe(step);
});

test('needs its owner: a key, or a step at a server that has responded or has models; not an address where none was found', () => {
  const none = new Set<string>();
  const { id } = runtimeView({});
  expect(needsOwner(runtimeView({ state: 'unauthorized', reason_code: 'key_needed', version: null }), none)).toBe(true);
  expect(needsOwner(runtimeView(silent), none)).toBe(false);
  expect(needsOwner(runtimeView(silent), new Set([id]))).toBe(true);
  expect(needsOwner(runtimeView({ ...silent, version: '0.12.6' }), none)).toBe(true);
  expect(needsOwner(runtimeView({}), none)).toBe(false);
});
