// The limits of a key for the requests of its program that run a model (ADR 0047). Null or absent: no limit.
import { z } from 'zod';

/** What requests get that have no priority of their own. Absent: `normal`. */
export const PRIORITY_CLASSES = { high: 10, normal: 0, low: -10 } as const;
export type PriorityClass = keyof typeof PRIORITY_CLASSES;
export const PRIORITY_NAMES = ['high', 'normal', 'low'] as const satisfies readonly PriorityClass[];

/** The largest value of each limit that is a number. The smallest one is 1. */
export const PROGRAM_LIMITS = {
  requests_per_minute: 1_000_000,
  tokens_per_minute: 1_000_000_000,
  max_at_once: 100_000,
  tokens_per_day: 1_000_000_000_000,
} as const;
export type ProgramLimitName = keyof typeof PROGRAM_LIMITS;
export const PROGRAM_LIMIT_NAMES = [
  'requests_per_minute',
  'tokens_per_minute',
  'max_at_once',
  'tokens_per_day',
] as const satisfies readonly ProgramLimitName[];

const limit = (name: ProgramLimitName) => z.number().int().min(1).max(PROGRAM_LIMITS[name]).nullish();

/** A key that was made by an earlier version has none of these fields. */
export const programLimitFields = {
  requests_per_minute: limit('requests_per_minute'),
  tokens_per_minute: limit('tokens_per_minute'),
  max_at_once: limit('max_at_once'),
  tokens_per_day: limit('tokens_per_day'),
  priority: z.enum(PRIORITY_NAMES).nullish(),
};

/** What a program uses now. */
export const keyUseSchema = z.object({
  /** Requests that have not ended. */
  at_once: z.number().int().min(0),
  /** Of requests that ended, since midnight in UTC. */
  tokens_today: z.number().int().min(0),
  /** Estimates for the requests that have not ended. Absent: a scheduler of an earlier version. */
  tokens_reserved: z.number().int().min(0).optional(),
});
export type KeyUse = Readonly<z.infer<typeof keyUseSchema>>;

/** How much of a limit is used. */
export const limitUseSchema = z.object({
  limit: z.enum(PROGRAM_LIMIT_NAMES),
  max: z.number(),
  /** By requests that ended; of `max_at_once` the open ones. More than `max`: a request was larger than its estimate. */
  used: z.number(),
  /** Estimated tokens of open requests. They become used ones, or free again, when the requests end. */
  reserved: z.number(),
  left: z.number(),
  /** Until nothing is used, when no other request comes. Null: when open requests end. */
  resets_in_seconds: z.number().nullable(),
});
export type LimitUse = Readonly<z.infer<typeof limitUseSchema>>;

/**
 * The details of `LIMIT_REACHED`. `found`: the present use, `reserved`: its part for open requests, `wanted`: the estimated tokens of the
 * request itself. `retry_after_seconds`: when the key may go on. Each is left out if unknown.
 */
export const limitDetails = ({ limit, max, found, reserved, wanted, retryAfterSeconds }: LimitFacts) => ({
  limit,
  max,
  ...(found == null ? {} : { found }),
  ...(reserved == null ? {} : { reserved }),
  ...(wanted == null ? {} : { wanted }),
  ...(retryAfterSeconds == null ? {} : { retry_after_seconds: retryAfterSeconds }),
});

interface LimitFacts {
  readonly limit: string;
  readonly max: number;
  readonly found?: number | null;
  readonly reserved?: number | null;
  readonly wanted?: number | null;
  readonly retryAfterSeconds?: number | null;
}

/**
 * A request is over a limit of its key. `found`: the present use, in the unit of the limit. `reserved`: its part for open requests. `wanted`:
 * the estimated tokens of the request itself, for the limits of tokens.
 */
export interface ProgramLimitReached {
  readonly limit: ProgramLimitName;
  readonly max: number;
  readonly found: number;
  readonly reserved: number;
  readonly wanted?: number;
  readonly retryAfterSeconds: number;
}
