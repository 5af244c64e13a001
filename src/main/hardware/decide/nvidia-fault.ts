// Interprets a run of nvidia-smi by its output, its exit code and the kernel's list of cards: rows, lost cards, or a driver fault.
import type { GpuFault, GpuFaultCode, MigInstance, ProbeTrace, ToolOutcome } from '../parse/types';
import { type NvidiaField, type NvidiaRow, parseNvidiaCsv } from '../parse/nvidia-csv';
import { normalizeBusAddress } from '../parse/pci';
import { detailOf } from '../parse/reading';

/** A card that the kernel module lists in /proc/driver/nvidia/gpus, even when nvidia-smi cannot reach it. */
export interface KernelGpu {
  readonly busAddress: string;
  readonly name: string | null;
  readonly uuid: string | null;
}

export interface NvidiaProbe {
  readonly outcome: ProbeTrace['outcome'];
  readonly detail: string | null;
  readonly rows: readonly NvidiaRow[];
  readonly faults: readonly GpuFault[];
  readonly kernelGpus: readonly KernelGpu[];
  /** MIG instances by the UUID of their card. */
  readonly migInstances: Readonly<Record<string, readonly MigInstance[]>>;
}

/** The result when nvidia-smi was not run. */
export const NO_NVIDIA: NvidiaProbe = { outcome: 'skipped', detail: null, rows: [], faults: [], kernelGpus: [], migInstances: {} };

/** Exit codes of nvidia-smi's manual page that mean a fault. Messages are more precise and take precedence. */
const FAULT_BY_EXIT_CODE: Readonly<Record<number, GpuFaultCode>> = { 9: 'driver_not_loaded', 12: 'driver_not_loaded', 15: 'gpu_lost' };
const NO_DEVICES_EXIT_CODE = 6;

