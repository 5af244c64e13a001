import { describe, expect, it } from 'vitest';
import { parseSimulatedGpus, simulatedAdapters } from '../../../../src/main/hardware/decide/simulated';

describe('--simulate-gpu', () => {
  it.each([
    ['RTX 4090:24', [{ name: 'RTX 4090', memoryGb: 24 }]],
    [
      ' RTX 4090 : 24 , Radeon: PRO:48.5',
      [
        { name: 'RTX 4090', memoryGb: 24 },
        { name: 'Radeon: PRO', memoryGb: 48.5 },
      ],
    ],
  ])('%j -> accepted', (value, expected) => {
    expect(parseSimulatedGpus(value)).toEqual({ ok: true, value: expected });
  });

  it.each([
    ['', '', 'empty'],
    ['RTX 4090:24,', '', 'empty'],
    ['RTX 4090', 'RTX 4090', 'no_memory'],
    ['RTX 4090:', 'RTX 4090:', 'bad_memory'],
    ['RTX 4090:lots', 'RTX 4090:lots', 'bad_memory'],
    ['RTX 4090:0', 'RTX 4090:0', 'bad_memory'],
    ['RTX 4090:-3', 'RTX 4090:-3', 'bad_memory'],
    ['RTX 4090:1e3', 'RTX 4090:1e3', 'bad_memory'],
    ['A:1,B:9999', 'B:9999', 'bad_memory'],
    [':24', ':24', 'bad_name'],
    ['a\u0000b:24', 'a\u0000b:24', 'bad_name'],
    [Array.from({ length: 65 }, () => 'A:1').join(','), '', 'too_many'],
  ])('%j -> error with item %j and problem %s', (value, item, problem) => {
    expect(parseSimulatedGpus(value)).toEqual({ ok: false, error: { flag: '--simulate-gpu', value: value.slice(0, 200), item, problem } });
  });

  it('same input -> same idle cards, marked as simulated', () => {
    const gpus = [
      { name: 'RTX 4090', memoryGb: 24 },
      { name: 'RTX 4090', memoryGb: 24 },
    ];
    const adapters = simulatedAdapters(gpus);
    expect(simulatedAdapters(gpus)).toEqual(adapters);
    expect(adapters.map(({ key, index, simulated, available }) => ({ key, index, simulated, available }))).toEqual([
      { key: 'simulated-0', index: 0, simulated: true, available: true },
      { key: 'simulated-1', index: 1, simulated: true, available: true },
    ]);
    for (const { live } of adapters) {
      expect(live.utilizationPercent.known && live.utilizationPercent.value).toBeLessThan(25);
      expect(live.memoryUsedGb.known && live.memoryUsedGb.value).toBeLessThan(24 * 0.25);
    }
  });
});
