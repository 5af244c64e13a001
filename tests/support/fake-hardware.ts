// Hardware that the test controls, behind the agent's port.
import type { HardwarePort } from '../../src/main/agent/hardware-poller';
import type { PoolUse } from '../../src/main/hardware/parse/pool-sample';
import { type SimulatedGpu, simulatedAdapters } from '../../src/main/hardware/decide/simulated';
import { known, NOTHING_REPORTED } from '../../src/main/hardware/parse/reading';
import type { GpuAdapter, GpuFaultCode, GpuShare, HardwareReport, LoadReport } from '../../src/main/hardware/parse/types';

export function gpu(fields: Partial<GpuAdapter> = {}): GpuAdapter {
  return {
    key: 'GPU-a',
    index: 0,
    uuid: 'GPU-a',
    name: 'Test GPU',
    vendor: 'nvidia',
    busAddress: '0000:01:00.0',
    memoryGb: 24,
    unifiedMemory: false,
    driverVersion: '580.1',
    mig: false,
    migInstances: [],
    simulated: false,
    verdict: { accepted: true },
    available: true,
    unavailableCode: null,
    live: { ...NOTHING_REPORTED, utilizationPercent: known(0), memoryUsedGb: known(1), memoryTotalGb: known(24) },
    source: 'nvidia-smi',
    ...fields,
  };
}

export class FakeHardware implements HardwarePort {
  adapters: readonly GpuAdapter[] = [gpu()];
  /** Set: no GPU is usable, for this reason. */
  fault: GpuFaultCode | null = null;
  /** Names of processes that are alive. Null: unknown. */
  alive: readonly string[] | null = [];
  /** The driver reports a card that the inventory lacks. */
  unknownGpuSeen = false;
  /** The owner's load. Null: unknown. */
  owner: { readonly cpuPercent: number | null; readonly gpuPercent: number | null } = { cpuPercent: 12, gpuPercent: 0 };
  cpuPercent = 12;
  memPercent = 34;
  /** Of the last call of `load`. */
  use: PoolUse | null = null;
  /** The age of the figures: above 0, the probe is slow. */
  ageMs = 0;
  inventories = 0;
  loads = 0;
  /** Set: answers wait for it. */
  hold: Promise<void> | null = null;

  async inventory(): Promise<HardwareReport> {
    this.inventories++;
    if (this.hold !== null) await this.hold;
    return {
      adapters: this.adapters,
      faults: [],
      trace: [],
      cpuCores: 8,
      cpuModel: 'Test CPU',
      memoryGb: 32,
      platform: 'linux',
      osName: 'Test OS',
    };
  }

  /** The parts of the pool and of the owner. */
  share: Omit<GpuShare, 'key'> = { ownerPercent: 0, ownerMeanPercent: 0, poolMemoryGb: 0, programs: null };
  /** Whether the owner looked at the programs at the last call of `load`. */
  isViewed = false;

  shareOf(key: string): GpuShare {
    return { key, ...this.share };
  }

  async load(use?: PoolUse, isViewed = false): Promise<LoadReport> {
    this.loads++;
    this.use = use ?? null;
    this.isViewed = isViewed;
    if (this.hold !== null) await this.hold;
    const gpus = this.adapters
      .filter((adapter) => adapter.verdict.accepted)
      .map(({ key, live }) => ({ key, available: this.fault === null, unavailableCode: this.fault, live }));
    return {
      cpuPercent: this.cpuPercent,
      ownerCpuPercent: this.owner.cpuPercent,
      ownerGpuPercent: this.owner.gpuPercent,
      memPercent: this.memPercent,
      diskFreeGb: 100,
      gpus,
      shares: gpus.map(({ key }) => this.shareOf(key)),
      faults: [],
      unknownGpuSeen: this.unknownGpuSeen,
      takenMs: 40,
      ageMs: this.ageMs,
    };
  }

  /** The adapters while none are simulated. */
  #real: readonly GpuAdapter[] | null = null;

  async simulate(gpus: readonly SimulatedGpu[]): Promise<void> {
    if (this.hold !== null) await this.hold;
    const real = this.#real ?? this.adapters;
    this.#real = gpus.length === 0 ? null : real;
    this.adapters = gpus.length === 0 ? real : simulatedAdapters(gpus);
  }

  processesAlive(names: readonly string[]): Promise<ReadonlySet<string> | null> {
    return Promise.resolve(this.alive === null ? null : new Set(names.filter((name) => this.alive?.includes(name))));
  }
}
