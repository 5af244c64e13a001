// A folder like Linux's /proc, with the processes, sockets and open files that a test writes.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeProcess {
  readonly pid: number;
  readonly parentPid?: number;
  readonly name?: string;
  readonly startTicks?: number;
  readonly ownTicks?: number;
  readonly endedTicks?: number;
  /** The children of each thread. */
  readonly threads?: readonly (readonly number[])[];
  /** Open files: the target of each, and the text of its fdinfo. Null: another user's, not readable. */
  readonly files?: readonly { readonly target: string; readonly info?: string }[] | null;
}

export class FakeProc {
  readonly root = mkdtempSync(join(tmpdir(), 'muster-proc-'));

  write(process: FakeProcess): void {
    const { pid, parentPid = 1, name = 'x', startTicks = pid, ownTicks = 0, endedTicks = 0, threads = [[]], files = [] } = process;
    const folder = join(this.root, String(pid));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'fdinfo'), { recursive: true });
    const fields = ['S', parentPid, 0, 0, 0, 0, 0, 0, 0, 0, 0, ownTicks, 0, endedTicks, 0, 20, 0, 1, 0, startTicks, 0];
    writeFileSync(join(folder, 'stat'), `${String(pid)} (${name}) ${fields.join(' ')}\n`);
    for (const [thread, children] of threads.entries()) {
      const task = join(folder, 'task', String(pid + thread));
      mkdirSync(task, { recursive: true });
      writeFileSync(join(task, 'children'), children.map((child) => `${String(child)} `).join(''));
    }
    if (files === null) return;
    mkdirSync(join(folder, 'fd'));
    for (const [file, { target, info }] of files.entries()) {
      symlinkSync(target, join(folder, 'fd', String(file)));
      writeFileSync(join(folder, 'fdinfo', String(file)), info ?? 'pos: 0\n');
    }
  }

  end(pid: number): void {
    rmSync(join(this.root, String(pid)), { recursive: true, force: true });
  }

  /** The listening sockets, by inode. */
  listen(ports: Readonly<Record<string, number>>): void {
    mkdirSync(join(this.root, 'net'), { recursive: true });
    const rows = Object.entries(ports).map(
      ([inode, port]) =>
        `   0: 0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A 0:0 00:0 0  998  0 ${inode} 1`,
    );
    writeFileSync(join(this.root, 'net/tcp'), ['  sl  local_address', ...rows, ''].join('\n'));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
