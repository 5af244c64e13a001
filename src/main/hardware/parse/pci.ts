// PCI data: the canonical form of bus addresses, and vendors by id and by name.
import type { GpuVendor } from './types';

const ADDRESS = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])$/i;

/** `00000000:65:00.0` and `65:00.0` become `0000:65:00.0`. Null: not a bus address. */
export function normalizeBusAddress(text: string): string | null {
  const match = ADDRESS.exec(text.trim());
  if (match === null) return null;
  const [, domain = '0', bus = '', device = '', fn = ''] = match;
  const shortDomain = domain.replace(/^0+/, '').padStart(4, '0');
  return `${shortDomain}:${bus.padStart(2, '0')}:${device.padStart(2, '0')}.${fn}`.toLowerCase();
}

const VENDOR_BY_PCI_ID: Readonly<Record<string, GpuVendor>> = { '10de': 'nvidia', '1002': 'amd', '8086': 'intel', '106b': 'apple' };

/** Vendors of virtual adapters, by PCI vendor id. */
const VIRTUAL_PCI_IDS: Readonly<Record<string, string>> = {
  '1013': 'Cirrus (emulated)',
  '1234': 'QEMU',
  '1414': 'Microsoft Hyper-V',
  '15ad': 'VMware',
  '1af4': 'virtio',
  '1b36': 'QXL',
  '80ee': 'VirtualBox',
};

/** Vendors of display-only chips: the management controllers of servers. */
const DISPLAY_PCI_IDS: Readonly<Record<string, string>> = { '1a03': 'ASPEED', '102b': 'Matrox' };

export const vendorOfPciId = (id: string): GpuVendor => VENDOR_BY_PCI_ID[id] ?? 'other';
export const virtualMakerOf = (id: string): string | null => VIRTUAL_PCI_IDS[id] ?? null;
export const displayMakerOf = (id: string): string | null => DISPLAY_PCI_IDS[id] ?? null;

/** The vendor by the name of a vendor or a model. */
export function vendorOfName(name: string): GpuVendor {
  if (/nvidia|geforce|quadro|\btesla\b/i.test(name)) return 'nvidia';
  if (/\bamd\b|advanced micro devices|radeon|\bati\b|instinct/i.test(name)) return 'amd';
  if (/intel/i.test(name)) return 'intel';
  if (/\bapple\b/i.test(name)) return 'apple';
  return 'other';
}

const VIRTUAL_NAMES =
  /microsoft (?:basic|remote|hyper-v|corporation basic)|hyper-v|vmware|\bqxl\b|virtio|virtualbox|cirrus|parsec|spacedesk|citrix|llvmpipe|softpipe|swiftshader|displaylink|indirect display|idd\b|virtual (?:display|desktop)|virtual.*adapter|\bremote (?:display|fx)|remotefx|splashtop|anydesk|todesk|oray|gameviewer|sunshine|mirror driver|bochs|\bqemu\b/i;
const DISPLAY_NAMES = /aspeed|\bast\d{3,4}\b|matrox|\bg200/i;

export const isVirtualName = (name: string): boolean => VIRTUAL_NAMES.test(name);
export const isDisplayChipName = (name: string): boolean => DISPLAY_NAMES.test(name);
