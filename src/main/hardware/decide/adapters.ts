// Merges the reports of all sources into one list of adapters: each adapter once, accepted with an index, or refused.
import { appleGpuBudgetGb } from '../parse/machine-facts';
import type { Controller } from '../parse/controllers';
import { brokenNvidia, nvidiaAdapters, type SystemMemory, uniqueBy } from './nvidia-adapters';
import type { NvidiaProbe } from './nvidia-fault';
import { known, NOTHING_REPORTED } from '../parse/reading';
import { type PciDisplay, pciLive } from '../parse/sysfs-adapters';
import type { AdapterSource, GpuAdapter, GpuLive } from '../parse/types';
import { assess, type AdapterFacts } from './verdict';

export interface AdapterSources {
  readonly nvidia: NvidiaProbe;
  /** Linux: the display devices in sysfs. Empty on other systems, and when /sys is not mounted. */
  readonly pci: readonly PciDisplay[];
  readonly controllers: readonly Controller[];
  readonly onLinux: boolean;
  readonly system: SystemMemory;
  /** macOS: `iogpu.wired_limit_mb`. */
  readonly appleWiredLimitMib: number | null;
}

const MAX_ADAPTERS = 64;

/** Precedence: nvidia-smi, then sysfs, then systeminformation for adapters that neither lists. */
export function composeAdapters(sources: AdapterSources): readonly GpuAdapter[] {
  const nvidia = nvidiaAdapters(sources.nvidia, sources.system);
  const taken = new Set(nvidia.map((adapter) => adapter.busAddress));
  const pci = sources.pci.filter((device) => !taken.has(device.busAddress)).map((device) => adapterOfPci(device, sources));
  const rest = sources.controllers
    .filter((controller) => !isAlreadyListed(controller, sources, nvidia))
    .map((controller, at) => adapterOfController(controller, at, sources));
  return numberAdapters(uniqueBy([...nvidia, ...pci, ...rest], (adapter) => adapter.key).slice(0, MAX_ADAPTERS), []);
}

/**
 * systeminformation repeats cards under other addresses: OpenCL's decimal bus numbers (`65:00.0` for 0x41), or `00:00.6`. So where
 * sysfs lists devices, only sysfs counts. Elsewhere a card with the name of a card in nvidia-smi's list is the same card.
 */
function isAlreadyListed(controller: Controller, sources: AdapterSources, nvidia: readonly GpuAdapter[]): boolean {
  if (sources.pci.length > 0) return true;
  if (controller.busAddress !== null && nvidia.some((adapter) => adapter.busAddress === controller.busAddress)) return true;
  if (controller.vendor !== 'nvidia') return false;
  return nvidia.some((adapter) => bareName(adapter.name) === bareName(controller.name)) || (sources.onLinux && nvidia.length > 0);
}

const bareName = (name: string): string => name.toLowerCase().replace(/nvidia|\(.*?\)|[^a-z0-9]+/g, '');

function adapterOfPci(device: PciDisplay, sources: AdapterSources): GpuAdapter {
  const listedName = sources.controllers.find((controller) => controller.busAddress === device.busAddress)?.name ?? null;
  const maker = { nvidia: 'NVIDIA', amd: 'AMD', intel: 'Intel', apple: 'Apple', other: 'Unknown' }[device.vendor];
  const name = device.name ?? listedName ?? device.virtualMaker ?? device.displayMaker ?? `${maker} GPU ${device.deviceId}`;
  if (device.vendor === 'nvidia') return { ...driverlessNvidia(name, device.busAddress, sources), source: 'sysfs' };
  const candidate: AdapterFacts = { ...device, name, memoryGb: device.vramGb, driverBound: device.driver !== null };
  const uuid = device.uniqueId === null ? null : `GPU-${device.uniqueId}`;
  const adapter = assessed(candidate, 'sysfs', device.live);
  return { ...adapter, live: pciLive(device, adapter.memoryGb), key: uuid ?? device.busAddress, uuid, busAddress: device.busAddress };
}

function adapterOfController(controller: Controller, at: number, sources: AdapterSources): GpuAdapter {
  const { name, vendor, busAddress } = controller;
  const key = busAddress ?? `${name}#${String(at)}`;
  if (vendor === 'nvidia') return { ...driverlessNvidia(name, busAddress, sources), key, source: 'systeminformation' };
  if (vendor === 'apple') return appleGpu(name, key, appleGpuBudgetGb(sources.system.totalGb, sources.appleWiredLimitMib));
  // On Linux `vram` is the largest PCI window: 32 GB on a card with 24 GB.
  const memoryGb = sources.onLinux ? null : controller.memoryGb;
  return {
    ...assessed({ name, vendor, memoryGb, sharedGb: null, driverBound: true }, 'systeminformation', NOTHING_REPORTED),
    key,
    busAddress,
  };
}

function driverlessNvidia(name: string, busAddress: string | null, { nvidia }: AdapterSources): GpuAdapter {
  const driverFault = nvidia.faults.find((fault) => fault.busAddress === null) ?? null;
  const broken = brokenNvidia(name, busAddress, driverFault?.code ?? null, driverFault?.detail ?? null);
  if (nvidia.outcome !== 'not_installed') return broken;
  return { ...broken, verdict: { accepted: false, code: 'no_nvidia_smi', detail: null } };
}

/** An adapter without key and address, accepted or refused by the general rules. */
function assessed(candidate: AdapterFacts, source: AdapterSource, live: GpuLive): Omit<GpuAdapter, 'key'> {
  const { verdict, memoryGb, unifiedMemory } = assess(candidate);
  return {
    index: null,
    uuid: null,
    name: candidate.name,
    vendor: candidate.vendor,
    busAddress: null,
    memoryGb,
    unifiedMemory,
    driverVersion: null,
    mig: false,
    migInstances: [],
    simulated: false,
    verdict,
    available: verdict.accepted,
    unavailableCode: null,
    live,
    source,
  };
}

function appleGpu(name: string, key: string, budgetGb: number): GpuAdapter {
  const candidate: AdapterFacts = { name, vendor: 'apple', memoryGb: budgetGb, sharedGb: null, driverBound: true };
  const live = { ...NOTHING_REPORTED, memoryTotalGb: known(budgetGb) };
  return { ...assessed(candidate, 'systeminformation', live), key, unifiedMemory: true };
}

/** An accepted adapter keeps its previous index, else gets nvidia-smi's, else the next free one. Indexes are unique. */
export function numberAdapters(adapters: readonly GpuAdapter[], before: readonly GpuAdapter[]): readonly GpuAdapter[] {
  const previous = new Map(before.map((adapter) => [adapter.key, adapter.index]));
  const offered = adapters.filter((adapter) => adapter.verdict.accepted);
  const assigned = new Map<string, number>();
  const taken = new Set<number>();
  const assign = (preferred: (adapter: GpuAdapter) => number | null): void => {
    for (const adapter of offered) {
      const index = assigned.has(adapter.key) ? null : preferred(adapter);
      if (index === null || taken.has(index)) continue;
      assigned.set(adapter.key, index);
      taken.add(index);
    }
  };
  assign((adapter) => previous.get(adapter.key) ?? null);
  assign((adapter) => adapter.index);
  assign(() => {
    let next = 0;
    while (taken.has(next)) next += 1;
    return next;
  });
  return adapters.map((adapter) => ({ ...adapter, index: assigned.get(adapter.key) ?? null }));
}
