// Reads the hardware fixtures and builds adapters and samples from them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeAdapters, type AdapterSources } from '../../../src/main/hardware/decide/adapters';
import { parseControllers } from '../../../src/main/hardware/parse/controllers';
import { ALL_FIELDS } from '../../../src/main/hardware/parse/nvidia-csv';
import { interpretNvidia, type KernelGpu, NO_NVIDIA, type NvidiaProbe } from '../../../src/main/hardware/decide/nvidia-fault';
import type { LoadSample } from '../../../src/main/hardware/probe/probe-messages';
import { parseSysfsDevice, type PciDisplay } from '../../../src/main/hardware/parse/sysfs-adapters';
import type { GpuAdapter } from '../../../src/main/hardware/parse/types';

const folder = join(import.meta.dirname, '../../fixtures/hardware');

export const fixtureText = (path: string): string => readFileSync(join(folder, path), 'utf8');
export const fixtureJson = (path: string): unknown => JSON.parse(fixtureText(path));

export const nvidiaAnswer = (path: string, code = 0, kernelGpus: readonly KernelGpu[] = []): NvidiaProbe =>
  interpretNvidia({ kind: 'exited', code, stdout: fixtureText(path), stderr: '' }, ALL_FIELDS, kernelGpus);

type SysfsTree = Readonly<Record<string, Readonly<Record<string, string>>>>;
export const sysfsTree = (name: string): SysfsTree => fixtureJson(`sysfs/${name}.json`) as SysfsTree;

export const pciDisplays = (name: string): readonly PciDisplay[] =>
  Object.entries(sysfsTree(name)).flatMap(([address, { driver, ...files }]) => {
    const short = Object.fromEntries(
      Object.entries(files).map(([path, text]): [string, string] => [path.replace(/^hwmon\/.*\//, ''), text]),
    );
    const display = parseSysfsDevice({ address, driver: driver ?? null, files: short });
    return display === null ? [] : [display];
  });

export const controllers = (name: string) => parseControllers(fixtureJson(`systeminformation/${name}.json`));

export const adaptersOf = (seen: Partial<AdapterSources>): readonly GpuAdapter[] =>
  composeAdapters({
    nvidia: NO_NVIDIA,
    pci: [],
    controllers: [],
    onLinux: true,
    system: { totalGb: 64, usedGb: 8 },
    appleWiredLimitMib: null,
    ...seen,
  });

export const loadSample = (sample: Partial<LoadSample>): LoadSample => ({
  nvidia: NO_NVIDIA,
  pci: [],
  machine: { cpuPercent: 4, memPercent: 12.5, memoryUsedGb: 8, diskFreeGb: 100 },
  pool: null,
  trace: [],
  ...sample,
});

/** An adapter in one line. */
export const summary = (adapter: GpuAdapter): string => {
  const verdict = adapter.verdict.accepted ? `accepted ${String(adapter.index)}` : `refused ${adapter.verdict.code}`;
  const memory = adapter.memoryGb === null ? 'memory unknown' : `${String(adapter.memoryGb)} GB`;
  const now = adapter.unavailableCode === null ? '' : `, ${adapter.unavailableCode}`;
  return `${adapter.name}: ${verdict}, ${memory}${adapter.unifiedMemory ? ' unified' : ''}${now}`;
};
