// A scheduler's lease and store as a process of its own, which a test can stop and kill.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { build } from 'vite';
import { projectRoot } from '../../scripts/paths.mjs';
import type { LeasePolicy } from '../../src/main/scheduler/cluster/core/lease';
import type { DatabaseTarget } from '../../src/main/scheduler/database/postgres/core/database-url';
import { until } from './until';

export interface MemberEvent {
  readonly event: 'leader' | 'deposed' | 'store_deposed' | 'written';
  readonly epoch?: number;
  readonly reason?: string;
  readonly id?: string;
  readonly isStored?: boolean;
  readonly atMonotonicMs: number;
}

/** One file with all of its modules, as in the command line that is one executable. Resolves to its path. */
export async function buildClusterMember(folder: string): Promise<string> {
  await build({
    root: projectRoot,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: path.join(projectRoot, 'tests/support/cluster-member-entry.ts'),
      outDir: folder,
      emptyOutDir: false,
      target: 'node24',
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'cluster-member.cjs', codeSplitting: false } },
    },
  });
  return path.join(folder, 'cluster-member.cjs');
}

export class ClusterMember {
  readonly events: MemberEvent[] = [];
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;

  constructor(script: string, options: { readonly target: DatabaseTarget; readonly holder: string; readonly policy: LeasePolicy }) {
    const node = [process.execPath, script, JSON.stringify(options)];
    this.#child = spawn('setpriv', ['--pdeathsig', 'KILL', ...node], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.events.push({ ...(JSON.parse(line) as MemberEvent), atMonotonicMs: performance.now() });
    });
  }

  command(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The first event of this kind, from the number `since` on. */
  event(kind: MemberEvent['event'], since = 0, timeoutMs = 20_000): Promise<MemberEvent> {
    return until(`a member to report ${kind}`, () => this.events.slice(since).find(({ event }) => event === kind), timeoutMs);
  }
}
