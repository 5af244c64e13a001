import { describe, expect, test } from 'vitest';
import { INITIAL_SESSION, type SessionState } from '../../../../src/main/agent/session/session-state';
import { measuredHardware, preconditionsOf } from '../../../../src/main/agent/core/measurement-preconditions';
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
const withStatus = (fields: Parameters<typeof statusOf>[0]): SessionState => ({
  ...INITIAL_SESSION,
  nodeStatus: { receivedAtWallMs: 1, message: statusOf(fields) },
});
const IDLE = { jobsRunning: false, draining: false, gpuUnusable: false, gpuBusy: false };

describe('measurement preconditions', () => {
  test.each<readonly [string, SessionState, number, readonly GpuLoad[], object]>([
    ['idle node -> none', withStatus({ status: 'ready' }), 0, [load(25)], {}],
    ['no scheduler -> none', INITIAL_SESSION, 0, [load(0)], {}],
    ['running job -> jobsRunning', INITIAL_SESSION, 1, [load(0)], { jobsRunning: true }],
    ['GPU utilization above 25 % -> gpuBusy', INITIAL_SESSION, 0, [load(0), load(26)], { gpuBusy: true }],
    ['GPU without utilization, or unavailable -> not gpuBusy', INITIAL_SESSION, 0, [load(null), load(90, false)], {}],
    ['no available GPU -> gpuUnusable', INITIAL_SESSION, 0, [load(0, false)], { gpuUnusable: true }],
    ['no GPU -> gpuUnusable', INITIAL_SESSION, 0, [], { gpuUnusable: true }],
    ['paused by the owner -> draining', { ...INITIAL_SESSION, pause: { reason_code: 'owner' } }, 0, [load(0)], { draining: true }],
    ['status draining -> draining', withStatus({ status: 'draining', reason_code: 'drain_requested' }), 0, [load(0)], { draining: true }],
    ['drain complete -> draining', withStatus({ status: 'offline', reason_code: 'drain_complete' }), 0, [load(0)], { draining: true }],
    [
      'offline after a heartbeat timeout -> not draining',
      withStatus({ status: 'offline', reason_code: 'heartbeat_timeout' }),
      0,
      [load(0)],
      {},
    ],
  ])('%s', (_title, session, jobs, gpus, expected) => {
    expect(preconditionsOf(session, jobs, gpus)).toEqual({ ...IDLE, ...expected });
  });
});

test('measured hardware: offered GPUs with drivers, in any order', async () => {
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
