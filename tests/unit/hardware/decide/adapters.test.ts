import { describe, expect, it } from 'vitest';
import type { AdapterSources } from '../../../../src/main/hardware/decide/adapters';
import { parseKernelGpu } from '../../../../src/main/hardware/decide/nvidia-fault';
import { adaptersOf, controllers, fixtureText, nvidiaAnswer, pciDisplays, summary } from '../fixtures';

const lostKernelGpu = parseKernelGpu('0000:41:00.0', fixtureText('nvidia/kernel-information.txt'));
const kernelGpus = lostKernelGpu === null ? [] : [lostKernelGpu];

describe('composeAdapters', () => {
  it.each<[string, Partial<AdapterSources>, readonly string[]]>([
    [
      'H100, listed again by the library at a wrong address',
      { nvidia: nvidiaAnswer('nvidia/h100-idle.csv'), controllers: controllers('h100-clinfo') },
      ['NVIDIA H100 80GB HBM3: accepted 0, 79.6 GB'],
    ],
    [
      'H100, listed again at a decimal bus number',
      { nvidia: nvidiaAnswer('nvidia/h100-idle.csv'), controllers: controllers('h100-clinfo-decimal') },
      ['NVIDIA H100 80GB HBM3: accepted 0, 79.6 GB'],
    ],
    [
      'two cards',
      { nvidia: nvidiaAnswer('nvidia/two-gpus.csv') },
      ['NVIDIA GeForce RTX 4090: accepted 0, 24 GB', 'NVIDIA GeForce RTX 3090: accepted 1, 24 GB'],
    ],
    [
      'one of two cards lost since before the start',
      { nvidia: nvidiaAnswer('nvidia/two-gpus-one-lost.txt', 15, kernelGpus) },
      ['NVIDIA GeForce RTX 4090: accepted 0, 24 GB', 'NVIDIA GeForce RTX 3090: refused driver_not_working, memory unknown, gpu_lost'],
    ],
    [
      'driver updated while it was loaded',
      { nvidia: nvidiaAnswer('nvidia/driver-mismatch.txt', 18, kernelGpus) },
      ['NVIDIA GeForce RTX 3090: refused driver_not_working, memory unknown, driver_mismatch'],
    ],
    [
      'card without nvidia-smi',
      { controllers: controllers('h100-clinfo') },
      ['NVIDIA H100 80GB HBM3: refused driver_not_working, memory unknown'],
    ],
    ['MIG card', { nvidia: nvidiaAnswer('nvidia/mig.csv') }, ['NVIDIA A100-SXM4-80GB: accepted 0, 80 GB']],
    ['GB10, unified memory', { nvidia: nvidiaAnswer('nvidia/gb10.csv') }, ['NVIDIA GB10: accepted 0, 64 GB unified']],
    [
      'Windows laptop with two adapters',
      { nvidia: nvidiaAnswer('nvidia/laptop.csv'), controllers: controllers('windows-hybrid-laptop'), onLinux: false },
      ['NVIDIA GeForce RTX 4060 Laptop GPU: accepted 0, 8 GB', 'Intel(R) Iris(R) Xe Graphics: refused display_only, 1 GB unified'],
    ],
    [
      'Windows laptop, recorded, without nvidia-smi',
      { controllers: controllers('windows-uhd-gtx-1650'), onLinux: false },
      ['Intel(R) UHD Graphics: refused display_only, 1 GB unified', 'NVIDIA GeForce GTX 1650: refused driver_not_working, memory unknown'],
    ],
    [
      'MacBook with two GPUs, recorded',
      { controllers: controllers('macbook-radeon'), onLinux: false, system: { totalGb: 16, usedGb: 9 } },
      ['Intel UHD Graphics 630: refused display_only, 1.5 GB unified', 'AMD Radeon Pro 5300M: accepted 0, 4 GB'],
    ],
    [
      'virtual adapters on Windows and a real card',
      { controllers: controllers('windows-virtual'), onLinux: false },
      [
        'Microsoft Basic Display Adapter: refused virtual_adapter, memory unknown',
        'Microsoft Remote Display Adapter: refused virtual_adapter, memory unknown',
        'Parsec Virtual Display Adapter: refused virtual_adapter, memory unknown',
        'OrayIddDriver Device: refused virtual_adapter, memory unknown',
        'AMD Radeon RX 7900 XTX: accepted 0, 24 GB',
        'AMD Radeon(TM) Graphics: refused integrated_small, 0.5 GB unified',
      ],
    ],
    [
      'AMD on Linux, sizes from sysfs and names from the library',
      { pci: pciDisplays('amd-desktop'), controllers: controllers('linux-lspci') },
      [
        'Navi 31 [Radeon RX 7900 XT/7900 XTX]: accepted 0, 24 GB',
        'Raphael: refused integrated_small, 0.5 GB unified',
        'ASPEED Graphics Family: refused display_only, memory unknown',
      ],
    ],
    [
      'AMD on Linux without lspci',
      { pci: pciDisplays('amd-desktop') },
      [
        'AMD GPU 744c: accepted 0, 24 GB',
        'AMD GPU 164e: refused integrated_small, 0.5 GB unified',
        'ASPEED: refused display_only, memory unknown',
      ],
    ],
    [
      'AMD on Linux without /sys: the memory of the library is a PCI window',
      { controllers: controllers('linux-lspci').slice(0, 1) },
      ['Navi 31 [Radeon RX 7900 XT/7900 XTX]: refused no_memory_reported, memory unknown'],
    ],
    ['large integrated AMD', { pci: pciDisplays('strix-halo') }, ['AMD Radeon 8060S: accepted 0, 62.5 GB unified']],
    [
      'suspended laptop card',
      { pci: pciDisplays('sleeping-dgpu') },
      ['Intel GPU 9a49: refused display_only, memory unknown unified', 'Radeon RX 6600M: accepted 0, 8 GB'],
    ],
    [
      'Apple Silicon',
      { controllers: controllers('apple-m2-pro'), onLinux: false, system: { totalGb: 32, usedGb: 9 } },
      ['Apple M2 Pro: accepted 0, 21.3 GB unified'],
    ],
    ['no source', {}, []],
  ])('%s', (_case, seen, expected) => {
    expect(adaptersOf(seen).map(summary)).toEqual(expected);
  });

  it("index: cards of other vendors after nvidia-smi's", () => {
    const adapters = adaptersOf({ nvidia: nvidiaAnswer('nvidia/two-gpus.csv'), pci: pciDisplays('strix-halo') });
    expect(adapters.map((adapter) => adapter.index)).toEqual([0, 1, 2]);
  });

  it('MIG card: load unknown with the reason, instances listed', () => {
    const probe = {
      ...nvidiaAnswer('nvidia/mig.csv'),
      migInstances: { 'GPU-00000000-0000-0000-0000-000000000003': [{ uuid: 'MIG-1', profile: '1g.10gb' }] },
    };
    expect(adaptersOf({ nvidia: probe })[0]).toMatchObject({
      mig: true,
      migInstances: [{ uuid: 'MIG-1', profile: '1g.10gb' }],
      available: true,
      live: { utilizationPercent: { known: false, reason: 'not_reported', detail: '[N/A]' } },
    });
  });

  it('refusal: detail has the numbers', () => {
    const refused = adaptersOf({ pci: pciDisplays('amd-desktop') })[1];
    expect(refused?.verdict).toEqual({ accepted: false, code: 'integrated_small', detail: '0.5 GB dedicated, 31.3 GB shared' });
  });

  it('unified memory: used and total include shared memory', () => {
    expect(adaptersOf({ pci: pciDisplays('strix-halo') })[0]?.live).toMatchObject({
      memoryTotalGb: { known: true, value: 62.5 },
      memoryUsedGb: { known: true, value: 1.2 },
      utilizationPercent: { known: true, value: 12 },
    });
  });

  it('index and key: unique', () => {
    const adapters = adaptersOf({
      nvidia: nvidiaAnswer('nvidia/two-gpus.csv'),
      controllers: [...controllers('windows-virtual'), ...controllers('windows-virtual')],
      onLinux: false,
    });
    const keys = adapters.map((adapter) => adapter.key);
    const indexes = adapters.map((adapter) => adapter.index).filter((index) => index !== null);
    expect([new Set(keys).size, new Set(indexes).size]).toEqual([keys.length, indexes.length]);
  });
});
