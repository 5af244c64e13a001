// Finds the processes of model servers on Linux: by the port that they listen on, else by name (a server of another user). A search
// reads all processes, so it runs seldom: when a server is new or its process has ended, and again after a minute without success.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Listener, parseListeners, type ProcessStat } from '../parse/linux-processes';
import type { PoolServer } from '../parse/pool-sample';
import { readLink, readNames, readProcess } from './process-trees';

const SEARCH_INTERVAL_MS = 60_000;
/** They listen on the port of a server that runs in a container or behind them. */
const FORWARDERS: ReadonlySet<string> = new Set(['docker-proxy', 'rootlessport', 'conmon', 'slirp4netns', 'pasta', 'ssh', 'sshd']);

interface Found {
  readonly roots: readonly ProcessStat[];
  readonly searchedAtMonotonicMs: number;
}

export class ServerFinder {
  #found: ReadonlyMap<string, Found> = new Map();

  /** The pids of each server. Empty: not found. Servers that are not named any more are forgotten. */
  find(procRoot: string, servers: readonly PoolServer[]): ReadonlyMap<string, readonly number[]> {
    const found = new Map(servers.map((server) => [`${server.id} ${String(server.port)}`, this.#findOne(procRoot, server)]));
    this.#found = found;
    return new Map(servers.map((server) => [server.id, rootsOf(found.get(`${server.id} ${String(server.port)}`))]));
  }

  #findOne(procRoot: string, server: PoolServer): Found {
    const known = this.#found.get(`${server.id} ${String(server.port)}`);
    const nowMonotonicMs = performance.now();
    if (known !== undefined) {
      const isAlive = known.roots.length > 0 && known.roots.every((root) => isSame(root, readProcess(procRoot, root.pid)));
      const isRecent = known.roots.length === 0 && nowMonotonicMs - known.searchedAtMonotonicMs < SEARCH_INTERVAL_MS;
      if (isAlive || isRecent) return known;
    }
    return { roots: search(procRoot, server), searchedAtMonotonicMs: nowMonotonicMs };
  }
}

const rootsOf = (found: Found | undefined): readonly number[] => found?.roots.map(({ pid }) => pid) ?? [];
const isSame = (before: ProcessStat, now: ProcessStat | null): boolean => now?.startTicks === before.startTicks;

/** The name of a program that listens on the port. Null: not found, as a program of another user. */
export function programOnPort(procRoot: string, port: number): string | null {
  const [found] = listeningProcesses(procRoot, port, pidsOf(procRoot));
  if (found === undefined) return null;
  // A process may change its own name, as Node.js does.
  const file = readLink(join(procRoot, String(found.pid), 'exe')).replace(/ \(deleted\)$/, '');
  return basename(file) || found.name;
}

function listeningProcesses(procRoot: string, port: number, pids: readonly string[]): readonly ProcessStat[] {
  const listeners = ['tcp', 'tcp6'].flatMap((file) => parseListeners(readTable(join(procRoot, 'net', file)), port));
  return processesOf(
    procRoot,
    pids.filter((pid) => holdsSocket(join(procRoot, pid, 'fd'), listeners)),
  );
}

const pidsOf = (procRoot: string): readonly string[] => readNames(procRoot).filter((name) => /^\d+$/.test(name));

function search(procRoot: string, server: PoolServer): readonly ProcessStat[] {
  const pids = pidsOf(procRoot);
  const byPort = listeningProcesses(procRoot, server.port, pids).filter(({ name }) => !FORWARDERS.has(name.toLowerCase()));
  const roots = byPort.length > 0 ? byPort : processesOf(procRoot, pids).filter(({ name }) => isNamed(server, name));
  return roots.map((root) => topmost(procRoot, root, server));
}

const processesOf = (procRoot: string, pids: readonly string[]): readonly ProcessStat[] =>
  pids.map((pid) => readProcess(procRoot, Number(pid))).filter((process) => process !== null);

function holdsSocket(folder: string, listeners: readonly Listener[]): boolean {
  const targets = new Set(listeners.map(({ inode }) => `socket:[${inode}]`));
  return targets.size > 0 && readNames(folder).some((name) => targets.has(readLink(join(folder, name))));
}

/** The kernel cuts names to 15 characters. */
const KERNEL_NAME_LENGTH = 15;
const isNamed = ({ processNames }: PoolServer, name: string): boolean =>
  processNames.some((known) => known.slice(0, KERNEL_NAME_LENGTH) === name.toLowerCase());

/** A server may listen in a child of its main process, which has the same name. */
function topmost(procRoot: string, process: ProcessStat, server: PoolServer): ProcessStat {
  const parent = readProcess(procRoot, process.parentPid);
  return parent !== null && isNamed(server, process.name) && isNamed(server, parent.name) ? topmost(procRoot, parent, server) : process;
}

const MAX_TABLE_CHARACTERS = 4 * 1024 * 1024;

function readTable(path: string): string {
  try {
    return readFileSync(path, 'latin1').slice(0, MAX_TABLE_CHARACTERS);
  } catch {
    return '';
  }
}
