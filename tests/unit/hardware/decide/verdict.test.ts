import { describe, expect, it } from 'vitest';
import { vendorOfName } from '../../../../src/main/hardware/parse/pci';
import { assess } from '../../../../src/main/hardware/decide/verdict';

const summaryOf = (name: string, memoryGb: number | null, sharedGb: number | null = null): string => {
  const { verdict, memoryGb: gb, unifiedMemory } = assess({ name, vendor: vendorOfName(name), memoryGb, sharedGb, driverBound: true });
  return verdict.accepted ? `${String(gb)} GB${unifiedMemory ? ' unified' : ''}` : verdict.code;
};

describe('assess', () => {
  it.each([
    ['AMD Radeon RX 7900 XTX', 24, '24 GB'],
    ['AMD Radeon RX 6600M', 8, '8 GB'],
    ['AMD Radeon RX 550', 2, '2 GB'],
    ['AMD Instinct MI300X', 192, '192 GB'],
    ['AMD Radeon Pro W7900', 48, '48 GB'],
    ['AMD Radeon(TM) Graphics', 0.5, 'integrated_small'],
    ['AMD Radeon 780M Graphics', 2, 'integrated_small'],
    ['AMD Radeon 780M', 16, '16 GB unified'],
    ['AMD Radeon RX Vega 10 Graphics', 1, 'integrated_small'],
    ['Cezanne [Radeon Vega Series / Radeon Vega Mobile Series]', 0.5, 'integrated_small'],
    ['AMD Radeon 8060S', 0.5, '62.5 GB unified'],
    ['AMD Radeon RX 7900 XTX', null, 'no_memory_reported'],
    ['Intel(R) UHD Graphics 770', 1, 'display_only'],
    ['Intel(R) Iris(R) Xe Graphics', 1, 'display_only'],
    ['Intel(R) Arc(TM) A770 Graphics', 16, '16 GB'],
    ['Intel(R) Arc(TM) Graphics', 1, 'display_only'],
    ['Intel(R) Data Center GPU Flex 170', null, 'no_memory_reported'],
    ['ASPEED Graphics Family', 0.1, 'display_only'],
    ['Matrox G200eW3', 0.1, 'display_only'],
    ['Microsoft Basic Render Driver', null, 'virtual_adapter'],
    ['Microsoft Hyper-V Video', null, 'virtual_adapter'],
    ['VMware SVGA 3D', 1, 'virtual_adapter'],
    ['Red Hat QXL controller', null, 'virtual_adapter'],
    ['Red Hat VirtIO GPU DOD controller', null, 'virtual_adapter'],
    ['Citrix Indirect Display Adapter', null, 'virtual_adapter'],
    ['spacedesk Graphics Adapter', null, 'virtual_adapter'],
    ['llvmpipe (LLVM 17.0.6, 256 bits)', null, 'virtual_adapter'],
    ['Virtual Display Driver by MTT', null, 'virtual_adapter'],
  ])('%s with %s GB -> %s', (name, memoryGb, expected) => {
    expect(summaryOf(name, memoryGb, 62)).toBe(expected);
  });

  it('unknown AMD name -> decided by dedicated and shared memory', () => {
    expect(summaryOf('AMD GPU 164e', 0.5, 31)).toBe('integrated_small');
    expect(summaryOf('AMD GPU 744c', 24, 31)).toBe('24 GB');
  });

  it('no kernel driver -> no_driver', () => {
    expect(assess({ name: 'AMD Radeon RX 7900 XTX', vendor: 'amd', memoryGb: null, sharedGb: null, driverBound: false }).verdict).toEqual({
      accepted: false,
      code: 'no_driver',
      detail: null,
    });
  });
});
