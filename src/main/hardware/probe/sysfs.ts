// Reads the display devices of Linux's sysfs. It does not read the files that would wake a suspended card.
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { HWMON_FILES, isDisplayClass, parseSysfsDevice, type PciDisplay, SYSFS_FILES, type SysfsFile } from '../parse/sysfs-adapters';

const MAX_DEVICES = 64;
const WAKING_FILES: ReadonlySet<SysfsFile> = new Set(['gpu_busy_percent', ...HWMON_FILES]);

/** Every display device of `<root>/bus/pci/devices`. Null: there is no such folder. */
export async function readPciDisplays(root: string): Promise<readonly PciDisplay[] | null> {
  const folder = join(root, 'bus', 'pci', 'devices');
  const addresses = await readdir(folder).catch(() => null);
  if (addresses === null) return null;
  const displays: PciDisplay[] = [];
  for (const address of addresses.toSorted()) {
    if (displays.length >= MAX_DEVICES) break;
    const device = join(folder, address);
    if (!isDisplayClass(await readText(join(device, 'class')))) continue;
    const display = parseSysfsDevice({ address, driver: await driverOf(device), files: await readFiles(device) });
    if (display !== null) displays.push(display);
  }
  return displays;
}

async function readFiles(device: string): Promise<Partial<Record<SysfsFile, string>>> {
  const files: Partial<Record<SysfsFile, string>> = {};
  const isSuspended = (await readText(join(device, 'power', 'runtime_status')))?.trim() === 'suspended';
  const [hwmon] = isSuspended ? [] : (await readdir(join(device, 'hwmon')).catch(() => [])).toSorted();
  const paths: readonly (readonly [SysfsFile, string])[] = [
    ...SYSFS_FILES.map((file) => [file, join(device, file)] as const),
    ...(hwmon === undefined ? [] : HWMON_FILES.map((file) => [file, join(device, 'hwmon', hwmon, file)] as const)),
  ];
  for (const [file, path] of paths) {
    if (isSuspended && WAKING_FILES.has(file)) continue;
    const text = await readText(path);
    if (text !== undefined) files[file] = text.slice(0, 256);
  }
  return files;
}

const driverOf = (device: string): Promise<string | null> =>
  readlink(join(device, 'driver')).then(
    (target) => basename(target),
    () => null,
  );

const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);
