// This machine's load and names, in the probing child: systeminformation where it is cheap and right, Node where it is not.
import { statfs } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import si from 'systeminformation';
import { parseWiredLimitMib } from '../parse/apple';
import {
  availableBytesOf,
  type MachineIdentity,
  type MachineLoad,
  mapMachineIdentity,
  mapMachineLoad,
  usableMemoryBytes,
} from '../parse/machine-facts';
import { gbFromBytes } from '../parse/reading';
import { runCommand, withinMs } from './run-command';

const DISK_MS = 1000;

/** Load since the call before; the first call samples for half a second. `statfs` rather than the library's `df`, which waits for every dead network mount. */
export async function measureMachine(diskPath: string | null): Promise<MachineLoad> {
  const [load, availableBytes, disk] = await Promise.all([
    si.currentLoad().catch(() => null),
    measureAvailableBytes(),
    diskPath === null
      ? null
      : withinMs(
          DISK_MS,
          statfs(diskPath).catch(() => null),
          null,
        ),
  ]);
  const memory = {
    totalBytes: totalmem(),
    availableBytes,
    constrainedBytes: process.constrainedMemory(),
    constrainedAvailableBytes: process.availableMemory(),
  };
  return mapMachineLoad(load?.currentLoad, memory, disk === null ? null : disk.bavail * disk.bsize);
}

/** Caches count as available. On Windows the library would start a PowerShell for it, and Node's own figure is right. */
async function measureAvailableBytes(): Promise<number> {
  if (process.platform === 'win32') return freemem();
  return availableBytesOf(await si.mem().catch(() => null)) ?? freemem();
}

/** Costly on Windows; asked once and on demand. */
export async function identifyMachine(): Promise<MachineIdentity> {
  const [cpu, os] = await Promise.all([si.cpu().catch(() => null), si.osInfo().catch(() => null)]);
  return mapMachineIdentity(cpu, os);
}

/** macOS: what its owner lets the GPU use, MiB; null elsewhere, or when nothing is set. */
export async function readAppleWiredLimitMib(): Promise<number | null> {
  if (process.platform !== 'darwin') return null;
  const answer = await runCommand('/usr/sbin/sysctl', ['-n', 'iogpu.wired_limit_mb'], { timeoutMs: 1000, maxBytes: 4096 }).outcome;
  return answer.kind === 'exited' && answer.code === 0 ? parseWiredLimitMib(answer.stdout) : null;
}

export interface MachineSize {
  readonly cpuCores: number;
  readonly memoryGb: number;
}

/** Answers at once and can't hang, so the parent may ask it itself. A container's limits count. */
export function sizeOfMachine(): MachineSize {
  return { cpuCores: availableParallelism(), memoryGb: gbFromBytes(usableMemoryBytes(totalmem(), process.constrainedMemory())) };
}
