// The entry of the probe process (out/main/hardware-probe.js). Everything that may hang runs in this process, which can be killed.
// It answers requests by their id, starts nothing by itself, and ends with its parent.
import si from 'systeminformation';
import { parseControllers } from '../parse/controllers';
import { identifyMachine, measureMachine, readAppleWiredLimitMib } from './machine';
import { NO_NVIDIA, type NvidiaProbe } from '../decide/nvidia-fault';
import { NvidiaSmi } from './nvidia-smi';
import { type NvidiaState, PoolSampler } from './pool-sampler';
import { detailOf } from '../parse/reading';
import type { ControllersSample, LoadSample, ProbeAnswers, ProbeReply, ProbeRequest } from './probe-messages';
import { parseProcesses } from '../parse/processes';
import { withinMs } from './run-tool';
import { readPciDisplays } from './sysfs';
import type { PciDisplay } from '../parse/sysfs-adapters';
import type { ProbeTrace } from '../parse/types';

const SYSFS_TIMEOUT_MS = 3000;
const PROCESSES_TIMEOUT_MS = 4000;

type LoadRequest = Extract<ProbeRequest, { kind: 'load' }>;

interface Samplers {
  readonly nvidiaSmi: NvidiaSmi;
  readonly pool: PoolSampler;
}

async function sampleLoad({ nvidiaSmi, pool }: Samplers, { settings, ignoreBackoff, pool: query }: LoadRequest): Promise<LoadSample> {
  const { procRoot } = settings;
  // An error of this sample must not make the GPUs unusable: then the owner's load is unknown.
  const samplePool = (nvidia: NvidiaState) => (query === null ? null : pool.sample(query, procRoot, nvidia).catch(() => null));
  if (!settings.probeGpus) {
    const machine = await measureMachine(settings.diskPath);
    return { nvidia: NO_NVIDIA, pci: [], machine, pool: await samplePool({ path: null, rows: [] }), trace: [] };
  }
  const nvidiaQuery = { timeoutMs: settings.nvidiaTimeoutMs, procRoot, ignoreBackoff };
  const onLinux = process.platform === 'linux';
  const [nvidia, pci, machine] = await Promise.all([
    timed(nvidiaSmi.probe(nvidiaQuery)),
    timed(onLinux ? withinMs(SYSFS_TIMEOUT_MS, readPciDisplays(settings.sysfsRoot), 'timeout' as const) : Promise.resolve(null)),
    measureMachine(settings.diskPath),
  ]);
  return {
    nvidia: nvidia.value,
    pci: Array.isArray(pci.value) ? pci.value : [],
    machine,
    pool: await samplePool({ path: nvidiaSmi.usablePath, rows: nvidia.value.rows }),
    trace: [nvidiaTrace(nvidia.value, nvidia.durationMs), ...(onLinux ? [sysfsTrace(pci.value, pci.durationMs)] : [])],
  };
}

const nvidiaTrace = ({ outcome, detail, rows }: NvidiaProbe, durationMs: number): ProbeTrace => ({
  source: 'nvidia-smi',
  outcome,
  detail: detail ?? (rows.length === 0 ? null : rows.map((row) => row.name).join(', ')),
  durationMs,
});

function sysfsTrace(pci: readonly PciDisplay[] | 'timeout' | null, durationMs: number): ProbeTrace {
  const trace = { source: 'sysfs', durationMs } as const;
  if (pci === 'timeout') return { ...trace, outcome: 'timeout', detail: null };
  if (pci === null) return { ...trace, outcome: 'not_installed', detail: null };
  const devices = pci.map((device) => `${device.busAddress} ${device.driver ?? 'no driver'}`).join(', ');
  return { ...trace, outcome: pci.length > 0 ? 'found' : 'nothing', detail: devices === '' ? null : devices };
}

async function sampleControllers(): Promise<ControllersSample> {
  const [graphics, appleWiredLimitMib] = await Promise.all([
    timed(
      si.graphics().then(
        (value: unknown) => ({ value, failure: null }),
        (error: unknown) => ({ value: null, failure: String(error) }),
      ),
    ),
    readAppleWiredLimitMib(),
  ]);
  const controllers = parseControllers(graphics.value.value);
  const { failure } = graphics.value;
  const names = controllers.map((controller) => controller.name).join(', ');
  const trace: ProbeTrace = {
    source: 'systeminformation',
    outcome: failure !== null ? 'failed' : controllers.length > 0 ? 'found' : 'nothing',
    detail: detailOf(failure ?? names),
    durationMs: graphics.durationMs,
  };
  return { controllers, appleWiredLimitMib, trace: [trace] };
}

const listProcesses = async (): Promise<ProbeAnswers['processes']> =>
  parseProcesses(
    await withinMs(
      PROCESSES_TIMEOUT_MS,
      si.processes().catch(() => null),
      null,
    ),
  );

async function timed<Value>(answer: Promise<Value>): Promise<{ readonly value: Value; readonly durationMs: number }> {
  const startedAtMonotonicMs = performance.now();
  const value = await answer;
  return { value, durationMs: Math.round(performance.now() - startedAtMonotonicMs) };
}

async function answer(samplers: Samplers, request: ProbeRequest): Promise<ProbeReply> {
  const { id } = request;
  try {
    switch (request.kind) {
      case 'load':
        return { id, ok: true, value: await sampleLoad(samplers, request) };
      case 'controllers':
        return { id, ok: true, value: await sampleControllers() };
      case 'identity':
        return { id, ok: true, value: await identifyMachine() };
      case 'processes':
        return { id, ok: true, value: await listProcesses() };
    }
  } catch (error) {
    return { id, ok: false, detail: detailOf(String(error)) ?? 'unknown error' };
  }
}

/** The part of Electron's `parentPort` that this file uses. A utility process has it instead of Node's IPC channel. */
interface ParentPort {
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

/** The parent has ended: kills this process and its children. On Unix it leads its own group, unless a person started it. */
function endProcessGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.exit(0);
  }
}

function serve(): void {
  const samplers = { nvidiaSmi: new NvidiaSmi(), pool: new PoolSampler() };
  const handle = (request: unknown, reply: (message: ProbeReply) => void): void => {
    void answer(samplers, request as ProbeRequest).then(reply);
  };
  const port = (process as { parentPort?: ParentPort }).parentPort;
  if (port !== undefined) {
    port.on('message', ({ data }) => {
      handle(data, (message) => {
        port.postMessage(message);
      });
    });
    return;
  }
  process.on('message', (request) => {
    handle(request, (message) => {
      process.send?.(message);
    });
  });
  process.on('disconnect', endProcessGroup);
}

serve();
