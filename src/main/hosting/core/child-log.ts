// What the log of a supervised scheduler tells its supervisor: where it listens, or why it does not start. Pure.
// The log is the program's own (lifecycle §4), but a line may be anything: what is not understood says nothing.
import { z } from 'zod';

const listeningSchema = z.object({ event: z.literal('scheduler_listening'), port: z.number().int().min(1).max(65_535) });
const failedSchema = z.object({ event: z.literal('start_failed'), code: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/) });

export type ChildNews = { readonly type: 'listening'; readonly port: number } | { readonly type: 'failed'; readonly code: string };

export function readChildLine(line: string): ChildNews | null {
  if (!line.startsWith('{')) return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const listening = listeningSchema.safeParse(value);
  if (listening.success) return { type: 'listening', port: listening.data.port };
  const failed = failedSchema.safeParse(value);
  return failed.success ? { type: 'failed', code: failed.data.code } : null;
}

/** Exit code 3 is "config invalid" (api §3); everything else unannounced is a crash. */
export const hostErrorOf = (announced: string | null, exitCode: number | null): string =>
  announced ?? (exitCode === 3 ? 'CONFIG_INVALID' : 'CRASHED');

/** What may pass by itself: the rest wants its owner, and starting again changes nothing about it. */
const TRANSIENT = ['CRASHED', 'PORT_IN_USE', 'DATABASE_LOCKED'];
export const isPermanent = (code: string): boolean => !TRANSIENT.includes(code);
