// Whether a process is alive, by its process id.
import { readFileSync } from 'node:fs';

/** A zombie, whose exit code no process has read yet, is not alive. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}
