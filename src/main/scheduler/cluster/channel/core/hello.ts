// What a leader and its replicas say before a channel is open.
import { z } from 'zod';
import { isToken } from '../../bus/core/subjects';
import { jsonBytes, jsonIn } from './record';

/** The leader, every `HELLO_INTERVAL_MS`. */
export const HELLO_SUBJECT = 'leader.hello';
/** A replica asks for a channel. */
export const OPEN_SUBJECT = 'leader.open';

export const HELLO_INTERVAL_MS = 500;

const tokenSchema = z.string().refine(isToken);

/**
 * `epoch`: of the lease of the leader. `leader`: a token of its term. After the promotion of an asynchronous standby two members can have the same
 * epoch until the former one gives up.
 */
export const helloSchema = z.object({ epoch: z.number().int().nonnegative(), leader: tokenSchema.optional() });
export type Hello = z.infer<typeof helloSchema>;

/** `replica`: a token that differs in each run of a member. `up`: the stream from the replica to the leader. */
export const openingSchema = helloSchema.extend({ replica: tokenSchema, up: tokenSchema, down: tokenSchema });
export type Opening = z.infer<typeof openingSchema>;

export const encodeJson = (value: Hello | Opening): Uint8Array => jsonBytes(value);

/** Null: not of this form. */
export const decodeJson = <Value>(schema: z.ZodType<Value>, bytes: Uint8Array): Value | null =>
  schema.safeParse(jsonIn(bytes)).data ?? null;
