// Whether processes that a test knows by number still live.
import { readFileSync } from 'node:fs';

/** One that has ended and that nobody has asked for yet (a zombie) does not live. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}
