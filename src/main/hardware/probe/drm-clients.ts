// Reads the GPU time and memory of processes from the fdinfo of Linux. It looks at each open file, so it runs while a pool job runs, while
// the owner looks at the list of processes, and otherwise seldom.
import { join } from 'node:path';
import { type DrmClient, parseDrmFdinfo } from '../parse/drm-fdinfo';
import type { GpuClient, ProcessGroup, ProgramClient } from '../parse/pool-sample';
import { readLink, readNames, readProcess, readSmallFile } from './process-trees';

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

/** Limits of one list: processes that are read, and device files in the answer. */
const MAX_PROCESSES = 4096;
const MAX_PROGRAM_CLIENTS = 512;

/** The device files of all processes that this user may read. `groupOf`: the group of a process of the pool. */
export function readProgramClients(procRoot: string, groupOf: (pid: number) => string | null): readonly ProgramClient[] {
  const clients = new Map<string, ProgramClient>();
  const pids = readNames(procRoot).filter((name) => /^\d{1,10}$/.test(name));
  for (const pid of pids.slice(0, MAX_PROCESSES).map(Number)) {
    for (const client of deviceFilesOf(join(procRoot, String(pid)))) {
      const key = `${client.busAddress} ${client.clientId}`;
      if (clients.has(key) || clients.size >= MAX_PROGRAM_CLIENTS) continue;
      const name = readProcess(procRoot, pid)?.name;
      if (name !== undefined) clients.set(key, { ...client, group: groupOf(pid), pid, name });
    }
  }
  return [...clients.values()];
}

const deviceFilesOf = (folder: string): readonly DrmClient[] =>
  readNames(join(folder, 'fd')).flatMap((file) => {
    if (!readLink(join(folder, 'fd', file)).startsWith(DEVICES)) return [];
    const client = parseDrmFdinfo(readSmallFile(join(folder, 'fdinfo', file)) ?? '');
    return client === null ? [] : [client];
  });
