// Each check of lifecycle §2, with its numbers.
import { describe, expect, test } from 'vitest';
import type { CheckInput } from '../../../../src/main/scheduler/lifecycle/health-check';
import { checkHealth } from '../../../../src/main/scheduler/lifecycle/health-check';
import { toFailedCheckView } from '../../../../src/main/scheduler/lifecycle/failed-check';
import type { NodeProfile } from '../../../../src/main/scheduler/lifecycle/node-record';
import { profileThatCounts } from '../../../support/counting-profile';
import { aGpu, aModel, aProfile, aReading, aUsage, POLICY } from './records';

const input = (overrides: Partial<CheckInput> = {}): CheckInput => ({
  profile: aProfile(),
  status: 'ready',
  usage: aUsage(),
  gpus: null,
  gapMs: 0,
  policy: POLICY,
  ...overrides,
});

const withGpuPercent = (gpuPercent: number | null | undefined): CheckInput => input({ usage: aUsage({ gpuPercent }) });

/** The failed checks as the protocol sends them. */
const failuresOf = (checked: CheckInput) => checkHealth(checked).map(toFailedCheckView);

test('health check: all checks pass -> healthy', () => {
  expect(checkHealth(input())).toEqual([]);
});

test('health check: all checks fail -> failures in the order of the checks', () => {
  const ill = input({ gapMs: 50_000, gpus: [], profile: aProfile({ installedModels: [] }) });
  expect(checkHealth(ill).map(({ check, code }) => `${check} ${code}`)).toEqual([
    'heartbeat heartbeat_late',
    'gpu gpu_unavailable',
    'models model_not_ready',
  ]);
});

describe('health check: heartbeat', () => {
  test('at the timeout -> passes, later -> failure with the delay', () => {
    expect(checkHealth(input({ gapMs: POLICY.heartbeatTimeoutMs }))).toEqual([]);
    expect(failuresOf(input({ gapMs: POLICY.heartbeatTimeoutMs + 1200 }))).toEqual([
      {
        check: 'heartbeat',
        code: 'heartbeat_late',
        message: '心跳迟到 1200 毫秒 / heartbeat 1200 ms late',
        details: { late_ms: 1200, timeout_ms: 45_000 },
      },
    ]);
  });
});

describe('health check: GPU', () => {
  const noMemory = aProfile({ hardware: { cpuCores: 1, memoryGb: 1, gpus: [aGpu({ name: 'virtual', memoryGb: 0 })] } });
  const live = (...available: boolean[]) => available.map((usable, index) => aReading({ index, available: usable }));

  test.each<readonly [string, CheckInput, object | null]>([
    ['use 0', withGpuPercent(0), null],
    ['use 100', withGpuPercent(100), null],
    ['use not measured', withGpuPercent(undefined), null],
    ['use null', withGpuPercent(null), { fault: 'use_unreadable', gpu_percent: null, available: null, of: 1 }],
    ['use above 100', withGpuPercent(150), { fault: 'use_unreadable', gpu_percent: 150, available: null, of: 1 }],
    ['use below 0', withGpuPercent(-1), { fault: 'use_unreadable', gpu_percent: -1, available: null, of: 1 }],
    ['use NaN', withGpuPercent(NaN), { fault: 'use_unreadable', gpu_percent: null, available: null, of: 1 }],
    ['use infinite', withGpuPercent(Infinity), { fault: 'use_unreadable', gpu_percent: null, available: null, of: 1 }],
    ['one of two available', input({ gpus: live(false, true) }), null],
    ['none of two available', input({ gpus: live(false, false) }), { fault: 'none_available', gpu_percent: 0, available: 0, of: 2 }],
    ['no live GPU at all', input({ gpus: [] }), { fault: 'none_available', gpu_percent: 0, available: 0, of: 0 }],
    ['no memory', input({ profile: noMemory, usage: aUsage() }), { fault: 'no_gpu_memory', gpu_percent: 0, available: null, of: 1 }],
  ])('with %s', (_case, checked, details) => {
    const failed = failuresOf(checked).filter(({ check }) => check === 'gpu');
    expect(failed.map((failure) => failure.details)).toEqual(details === null ? [] : [details]);
  });

  test('usage not measured -> `not_measured`, not 0', () => {
    expect(failuresOf(input({ usage: aUsage({ gpuPercent: undefined }), gpus: [] }))[0]?.details).toEqual({
      fault: 'none_available',
      gpu_percent: 'not_measured',
      available: 0,
      of: 0,
    });
  });

  test('message -> both languages with the numbers', () => {
    expect(failuresOf(input({ gpus: live(false, false) }))[0]?.message).toBe('可用显卡：0/2 / 0 of 2 GPUs available');
    expect(failuresOf(withGpuPercent(150))[0]?.message).toBe('GPU 使用率不可读（150） / GPU use is not readable (150)');
  });
});

