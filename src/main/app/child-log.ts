// What the log of a supervised scheduler tells its supervisor: where it listens, or why it does not start. Pure.
// The log is the program's own (lifecycle §4), but a line may be anything: what is not understood says nothing.
import { z } from 'zod';

const listeningSchema = z.object({ event: z.literal('scheduler_listening'), port: z.number().int().min(1).max(65_535) });
const failedSchema = z.object({ level: z.enum(['error', 'fatal']), code: z.enum(['PORT_IN_USE', 'CONFIG_INVALID', 'DATABASE_UNREADABLE']) });

export type HostErrorCode = z.infer<typeof failedSchema>['code'] | 'CRASHED';

export type ChildNews = { readonly type: 'listening'; readonly port: number } | { readonly type: 'failed'; readonly code: HostErrorCode };

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
export const hostErrorOf = (announced: HostErrorCode | null, exitCode: number | null): HostErrorCode =>
  announced ?? (exitCode === 3 ? 'CONFIG_INVALID' : 'CRASHED');

/** Starting again changes nothing about these. */
export const isPermanent = (code: HostErrorCode): boolean => code === 'CONFIG_INVALID' || code === 'DATABASE_UNREADABLE';
