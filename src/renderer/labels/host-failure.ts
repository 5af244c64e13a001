// Why the own scheduler does not run: its last log lines name the port and its program. Pure.
import { z } from 'zod';
import type { HostView } from '../../shared/api/app-state';
import type { AwaitedHost } from '../../shared/api/own-host';
import { parseJson } from '../../shared/json';
import type { Labels } from '../i18n/use-labels';

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

/** Each start fails. A scheduler that crashed did run. */
export const cannotStart = ({ state, error_code: code }: HostView): boolean =>
  (state === 'failed' || state === 'restarting') && code !== null && code !== 'CRASHED';

/** `port 7080 is used by ollama`, inside a sentence. Null: the cause is no port, or its number is not known. */
export function portCause({ t }: Labels, host: HostView): string | null {
  const found = portErrorOf(host);
  if (found === null || found.port === null) return null;
  const { code, port, program } = found;
  return code === 'PORT_IN_USE' && program !== null
    ? t('pool.port_cause.named', { port, program })
    : t(`pool.port_cause.${code}`, { port });
}

export function stoppedTitle(labels: Labels, host: AwaitedHost): string {
  const { t } = labels;
  if (!cannotStart(host)) return t(`hero.stopped_pool.${host.state}`);
  const cause = portCause(labels, host);
  return cause === null ? t('hero.stopped_pool.cannot_start') : t('hero.stopped_pool.cannot_start_why', { cause });
}
