// Measures the load and reads the names of this machine, in the probe process. Uses Node.js where systeminformation is slow or wrong.
import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import si from 'systeminformation';
import {
  type MachineIdentity,
  type MachineLoad,
  machineLoadOf,
  parseAvailableBytes,
  parseMachineIdentity,
  parseWiredLimitMib,
} from '../parse/machine-facts';
import { runTool, withinMs } from './run-tool';

const DISK_TIMEOUT_MS = 1000;

/** Load since the last call; the first call samples for half a second. Not the library's `df`, which hangs on lost network mounts. */
export async function measureMachine(diskPath: string | null): Promise<MachineLoad> {
  const [load, availableBytes, disk] = await Promise.all([
    si.currentLoad().catch(() => null),
    measureAvailableBytes(),
    diskPath === null
      ? null
      : withinMs(
          DISK_TIMEOUT_MS,
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
  return machineLoadOf(load?.currentLoad, memory, disk === null ? null : disk.bavail * disk.bsize);
}

/** Caches count as available. On Windows the library would start PowerShell, and Node's figure is right. */
async function measureAvailableBytes(): Promise<number> {
  if (process.platform === 'win32') return freemem();
  return parseAvailableBytes(await si.mem().catch(() => null)) ?? freemem();
}

/** Expensive on Windows: called once and on request. */
export async function identifyMachine(): Promise<MachineIdentity> {
  const [cpu, os] = await Promise.all([si.cpu().catch(() => null), si.osInfo().catch(() => null)]);
  return parseMachineIdentity(cpu, os);
}

/** macOS: the owner's memory limit for the GPU, MiB. Null: not set, or another system. */
export async function readAppleWiredLimitMib(): Promise<number | null> {
  if (process.platform !== 'darwin') return null;
  const answer = await runTool('/usr/sbin/sysctl', ['-n', 'iogpu.wired_limit_mb'], { timeoutMs: 1000, maxBytes: 4096 }).outcome;
  return answer.kind === 'exited' && answer.code === 0 ? parseWiredLimitMib(answer.stdout) : null;
}
