import { describe, expect, it } from 'vitest';
import { parseSysfsDevice } from '../../../../src/main/hardware/parse/sysfs-adapters';
import { pciDisplays } from '../fixtures';

describe('parseSysfsDevice', () => {
  it('amdgpu card -> GiB, percent, degrees, watts; idle is 0 %', () => {
    const [card] = pciDisplays('amd-desktop');
    expect(card).toEqual({
      busAddress: '0000:03:00.0',
      vendor: 'amd',
      deviceId: '744c',
      name: null,
      virtualMaker: null,
      displayMaker: null,
      driver: 'amdgpu',
      uniqueId: 'a1b2c3d4e5f60718',
      vramGb: 24,
      sharedGb: 31.3,
      sharedUsedGb: 0.1,
      live: {
        utilizationPercent: { known: true, value: 0 },
        memoryUsedGb: { known: true, value: 1.2 },
        memoryTotalGb: { known: true, value: 24 },
        temperatureC: { known: true, value: 43 },
        powerW: { known: true, value: 18 },
        powerLimitW: { known: true, value: 303 },
      },
    });
  });

  it('power1_average missing -> power1_input', () => {
    expect(pciDisplays('amd-desktop')[1]?.live.powerW).toEqual({ known: true, value: 11.03 });
  });

  it('suspended card -> memory only', () => {
    expect(pciDisplays('sleeping-dgpu')[1]?.live).toMatchObject({
      utilizationPercent: { known: false, reason: 'not_reported', detail: 'suspended' },
      temperatureC: { known: false, reason: 'not_reported', detail: 'suspended' },
      memoryUsedGb: { known: true, value: 0 },
    });
  });

  it.each([
    ['0x020000', '0000:01:00.0'],
    ['', '0000:01:00.0'],
    ['0x030000', '../../etc'],
  ])('class %j at %j -> null', (deviceClass, address) => {
    expect(parseSysfsDevice({ address, driver: null, files: { class: deviceClass, vendor: '0x1002' } })).toBeNull();
  });

  it('file without a number -> unknown, with its content as the detail', () => {
    const device = parseSysfsDevice({
      address: '0000:01:00.0',
      driver: 'amdgpu',
      files: { class: '0x030000', vendor: '0x1002', gpu_busy_percent: 'oops', mem_info_vram_total: '-5' },
    });
    expect(device?.live.utilizationPercent).toEqual({ known: false, reason: 'error', detail: 'oops' });
    expect(device?.vramGb).toBeNull();
  });
});
