// Everything that was seen, from every source -> one list of adapters, each once, accepted or refused. Pure.
import { numberAdapters } from './adapter-numbers';
import { appleGpuBudgetGb } from '../parse/apple';
import type { Controller } from '../parse/controllers';
import { brokenNvidia, nvidiaAdapters, type SystemMemory, uniqueBy } from './nvidia-adapters';
import type { NvidiaProbe } from './nvidia-fault';
import { known, NOTHING_REPORTED } from '../parse/reading';
import { type PciDisplay, pciLive } from '../parse/sysfs-adapters';
import type { AdapterSource, GpuAdapter, GpuLive } from '../parse/types';
import { type Candidate, judge } from './verdict';

export interface Sightings {
  readonly nvidia: NvidiaProbe;
  /** Linux: what the kernel lists. Empty elsewhere, and where /sys isn't mounted. */
  readonly pci: readonly PciDisplay[];
  readonly controllers: readonly Controller[];
  readonly onLinux: boolean;
  readonly system: SystemMemory;
  /** macOS: `iogpu.wired_limit_mb`. */
  readonly appleWiredLimitMib: number | null;
}

const MOST_ADAPTERS = 64;

/** NVIDIA's own word first, then the kernel's list, then systeminformation for what neither shows. */
export function composeAdapters(seen: Sightings): readonly GpuAdapter[] {
  const nvidia = nvidiaAdapters(seen.nvidia, seen.system);
  const taken = new Set(nvidia.map((adapter) => adapter.busAddress));
  const pci = seen.pci.filter((device) => !taken.has(device.busAddress)).map((device) => fromPci(device, seen));
  const rest = seen.controllers
    .filter((controller) => !isAlreadySeen(controller, seen, nvidia))
    .map((controller, at) => fromController(controller, at, seen));
  return numberAdapters(uniqueBy([...nvidia, ...pci, ...rest], (adapter) => adapter.key).slice(0, MOST_ADAPTERS), []);
}

/**
 * systeminformation repeats cards under other addresses: OpenCL's decimal bus numbers (`65:00.0` for 0x41), or `00:00.6`.
 * So where the kernel lists devices it alone decides; elsewhere a card of a name that nvidia-smi has shown is that card.
 */
function isAlreadySeen(controller: Controller, seen: Sightings, nvidia: readonly GpuAdapter[]): boolean {
  if (seen.pci.length > 0) return true;
  if (controller.busAddress !== null && nvidia.some((adapter) => adapter.busAddress === controller.busAddress)) return true;
  if (controller.vendor !== 'nvidia') return false;
  return nvidia.some((adapter) => bareName(adapter.name) === bareName(controller.name)) || (seen.onLinux && nvidia.length > 0);
}

const bareName = (name: string): string => name.toLowerCase().replace(/nvidia|\(.*?\)|[^a-z0-9]+/g, '');

function fromPci(device: PciDisplay, seen: Sightings): GpuAdapter {
  const named = seen.controllers.find((controller) => controller.busAddress === device.busAddress)?.name ?? null;
  const maker = { nvidia: 'NVIDIA', amd: 'AMD', intel: 'Intel', apple: 'Apple', other: 'Unknown' }[device.vendor];
  const name = device.name ?? named ?? device.virtualMaker ?? device.displayMaker ?? `${maker} GPU ${device.deviceId}`;
  if (device.vendor === 'nvidia') return { ...driverlessNvidia(name, device.busAddress, seen), source: 'sysfs' };
  const candidate: Candidate = { ...device, name, memoryGb: device.vramGb, driverBound: device.driver !== null };
  const uuid = device.uniqueId === null ? null : `GPU-${device.uniqueId}`;
  const adapter = judged(candidate, 'sysfs', device.live);
  return { ...adapter, live: pciLive(device, adapter.memoryGb), key: uuid ?? device.busAddress, uuid, busAddress: device.busAddress };
}

function fromController(controller: Controller, at: number, seen: Sightings): GpuAdapter {
  const { name, vendor, busAddress } = controller;
  const key = busAddress ?? `${name}#${String(at)}`;
  if (vendor === 'nvidia') return { ...driverlessNvidia(name, busAddress, seen), key, source: 'systeminformation' };
  if (vendor === 'apple') return appleGpu(name, key, appleGpuBudgetGb(seen.system.totalGb, seen.appleWiredLimitMib));
  // Linux: `vram` is the largest PCI window, 32 GB on a card of 24.
  const memoryGb = seen.onLinux ? null : controller.memoryGb;
  return {
    ...judged({ name, vendor, memoryGb, sharedGb: null, driverBound: true }, 'systeminformation', NOTHING_REPORTED),
    key,
    busAddress,
  };
}

function driverlessNvidia(name: string, busAddress: string | null, { nvidia }: Sightings): GpuAdapter {
  const whole = nvidia.faults.find((fault) => fault.busAddress === null) ?? null;
  const detail = whole?.detail ?? (nvidia.outcome === 'not_installed' ? 'nvidia-smi is not installed' : null);
  return brokenNvidia(name, busAddress, whole?.code ?? null, detail);
}

/** An adapter without its key and address, as the general rules judge it. */
function judged(candidate: Candidate, source: AdapterSource, live: GpuLive): Omit<GpuAdapter, 'key'> {
  const { verdict, memoryGb, unifiedMemory } = judge(candidate);
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
  const candidate: Candidate = { name, vendor: 'apple', memoryGb: budgetGb, sharedGb: null, driverBound: true };
  const live = { ...NOTHING_REPORTED, memoryTotalGb: known(budgetGb) };
  return { ...judged(candidate, 'systeminformation', live), key, unifiedMemory: true };
}
