// The records on a channel for newcomers that join by digits.
import { z } from 'zod';

/** From the replica: a newcomer has connected. */
export const JOIN_OPEN = 'join.open';
/** A message of the newcomer, or for it. The body is the text. */
export const JOIN_TEXT = 'join.text';
/** From the replica: the newcomer has left. From the leader: its connection ends. */
export const JOIN_CLOSE = 'join.close';

const id = z.number().int().nonnegative();

export const joinOpenSchema = z.object({
  /** Of the run of the replica. */
  id,
  address: z.string().max(64),
  /** The keying material of the TLS connection, on which the digits depend. */
  exporter: z.string().max(256),
});
export const joinSchema = z.object({ id });
