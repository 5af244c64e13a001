// Parses display devices of Linux's /sys/bus/pci/devices: identity, and amdgpu's figures for memory, load, temperature and power.
import { displayMakerOf, normalizeBusAddress, vendorOfPciId, virtualMakerOf } from './pci';
import { gbFromBytes, known, NOTHING_REPORTED, notReported, unreadableReading, usedGbFromBytes, readingValue } from './reading';
import type { GpuLive, GpuVendor, Reading } from './types';

/** The files that are read per device; unreadable files are left out. Units: bytes, %, thousandths of a degree, microwatts. */
export const SYSFS_FILES = [
  'vendor',
  'device',
  'class',
  'unique_id',
  'product_name',
  'power/runtime_status',
  'mem_info_vram_total',
  'mem_info_vram_used',
  'mem_info_gtt_total',
  'mem_info_gtt_used',
  'gpu_busy_percent',
] as const;
export const HWMON_FILES = ['temp1_input', 'power1_average', 'power1_input', 'power1_cap'] as const;
export type SysfsFile = (typeof SYSFS_FILES)[number] | (typeof HWMON_FILES)[number];

export interface SysfsDevice {
  /** The name of the folder, which is the bus address. */
  readonly address: string;
  /** The bound kernel driver, such as `amdgpu`. Null: none. */
  readonly driver: string | null;
  readonly files: Readonly<Partial<Record<SysfsFile, string>>>;
}

export interface PciDisplay {
  readonly busAddress: string;
  readonly vendor: GpuVendor;
  readonly deviceId: string;
  /** The product name. Null: the kernel has none. */
  readonly name: string | null;
  readonly virtualMaker: string | null;
  readonly displayMaker: string | null;
  readonly driver: string | null;
  readonly uniqueId: string | null;
  /** Dedicated memory, GiB. For an integrated adapter the memory that the BIOS reserves. Null: not reported. */
  readonly vramGb: number | null;
  /** System memory that the adapter may use in addition, GiB. */
  readonly sharedGb: number | null;
  readonly sharedUsedGb: number | null;
  readonly live: GpuLive;
}

/** PCI base class 3: VGA, 3D and other display controllers. */
export const isDisplayClass = (classFile: string | undefined): boolean => /^0x03/.test(classFile?.trim() ?? '');

/** Null: not a display device, or an invalid address. */
export function parseSysfsDevice({ address, driver, files }: SysfsDevice): PciDisplay | null {
  const busAddress = normalizeBusAddress(address);
  if (busAddress === null || !isDisplayClass(files.class)) return null;
  const vendorId = hexId(files.vendor);
  const deviceId = hexId(files.device);
  const vramBytes = readingValue(integer(files.mem_info_vram_total));
  const sharedBytes = readingValue(integer(files.mem_info_gtt_total));
  const uniqueId = files.unique_id?.trim() ?? '';
  const productName = files.product_name?.trim() ?? '';
  return {
    busAddress,
    vendor: vendorOfPciId(vendorId),
    deviceId,
    name: productName === '' ? null : productName.slice(0, 128),
    virtualMaker: virtualMakerOf(vendorId),
    displayMaker: displayMakerOf(vendorId),
    driver,
    uniqueId: /^[0-9a-f]{8,32}$/i.test(uniqueId) && !/^0+$/.test(uniqueId) ? uniqueId : null,
    vramGb: vramBytes === null || vramBytes <= 0 ? null : gbFromBytes(vramBytes),
    sharedGb: sharedBytes === null || sharedBytes <= 0 ? null : gbFromBytes(sharedBytes),
    sharedUsedGb: readingValue(scaled(files.mem_info_gtt_used, usedGbFromBytes)),
    live: liveOf(files),
  };
}

/** The live figures of an adapter with `memoryGb`: when that includes shared memory, the used memory includes it too. */
export function pciLive(device: PciDisplay, memoryGb: number | null): GpuLive {
  const { live, vramGb, sharedUsedGb } = device;
  if (memoryGb === null || vramGb === null || memoryGb <= vramGb) return live;
  const own = live.memoryUsedGb;
  const usedGb = own.known && sharedUsedGb !== null ? known(Math.round((own.value + sharedUsedGb) * 100) / 100) : notReported();
  return { ...live, memoryTotalGb: known(memoryGb), memoryUsedGb: usedGb };
}

function liveOf(files: SysfsDevice['files']): GpuLive {
  const total = integer(files.mem_info_vram_total);
  const memory = {
    memoryUsedGb: scaled(files.mem_info_vram_used, usedGbFromBytes),
    memoryTotalGb: total.known && total.value <= 0 ? notReported() : scaled(files.mem_info_vram_total, gbFromBytes),
  };
  // Reading the other files of a suspended card fails, or wakes the card.
  if (files['power/runtime_status']?.trim() === 'suspended') {
    const suspended = notReported('suspended');
    return { ...NOTHING_REPORTED, ...memory, utilizationPercent: suspended, temperatureC: suspended, powerW: suspended };
  }
  const busy = integer(files.gpu_busy_percent);
  return {
    ...memory,
    utilizationPercent: busy.known && busy.value > 100 ? unreadableReading(String(busy.value)) : busy,
    temperatureC: scaled(files.temp1_input, (milli) => Math.round(milli / 1000)),
    powerW: scaled(files.power1_average ?? files.power1_input, watts),
    powerLimitW: scaled(files.power1_cap, watts),
  };
}

const watts = (micro: number): number => Math.round(micro / 10_000) / 100;

function integer(text: string | undefined): Reading {
  if (text === undefined || text.trim() === '') return notReported();
  return /^\d{1,18}$/.test(text.trim()) ? known(Number(text)) : unreadableReading(text.trim().slice(0, 40));
}

function scaled(text: string | undefined, scale: (value: number) => number): Reading {
  const reading = integer(text);
  return reading.known ? known(scale(reading.value)) : reading;
}

const hexId = (text: string | undefined): string => /^0x([0-9a-f]{4})$/i.exec(text?.trim() ?? '')?.[1]?.toLowerCase() ?? '';
