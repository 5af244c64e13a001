import { expect, test } from 'vitest';
import { startRefusal } from '../../../../src/main/desktop/core/start-refusal';

test.each([
  [{ code: 'STATE_IN_USE', lockFile: '/s/agent.lock', pid: 42 }, 'other', /process 42.*\/s\/agent\.lock.*--data-dir/],
  [{ code: 'STATE_UNUSABLE', path: '/s', reason: 'EACCES' }, 'other', /\/s: EACCES/],
  [{ code: 'SIMULATE_GPU_INVALID', problem: 'no_memory', item: 'RTX' }, 'configuration', /"RTX".*NAME:GB/],
] as const)('%j names what is at fault', (error, kind, text) => {
  const refusal = startRefusal(error);
  expect(refusal.kind).toBe(kind);
  expect(refusal.text).toMatch(text);
});
