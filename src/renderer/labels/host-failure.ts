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
});

/** Another port helps. `port` is null where no log line names it. Null: the failure has another cause. */
export function portErrorOf({ error_code, last_log_lines }: HostView): { readonly code: PortError; readonly port: number | null } | null {
  const code = PORT_ERRORS.find((one) => one === error_code);
  if (code === undefined) return null;
  const line = last_log_lines.map((text) => startFailedSchema.safeParse(parseJson(text)).data).findLast((data) => data?.code === code);
  return { code, port: line?.port ?? null };
}