const FAULT_BY_TEXT: readonly (readonly [RegExp, GpuFaultCode])[] = [
  [/driver\/library version mismatch/i, 'driver_mismatch'],
  [/couldn't communicate with the nvidia driver|driver not loaded/i, 'driver_not_loaded'],
  [/gpu is lost|unable to determine the device handle/i, 'gpu_lost'],
];

const LOST_AT = /device handle for (?:gpu|device)?\s*\d*:?\s*([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])/gi;

/** Whether the driver does not support a queried field. Then the query is repeated with fewer fields. */
export function isUnknownField(run: ToolOutcome): boolean {
  return run.kind === 'exited' && /is not a valid field/i.test(`${run.stdout}\n${run.stderr}`);
}

/**
 * Rows are kept with any exit code, because one lost card must not hide the others. Cards of `kernelGpus` without a row are lost,
 * unless the driver is at fault.
 */
export function interpretNvidia(run: ToolOutcome, fields: readonly NvidiaField[], kernelGpus: readonly KernelGpu[]): NvidiaProbe {
  const base = { rows: [], kernelGpus, migInstances: {} } as const;
  switch (run.kind) {
    case 'not_installed':
      return { ...base, outcome: 'not_installed', detail: null, faults: [] };
    case 'timeout':
      return { ...base, outcome: 'timeout', detail: null, faults: [fault('probe_timeout', null)] };
    case 'failed':
      return { ...base, outcome: 'failed', detail: detailOf(run.detail), faults: [fault('probe_failed', detailOf(run.detail))] };
    case 'exited':
      return interpretExit(run, fields, kernelGpus);
  }
}

function interpretExit(run: Exit, fields: readonly NvidiaField[], kernelGpus: readonly KernelGpu[]): NvidiaProbe {
  const { rows, problems } = parseNvidiaCsv(run.stdout, fields);
  const message = rows.length > 0 ? null : detailOf(run.stderr.trim() === '' ? run.stdout : run.stderr);
  const faults = faultsOf(run, rows, message, firstProblem(problems), kernelGpus);
  const outcome = rows.length > 0 ? 'found' : faults.length > 0 ? 'failed' : 'nothing';
  return { outcome, detail: message, rows: hasDriverFault(faults) ? [] : rows, faults, kernelGpus, migInstances: {} };
}

/** Precedence: the driver's message, cards that are named as lost or missing, invalid lines, the exit code. */
function faultsOf(
  run: Exit,
  rows: readonly NvidiaRow[],
  message: string | null,
  problem: string | null,
  kernelGpus: readonly KernelGpu[],
): readonly GpuFault[] {
  const output = `${run.stdout}\n${run.stderr}`;
  const code = FAULT_BY_TEXT.find(([pattern]) => pattern.test(output))?.[1] ?? FAULT_BY_EXIT_CODE[run.code ?? 0] ?? null;
  if (code !== null && code !== 'gpu_lost') return [fault(code, message)];

  const noDevices = run.code === NO_DEVICES_EXIT_CODE || /no devices were found/i.test(output);
  const withRow = new Set(rows.map((row) => row.busAddress));
  const missing = kernelGpus.map((gpu) => gpu.busAddress).filter((address) => !withRow.has(address));
  const named = [...output.matchAll(LOST_AT)].map((match) => normalizeBusAddress(match[1] ?? ''));
  const lost = new Set(
    [...named, ...(rows.length > 0 || noDevices || code === 'gpu_lost' ? missing : [])].filter((address) => address !== null),
  );
  if (lost.size > 0) return [...lost].map((busAddress) => ({ code: 'gpu_lost', busAddress, detail: lineAbout(output, busAddress) }));
  if (code === 'gpu_lost') return [fault('gpu_lost', message ?? problem)];
  if (noDevices) return [];

  if (rows.length === 0 && run.code !== 0) return [fault('probe_failed', message ?? `exit code ${String(run.code)}`)];
  return problem === null ? [] : [fault('unreadable_output', problem)];
}

type Exit = Extract<ToolOutcome, { kind: 'exited' }>;

/** Faults that make the rows invalid. */
const hasDriverFault = (faults: readonly GpuFault[]): boolean =>
  faults.some(({ code }) => code === 'driver_mismatch' || code === 'driver_not_loaded');

const fault = (code: GpuFaultCode, detail: string | null): GpuFault => ({ code, busAddress: null, detail });

function firstProblem(problems: readonly { line: number; problem: string; text: string | null }[]): string | null {
  const [first] = problems;
  return first === undefined ? null : detailOf(`line ${String(first.line)}: ${first.problem}: ${first.text ?? ''}`);
}

/** The line of the output that names this card. */
function lineAbout(output: string, address: string): string | null {
  const short = address.slice(address.indexOf(':'));
  return detailOf(output.split(/\r?\n/).find((line) => line.toLowerCase().includes(short) && !/^\s*\d+\s*,/.test(line)) ?? '');
}

/** The MIG instances in the output of `nvidia-smi -L`, by the UUID of their card. */
export function parseMigInstances(text: string): Readonly<Record<string, readonly MigInstance[]>> {
  const found = new Map<string, MigInstance[]>();
  let card: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    card = /^GPU \d+:.*\(UUID: (GPU-[0-9a-f-]+)\)/i.exec(line)?.[1] ?? card;
    const instance = /^\s+MIG (\S+)\s+Device\s+\d+: \(UUID: (MIG-[0-9A-Za-z/-]+)\)/.exec(line);
    const [, profile, uuid] = instance ?? [];
    if (card === null || profile === undefined || uuid === undefined) continue;
    found.set(card, [...(found.get(card) ?? []), { uuid, profile }]);
  }
  return Object.fromEntries(found);
}

/** Parses `/proc/driver/nvidia/gpus/<address>/information`. Null: the folder's name is not a bus address. */
export function parseKernelGpu(folderName: string, information: string): KernelGpu | null {
  const busAddress = normalizeBusAddress(folderName);
  if (busAddress === null) return null;
  const line = (label: string): string | null => {
    const value = information
      .split(/\r?\n/)
      .find((text) => text.startsWith(`${label}:`))
      ?.slice(label.length + 1)
      .trim();
    return value === undefined || value === '' || value.includes('?') ? null : value.slice(0, 128);
  };
  return { busAddress, name: line('Model'), uuid: line('GPU UUID') };
}
