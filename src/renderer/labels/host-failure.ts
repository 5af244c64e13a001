// What the last log lines of the own scheduler say about its failure. Pure.
import { z } from 'zod';
import type { HostView } from '../../shared/api/app-state';
import { parseJson } from '../../shared/json';

export const PORT_ERRORS = ['PORT_IN_USE', 'PORT_NOT_PERMITTED'] as const;
export type PortError = (typeof PORT_ERRORS)[number];

const startFailedSchema = z.object({
  event: z.literal('start_failed'),
  code: z.enum(PORT_ERRORS),
  port: z.number().int().min(1).max(65_535),
  program: z.string().min(1).max(64).nullable().default(null).catch(null),
});

export interface PortFailure {
  readonly code: PortError;
  /** Null: no log line names it. */
  readonly port: number | null;
  /** The program that has the port. Null: not known. */
  readonly program: string | null;
}

/** Another port helps. Null: the failure has another cause. */
export function portErrorOf({ error_code, last_log_lines }: HostView): PortFailure | null {
  const code = PORT_ERRORS.find((one) => one === error_code);
  if (code === undefined) return null;
  const line = last_log_lines.map((text) => startFailedSchema.safeParse(parseJson(text)).data).findLast((data) => data?.code === code);
  return { code, port: line?.port ?? null, program: line?.program ?? null };
}
