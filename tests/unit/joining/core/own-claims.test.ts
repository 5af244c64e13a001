import { expect, test } from 'vitest';
import { claimsOf, toClaims } from '../../../../src/main/joining/core/own-claims';
import { gpuView, hardwareView, refusedAdapter } from '../../../fixtures/app-states/gpus';

test('claims: name without control characters, at most 8 GPUs', () => {
  const gpus = Array.from({ length: 9 }, () => ({ name: 'RTX\u202e 4090', memoryGb: 24 }));
  expect(toClaims('a\u001b[2Jb', gpus)).toEqual({
    name: 'a[2Jb',
    gpus: Array.from({ length: 8 }, () => ({ name: 'RTX 4090', memory_gb: 24 })),
    roles: ['node', 'client'],
  });
  expect(toClaims('\u0000', [])).toEqual({ name: 'computer', gpus: [], roles: ['node', 'client'] });
});

test('claims: accepted GPUs that are there; none before the first probe', () => {
  const hardware = hardwareView({ gpus: [gpuView(), gpuView({ available: false }), refusedAdapter()] });
  const [gpu] = hardware.gpus;
  expect(claimsOf({ name: 'bench', hardware })).toEqual({
    name: 'bench',
    gpus: [{ name: gpu?.name, memory_gb: gpu?.memory_gb }],
    roles: ['node', 'client'],
  });
  expect(claimsOf({ name: 'bench', hardware: null })).toEqual({ name: 'bench', gpus: [], roles: ['node', 'client'] });
});
