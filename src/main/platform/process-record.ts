// A file that names the process that wrote it, so that others know whether it still runs.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { uptime } from 'node:os';
import { z } from 'zod';
import { codeOfError } from '../../shared/errors';
import { parseJson } from '../../shared/json';

const recordSchema = z.object({ pid: z.number().int().positive(), process_started_ms: z.number() });
export type ProcessRecord = z.infer<typeof recordSchema>;

const CLOCK_TOLERANCE_MS = 5000;
const MAX_FILE_BYTES = 4096;

/** Of this process. The file may have other fields, too. */
export const processRecord = (): ProcessRecord => ({ pid: process.pid, process_started_ms: processStartedWallMs() });

/** The id of the process that wrote the file. Null: it has ended, or the file is older than the start of this machine or container. */
export function processIn(file: string): number | null {
  const parsed = recordSchema.safeParse(parseJson(smallText(file)));
  if (!parsed.success) return null;
  const { pid, process_started_ms } = parsed.data;
  const writtenAtWallMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const bootedAtWallMs = Date.now() - uptime() * 1000;
  if (writtenAtWallMs < bootedAtWallMs - CLOCK_TOLERANCE_MS) return null;
  // In a restarted container another process may have the same id.
  if (pid === process.pid && Math.abs(process_started_ms - processStartedWallMs()) > CLOCK_TOLERANCE_MS) return null;
  return isAlive(pid) ? pid : null;
}

/** The first 4 KiB of a file. Empty: it cannot be read. */
export function smallText(file: string): string {
  try {
    const handle = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(MAX_FILE_BYTES);
      return bytes.toString('utf8', 0, readSync(handle, bytes));
    } finally {
      closeSync(handle);
    }
  } catch {
    return '';
  }
}

const processStartedWallMs = (): number => Math.round(Date.now() - process.uptime() * 1000);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process runs, under another user.
    return codeOfError(error) === 'EPERM';
  }
}
