import { describe, expect, test } from 'vitest';
import { linePath } from '../../../../src/renderer/pages/gpus/UseLine';
import { type GpuHistory, HISTORY_MS, withReading } from '../../../../src/renderer/store/gpu-history';
import type { GpuView } from '../../../../src/shared/api/agent-view';
import { agentView } from '../../../fixtures/app-states/agents';
import { gpuView, hardwareView, known, lostGpu, refusedAdapter, unknown } from '../../../fixtures/app-states/gpus';

const reading = (at: number | null, ...gpus: GpuView[]) => agentView({ hardware: hardwareView({ read_at: at, gpus }) });
const using = (percent: number): GpuView => gpuView({ key: 'a', utilization_percent: known(percent) });

describe('the history of a GPU', () => {
  test('grows by each new reading once, and keeps five minutes', () => {
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
        { at: 2000, percent: 0 },
        { at: 1000 + HISTORY_MS, percent: 30 },
      ],
    });
  });

  test('has gaps where the use was not known or the GPU lost, and nothing of adapters that are not offered', () => {
    const silent = gpuView({ key: 'b', utilization_percent: unknown() });
    expect(withReading({ gone: [] }, reading(5, silent, lostGpu(), refusedAdapter()))).toEqual({
      b: [{ at: 5, percent: null }],
      'GPU-3060': [{ at: 5, percent: null }],
    });
  });

  test.each([
    ['no agent', null],
    ['no hardware yet', agentView({ hardware: null })],
    ['no reading yet', reading(null, using(1))],
  ])('stays as it is with %s', (_name, agent) => {
    const history: GpuHistory = { a: [{ at: 1, percent: 1 }] };
    expect(withReading(history, agent)).toBe(history);
  });
});

describe('the line', () => {
  const now = HISTORY_MS;
  test.each([
    ['one reading is no line', [{ at: now, percent: 5 }], ''],
    [
      '0 % runs at the bottom, 100 % at the top, now at the right',
      [
        { at: now - 10_000, percent: 0 },
        { at: now, percent: 100 },
      ],
      'M290.0 31.0L300.0 1.0',
    ],
    [
      'a gap where nothing is known',
      [
        { at: now - 20_000, percent: 50 },
        { at: now - 10_000, percent: null },
        { at: now, percent: 50 },
      ],
      'M280.0 16.0M300.0 16.0',
    ],
    [
      'a gap after a long silence',
      [
        { at: now - 60_000, percent: 50 },
        { at: now, percent: 50 },
      ],
      'M240.0 16.0M300.0 16.0',
    ],
    [
      'what is older than five minutes is left out',
      [
        { at: -1, percent: 50 },
        { at: now, percent: 50 },
      ],
      '',
    ],
  ])('%s', (_name, samples, path) => {
    expect(linePath(samples, now)).toBe(path);
  });
});
