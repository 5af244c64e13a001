import { describe, expect, it } from 'vitest';
import { mapSysfsDevice } from '../../../../src/main/hardware/parse/sysfs-adapters';
import { pciDisplays } from '../fixtures';

describe('amdgpu files', () => {
  it('become GiB, percent, degrees and watts; an idle card is 0 %', () => {
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

  it('take the newer power file where the older is missing', () => {
    expect(pciDisplays('amd-desktop')[1]?.live.powerW).toEqual({ known: true, value: 11.03 });
  });

  it('of a sleeping card say nothing but its memory', () => {
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
  ])('of class %j at %j are no display device', (deviceClass, address) => {
    expect(mapSysfsDevice({ address, driver: null, files: { class: deviceClass, vendor: '0x1002' } })).toBeNull();
  });

  it('that hold no number are unreadable, and name what they hold', () => {
    const device = mapSysfsDevice({
      address: '0000:01:00.0',
      driver: 'amdgpu',
      files: { class: '0x030000', vendor: '0x1002', gpu_busy_percent: 'oops', mem_info_vram_total: '-5' },
    });
    expect(device?.live.utilizationPercent).toEqual({ known: false, reason: 'error', detail: 'oops' });
    expect(device?.vramGb).toBeNull();
  });
});
