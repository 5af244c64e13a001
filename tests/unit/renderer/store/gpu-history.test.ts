import { describe, expect, test } from 'vitest';
import { linePath } from '../../../../src/renderer/pages/gpus/UseLine';
import { type GpuHistory, HISTORY_MS, withReading } from '../../../../src/renderer/store/gpu-history';
import type { GpuView } from '../../../../src/shared/api/agent-view';
import { agentView } from '../../../fixtures/app-states/agents';
import { gpuView, hardwareView, known, lostGpu, refusedAdapter, unknown } from '../../../fixtures/app-states/gpus';

const reading = (atWallMs: number | null, ...gpus: GpuView[]) => agentView({ hardware: hardwareView({ read_at: atWallMs, gpus }) });
const using = (percent: number): GpuView => gpuView({ key: 'a', utilization_percent: known(percent) });

describe('gpu history', () => {
  test('each reading added once, five minutes kept', () => {
    let history: GpuHistory = {};
    for (const [at, percent] of [
      [1000, 10],
      [1000, 10],
      [2000, 0],
      [1000 + HISTORY_MS, 30],
    ] as const) {
      history = withReading(history, reading(at, using(percent)));
    }
    expect(history).toEqual({
      a: [
        { atWallMs: 2000, percent: 0 },
        { atWallMs: 1000 + HISTORY_MS, percent: 30 },
      ],
    });
  });

  test('unknown use or lost GPU -> gap; refused adapters left out', () => {
    const silent = gpuView({ key: 'b', utilization_percent: unknown() });
    expect(withReading({ gone: [] }, reading(5, silent, lostGpu(), refusedAdapter()))).toEqual({
      b: [{ atWallMs: 5, percent: null }],
      'GPU-3060': [{ atWallMs: 5, percent: null }],
    });
  });

  test.each([
    ['no agent', null],
    ['no hardware yet', agentView({ hardware: null })],
    ['no reading yet', reading(null, using(1))],
  ])('unchanged with %s', (_name, agent) => {
    const history: GpuHistory = { a: [{ atWallMs: 1, percent: 1 }] };
    expect(withReading(history, agent)).toBe(history);
  });
});

describe('linePath', () => {
  const now = HISTORY_MS;
  test.each([
    ['one reading -> no line', [{ atWallMs: now, percent: 5 }], ''],
    [
      '0 % at the bottom, 100 % at the top, the present at the right',
      [
        { atWallMs: now - 10_000, percent: 0 },
        { atWallMs: now, percent: 100 },
      ],
      'M290.0 31.0L300.0 1.0',
    ],
    [
      'unknown reading -> gap',
      [
        { atWallMs: now - 20_000, percent: 50 },
        { atWallMs: now - 10_000, percent: null },
        { atWallMs: now, percent: 50 },
      ],
      'M280.0 16.0M300.0 16.0',
    ],
    [
      'no reading for a long time -> gap',
      [
        { atWallMs: now - 60_000, percent: 50 },
        { atWallMs: now, percent: 50 },
      ],
      'M240.0 16.0M300.0 16.0',
    ],
    [
      'older than five minutes -> left out',
      [
        { atWallMs: -1, percent: 50 },
        { atWallMs: now, percent: 50 },
      ],
      '',
    ],
  ])('%s', (_name, samples, path) => {
    expect(linePath(samples, now)).toBe(path);
  });
});
