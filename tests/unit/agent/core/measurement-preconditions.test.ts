import { describe, expect, test } from 'vitest';
import { INITIAL_SESSION, type SessionState } from '../../../../src/main/agent/session/session-state';
import { measuredHardware, surroundingsOf } from '../../../../src/main/agent/core/measurement-preconditions';
import { known, NOTHING_REPORTED } from '../../../../src/main/hardware/parse/reading';
import type { GpuLoad } from '../../../../src/main/hardware/parse/types';
import { FakeHardware, gpu } from '../../../support/fake-hardware';
import { statusOf } from '../../../support/scripted-scheduler';

const load = (percent: number | null, available = true): GpuLoad => ({
  key: 'GPU-a',
  available,
  unavailableCode: null,
  live: percent === null ? NOTHING_REPORTED : { ...NOTHING_REPORTED, utilizationPercent: known(percent) },
});
const told = (fields: Parameters<typeof statusOf>[0]): SessionState => ({
  ...INITIAL_SESSION,
  nodeStatus: { receivedAt: 1, message: statusOf(fields) },
});
const IDLE = { jobsRunning: false, draining: false, gpuUnusable: false, gpuBusy: false };

describe('what stands in the way of a measurement', () => {
  test.each<readonly [string, SessionState, number, readonly GpuLoad[], object]>([
    ['nothing on an idle node', told({ status: 'ready' }), 0, [load(25)], {}],
    ['nothing on a node without a scheduler', INITIAL_SESSION, 0, [load(0)], {}],
    ['jobs', INITIAL_SESSION, 1, [load(0)], { jobsRunning: true }],
    ['a GPU in use', INITIAL_SESSION, 0, [load(0), load(26)], { gpuBusy: true }],
    ['not a GPU that tells no use, or cannot be used', INITIAL_SESSION, 0, [load(null), load(90, false)], {}],
    ['that no GPU can be used', INITIAL_SESSION, 0, [load(0, false)], { gpuUnusable: true }],
    ['that there is none', INITIAL_SESSION, 0, [], { gpuUnusable: true }],
    ['the owner’s wish to finish', { ...INITIAL_SESSION, finishWish: { timeoutSeconds: null } }, 0, [load(0)], { draining: true }],
    ['a drain', told({ status: 'draining', reason_code: 'drain_requested' }), 0, [load(0)], { draining: true }],
    ['a drain that is over', told({ status: 'offline', reason_code: 'drain_complete' }), 0, [load(0)], { draining: true }],
    ['not a lost connection', told({ status: 'offline', reason_code: 'heartbeat_timeout' }), 0, [load(0)], {}],
  ])('is %s', (_title, session, jobs, gpus, expected) => {
    expect(surroundingsOf(session, jobs, gpus)).toEqual({ ...IDLE, ...expected });
  });
});

test('a figure counts for the GPUs offered and their drivers, in whatever order they are found', async () => {
  const hardware = new FakeHardware();
  const [a, b] = [gpu({ name: 'A' }), gpu({ name: 'B', driverVersion: null })];
  const display = gpu({ name: 'screen', verdict: { accepted: false, code: 'display_only', detail: null } });
  const hardwareOf = async (...adapters: readonly (typeof a)[]) => {
    hardware.adapters = adapters;
    return measuredHardware(await hardware.inventory());
  };
  expect(await hardwareOf(b, a, display)).toBe('A 580.1, B unknown');
  expect(await hardwareOf(a, b)).toBe('A 580.1, B unknown');
  expect(await hardwareOf(a, a)).toBe('A 580.1, A 580.1');
  expect(measuredHardware(null)).toBe('');
});