describe('health check: models', () => {
  const two = [aModel({ modelId: 'a' }), aModel({ modelId: 'b' })];
  const profileWith = (capabilityState: NodeProfile['capabilityState'], installedModels = two) =>
    aProfile({ installedModels, capabilityState });
  const modelDetails = (checked: CheckInput) => failuresOf(checked)[0]?.details ?? null;

  test.each<readonly [string, CheckInput, object | null]>([
    ['all ready, registering', input({ status: 'registering', profile: profileWith({ a: 'ready', b: 'ready' }) }), null],
    [
      'one of two ready, registering',
      input({ status: 'registering', profile: profileWith({ a: 'ready', b: 'downloading' }) }),
      { rule: 'all', models: [{ model_id: 'b', state: 'downloading' }], not_ready: 1, of: 2 },
    ],
    ['one of two ready, later', input({ profile: profileWith({ a: 'error', b: 'ready' }) }), null],
    [
      'none ready, later',
      input({ profile: profileWith({ a: 'error' }) }),
      {
        rule: 'any',
        models: [
          { model_id: 'a', state: 'error' },
          { model_id: 'b', state: 'unknown' },
        ],
        not_ready: 2,
        of: 2,
      },
    ],
    ['no capability state', input({ status: 'registering', profile: profileWith(null) }), null],
    ['no model', input({ profile: profileWith(null, []) }), { rule: 'any', models: [], not_ready: 0, of: 0 }],
    [
      'only a disabled model',
      input({ profile: profileWith(null, [aModel({ enabled: false })]) }),
      { rule: 'any', models: [], not_ready: 0, of: 0 },
    ],
    [
      'a disabled model that is not ready',
      input({
        status: 'registering',
        profile: profileWith({ a: 'ready', b: 'error' }, [aModel({ modelId: 'a' }), aModel({ modelId: 'b', enabled: false })]),
      }),
      null,
    ],
    [
      'a model named like a method of objects',
      input({ profile: profileWith({}, [aModel({ modelId: 'constructor' })]) }),
      { rule: 'any', models: [{ model_id: 'constructor', state: 'unknown' }], not_ready: 1, of: 1 },
    ],
    [
      'required models missing, disabled and failed',
      input({
        policy: { ...POLICY, requiredModels: ['a', 'b', 'c', 'd'] },
        profile: profileWith({ a: 'ready', b: 'error', c: 'ready' }, [...two, aModel({ modelId: 'c', enabled: false })]),
      }),
      {
        rule: 'required',
        models: [
          { model_id: 'b', state: 'error' },
          { model_id: 'c', state: 'disabled' },
          { model_id: 'd', state: 'not_installed' },
        ],
        not_ready: 3,
        of: 4,
      },
    ],
    [
      'required models downloading, failed, and reported ready but not installed',
      input({
        policy: { ...POLICY, requiredModels: ['a', 'new', 'failed', 'claimed'] },
        profile: profileWith({ a: 'ready', b: 'ready', new: 'downloading', failed: 'error', claimed: 'ready' }, [...two]),
      }),
      {
        rule: 'required',
        models: [
          { model_id: 'new', state: 'downloading' },
          { model_id: 'failed', state: 'error' },
          { model_id: 'claimed', state: 'not_installed' },
        ],
        not_ready: 3,
        of: 4,
      },
    ],
    [
      'a downloading model that is not installed, during warm-up',
      input({ status: 'registering', profile: profileWith({ a: 'ready', b: 'ready', new: 'downloading' }, [...two]) }),
      null,
    ],
  ])('with %s', (_case, checked, details) => {
    expect(modelDetails(checked)).toEqual(details);
  });

  test('1,000 models not ready -> ten named, all counted', () => {
    const many = Array.from({ length: 1000 }, (_, i) => aModel({ modelId: `m${String(i)}` }));
    const [failure] = failuresOf(input({ profile: profileWith({}, many) }));
    expect(failure?.details).toMatchObject({ not_ready: 1000, of: 1000 });
    expect(failure?.details?.['models']).toHaveLength(10);
  });
});

test('health check: a thousand models that are not ready -> each is read a few times', () => {
  const { profile, reads } = profileThatCounts(aProfile(), 1024, 'error');
  for (const status of ['registering', 'ready'] as const) expect(failuresOf(input({ profile, status }))).toHaveLength(1);
  expect(reads()).toBeLessThan(20 * 1024);
});
