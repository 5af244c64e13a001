// Reads the GPU time of the pool's processes from the fdinfo of Linux. Only while a pool job runs: it looks at each open file.
import { join } from 'node:path';
import { parseDrmFdinfo } from '../parse/drm-fdinfo';
import type { GpuClient, ProcessGroup } from '../parse/pool-sample';
import { readLink, readNames, readSmallFile } from './process-trees';

/** ROCm computes through this file. The driver counts none of that in fdinfo. */
const UNCOUNTED_DEVICE = '/dev/kfd';
const DEVICES = '/dev/dri/';

/** Null: a process computes in a way that is not counted, or belongs to another user. */
export function readGpuClients(procRoot: string, groups: readonly ProcessGroup[]): readonly GpuClient[] | null {
  const clients = new Map<string, GpuClient>();
  for (const { id: group, processes } of groups) {
    for (const { pid, parentPid } of processes) {
      const folder = join(procRoot, String(pid));
      const files = readNames(join(folder, 'fd'));
      // A browser process of the app hides its files. A server of another user hides them as well, from its first process on.
      const isRoot = !processes.some((process) => process.pid === parentPid);
      if (files.length === 0 && isRoot) return null;
      for (const file of files) {
        const target = readLink(join(folder, 'fd', file));
        if (target === UNCOUNTED_DEVICE) return null;
        const client = target.startsWith(DEVICES) ? parseDrmFdinfo(readSmallFile(join(folder, 'fdinfo', file)) ?? '') : null;
        if (client !== null) clients.set(`${client.busAddress} ${client.clientId}`, { group, ...client });
      }
    }
  }
  return [...clients.values()];
}
