import { describe, expect, it } from 'vitest';
import { keepLostAdapters, gpuLoadsOf, hasUnknownGpu } from '../../../../src/main/hardware/decide/load';
import { interpretNvidia } from '../../../../src/main/hardware/decide/nvidia-fault';
import { ALL_FIELDS } from '../../../../src/main/hardware/parse/nvidia-csv';
import type { GpuAdapter } from '../../../../src/main/hardware/parse/types';
import { adaptersOf, controllers, loadSample, nvidiaAnswer, pciDisplays, summary } from '../fixtures';

const twoCards = adaptersOf({ nvidia: nvidiaAnswer('nvidia/two-gpus.csv') });
const timedOut = interpretNvidia({ kind: 'timeout' }, ALL_FIELDS, []);
const stateOf = (adapters: readonly GpuAdapter[], sample: Parameters<typeof loadSample>[0]) =>
  gpuLoadsOf(adapters, loadSample(sample), 64).map(({ available, unavailableCode, live }) => [
    available,
    unavailableCode,
    live.utilizationPercent.known ? live.utilizationPercent.value : 'unknown',
  ]);

describe('gpuLoadsOf', () => {
  it.each<[string, readonly GpuAdapter[], Parameters<typeof loadSample>[0], readonly unknown[]]>([
    [
      'two cards with rows -> available',
      twoCards,
      { nvidia: nvidiaAnswer('nvidia/two-gpus.csv') },
      [
        [true, null, 37],
        [true, null, 0],
      ],
    ],
    [
      'one card lost -> the other stays available',
      twoCards,
      { nvidia: nvidiaAnswer('nvidia/two-gpus-one-lost.txt', 15) },
      [
        [true, null, 37],
        [false, 'gpu_lost', 'unknown'],
      ],
    ],
    [
      'driver hangs -> probe_timeout',
      twoCards,
      { nvidia: timedOut },
      [
        [false, 'probe_timeout', 'unknown'],
        [false, 'probe_timeout', 'unknown'],
      ],
    ],
    [
      'driver updated -> driver_mismatch',
      twoCards,
      { nvidia: nvidiaAnswer('nvidia/driver-mismatch.txt', 18) },
      [
        [false, 'driver_mismatch', 'unknown'],
        [false, 'driver_mismatch', 'unknown'],
      ],
    ],
    [
      'invalid output -> unreadable_output',
      twoCards,
      { nvidia: nvidiaAnswer('nvidia/garbage.txt') },
      [
        [false, 'unreadable_output', 'unknown'],
        [false, 'unreadable_output', 'unknown'],
      ],
    ],
    [
      'AMD card -> available, refused adapters not listed',
      adaptersOf({ pci: pciDisplays('amd-desktop') }),
      { pci: pciDisplays('amd-desktop') },
      [[true, null, 0]],
    ],
    ['AMD card missing -> gpu_lost', adaptersOf({ pci: pciDisplays('amd-desktop') }), { pci: [] }, [[false, 'gpu_lost', 'unknown']]],
    [
      'card without live figures -> available, load unknown',
      adaptersOf({ controllers: controllers('windows-virtual'), onLinux: false }),
      {},
      [[true, null, 'unknown']],
    ],
  ])('%s', (_case, adapters, sample, expected) => {
    expect(stateOf(adapters, sample)).toEqual(expected);
  });

  it('unified GPU -> memory figures of the machine', () => {
    const adapters = adaptersOf({ nvidia: nvidiaAnswer('nvidia/gb10.csv') });
    const [load] = gpuLoadsOf(adapters, loadSample({ nvidia: nvidiaAnswer('nvidia/gb10.csv') }), 64);
    expect(load?.live).toMatchObject({ memoryUsedGb: { known: true, value: 8 }, memoryTotalGb: { known: true, value: 64 } });
  });

  it('hasUnknownGpu: card of nvidia-smi not in the inventory, or lost in the inventory -> true', () => {
    const both = loadSample({ nvidia: nvidiaAnswer('nvidia/two-gpus.csv') });
    expect(hasUnknownGpu(twoCards, both)).toBe(false);
    expect(hasUnknownGpu(twoCards.slice(0, 1), both)).toBe(true);
    const startedLost = adaptersOf({
      nvidia: nvidiaAnswer('nvidia/two-gpus-one-lost.txt', 15, [
        { busAddress: '0000:41:00.0', name: null, uuid: 'GPU-00000000-0000-0000-0000-000000000002' },
      ]),
    });
    expect(hasUnknownGpu(startedLost, both)).toBe(true);
  });
});

describe('keepLostAdapters', () => {
  it('lost card -> kept with memory and index, with a reason', () => {
    const now = adaptersOf({ nvidia: nvidiaAnswer('nvidia/two-gpus-one-lost.txt', 15) });
    expect(keepLostAdapters(twoCards, now, () => 'gpu_lost').map(summary)).toEqual([
      'NVIDIA GeForce RTX 4090: accepted 0, 24 GB',
      'NVIDIA GeForce RTX 3090: accepted 1, 24 GB, gpu_lost',
    ]);
  });

  it('driver renumbers the cards -> indexes unchanged', () => {
    const [first, second] = twoCards;
    const now = second === undefined ? [] : [{ ...second, index: 0 }];
    expect(keepLostAdapters(twoCards, now, () => 'gpu_lost').map((adapter) => [adapter.key, adapter.index, adapter.available])).toEqual([
      [first?.key, 0, false],
      [second?.key, 1, true],
    ]);
  });

  it('new inventory has a reason -> that reason', () => {
    const broken = adaptersOf({
      nvidia: nvidiaAnswer('nvidia/driver-mismatch.txt', 18, [{ busAddress: '0000:01:00.0', name: null, uuid: null }]),
    });
    expect(keepLostAdapters(twoCards, broken, () => 'gpu_lost').map((adapter) => adapter.unavailableCode)).toEqual([
      'driver_mismatch',
      'gpu_lost',
    ]);
  });

  it('source not probed -> card unchanged', () => {
    const amd = adaptersOf({ controllers: controllers('windows-virtual'), onLinux: false }).filter((adapter) => adapter.verdict.accepted);
    expect(keepLostAdapters(amd, [], () => null)).toEqual(amd);
  });

  it('card answers again -> available again', () => {
    const lost = keepLostAdapters(twoCards, [], () => 'gpu_lost');
    expect(keepLostAdapters(lost, twoCards, () => 'gpu_lost')).toEqual(twoCards);
  });
});
