// Entry of the probing process (out/main/hardware-probe.js): everything that may hang happens here, where it can be killed.
// It answers requests one by one id, starts nothing by itself, and ends with its parent.
import si from 'systeminformation';
import { mapControllers } from '../parse/controllers';
import { identifyMachine, measureMachine, readAppleWiredLimitMib } from './machine';
import { NO_NVIDIA, type NvidiaProbe } from '../decide/nvidia-fault';
import { NvidiaSmi } from './nvidia-smi';
import { detailOf } from '../parse/reading';
import type { ControllersSample, LoadSample, ProbeAnswers, ProbeReply, ProbeRequest } from './probe-messages';
import { mapProcesses } from '../parse/processes';
import { withinMs } from './run-command';
import { readPciDisplays } from './sysfs';
import type { PciDisplay } from '../parse/sysfs-adapters';
import type { ProbeTrace } from '../parse/types';

const SYSFS_MS = 3000;
const PROCESSES_MS = 4000;

type LoadRequest = Extract<ProbeRequest, { kind: 'load' }>;

async function sampleLoad(nvidiaSmi: NvidiaSmi, { settings, ignoreBackoff }: LoadRequest): Promise<LoadSample> {
  if (!settings.lookForGpus) return { nvidia: NO_NVIDIA, pci: [], machine: await measureMachine(settings.diskPath), trace: [] };
  const question = { timeoutMs: settings.nvidiaTimeoutMs, procRoot: settings.procRoot, ignoreBackoff };
  const onLinux = process.platform === 'linux';
  const [nvidia, pci, machine] = await Promise.all([
    timed(nvidiaSmi.ask(question)),
    timed(onLinux ? withinMs(SYSFS_MS, readPciDisplays(settings.sysfsRoot), 'timeout' as const) : Promise.resolve(null)),
    measureMachine(settings.diskPath),
  ]);
  return {
    nvidia: nvidia.value,
    pci: Array.isArray(pci.value) ? pci.value : [],
    machine,
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
  const seen = pci.map((device) => `${device.busAddress} ${device.driver ?? 'no driver'}`).join(', ');
  return { ...trace, outcome: pci.length > 0 ? 'found' : 'nothing', detail: seen === '' ? null : seen };
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
  const controllers = mapControllers(graphics.value.value);
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
  mapProcesses(
    await withinMs(
      PROCESSES_MS,
      si.processes().catch(() => null),
      null,
    ),
  );

async function timed<Value>(answer: Promise<Value>): Promise<{ readonly value: Value; readonly durationMs: number }> {
  const startMs = performance.now();
  const value = await answer;
  return { value, durationMs: Math.round(performance.now() - startMs) };
}

async function answer(nvidiaSmi: NvidiaSmi, request: ProbeRequest): Promise<ProbeReply> {
  const { id } = request;
  try {
    switch (request.kind) {
      case 'load':
        return { id, ok: true, value: await sampleLoad(nvidiaSmi, request) };
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

/** Electron's utility process has a port to its parent instead of Node's channel. Only this much of it is used. */
interface ParentPort {
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

/** The parent is gone: end this process and what it waits for. It leads a group of its own on Unix, unless somebody started it by hand. */
function endWithEverything(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.exit(0);
  }
}

function serve(): void {
  const nvidiaSmi = new NvidiaSmi();
  const handle = (request: unknown, reply: (message: ProbeReply) => void): void => {
    void answer(nvidiaSmi, request as ProbeRequest).then(reply);
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
  process.on('disconnect', endWithEverything);
}

serve();
