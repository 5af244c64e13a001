// Parses the log of a supervised scheduler: the port it listens on, or why it does not start. Pure.
// Any line may come (lifecycle §4). Unknown lines are ignored.
import { z } from 'zod';
import { parseJson } from '../../../shared/json';

const listeningSchema = z.object({
  event: z.literal('scheduler_listening'),
  port: z.number().int().min(1).max(65_535),
  /** Absent in the log of a scheduler on loopback. */
  secure: z.boolean().default(false),
  pin: z.string().nullable().default(null),
  certificate_name: z.string().nullable().default(null),
});
const failedSchema = z.object({ event: z.literal('start_failed'), code: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/) });

export interface Listening {
  readonly port: number;
  /** How clients on other computers connect: with TLS, the pin of the CA, and the name of a certificate of the owner. */
  readonly secure: boolean;
  readonly pin: string | null;
  readonly certificateName: string | null;
}

export type ChildEvent = ({ readonly type: 'listening' } & Listening) | { readonly type: 'failed'; readonly code: string };

export function parseChildLine(line: string): ChildEvent | null {
  if (!line.startsWith('{')) return null;
  const value = parseJson(line);
  const listening = listeningSchema.safeParse(value);
  if (listening.success) {
    const { port, secure, pin, certificate_name: certificateName } = listening.data;
    return { type: 'listening', port, secure, pin, certificateName };
  }
  const failed = failedSchema.safeParse(value);
  return failed.success ? { type: 'failed', code: failed.data.code } : null;
}

/** The code that the scheduler logged. Without one, exit code 3 is an invalid configuration (api §3), any other one a crash. */
export const hostErrorOf = (loggedCode: string | null, exitCode: number | null): string =>
  loggedCode ?? (exitCode === 3 ? 'CONFIG_INVALID' : 'CRASHED');

/** Errors that may not occur at the next start. All others need the owner, so a restart is useless. */
const TRANSIENT = ['CRASHED', 'PORT_IN_USE', 'DATABASE_LOCKED'];
export const isPermanent = (code: string): boolean => !TRANSIENT.includes(code);
