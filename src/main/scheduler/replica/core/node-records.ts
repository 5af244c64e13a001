// The records on a channel about the nodes of a replica. `c`: the number of a connection, which the replica gives, once in its life.
import { LOOPBACK_STATES } from '../../../../shared/loopback';
import { z } from 'zod';
import { CLOSE_CODES } from '../../../../shared/protocol/codes';
import { heartbeatGpuSchema, nodeIdSchema, resourceUsageSchema } from '../../../../shared/protocol/node-messages';
import type { NodePrincipal } from '../../members/core/principal';

const connection = z.number().int().nonnegative();
const text = z.string();
const attemptFields = { job_id: text, attempt: z.number().int() };

const isCloseCode = (code: number): boolean => (code >= 4000 && code <= 4999) || Object.values<number>(CLOSE_CODES).includes(code);

/** Who a connection is for. Null: a node that needs no credential. */
const principal = z.object({ kind: z.enum(['owner', 'key', 'member', 'invite']), id: text, nonce_hash: text.optional() }).nullable();
export type WirePrincipal = z.infer<typeof principal>;

export const toWirePrincipal = (node: NodePrincipal | null): WirePrincipal =>
  node === null ? null : { kind: node.kind, id: node.id, ...(node.nonceHash === undefined ? {} : { nonce_hash: node.nonceHash }) };

export const toPrincipal = (wire: WirePrincipal): NodePrincipal | null =>
  wire === null ? null : { kind: wire.kind, id: wire.id, ...(wire.nonce_hash === undefined ? {} : { nonceHash: wire.nonce_hash }) };

/** To the leader: may the sender of this upgrade be a node? */
export const NODE_ADMIT = 'node.admit';
export const admitSchema = z.object({
  q: connection,
  token: text.nullable(),
  remote_address: text.nullable(),
  header_names: z.array(text),
  join_nonce: text.nullable(),
  node_id: text.nullable(),
  node_token: text.nullable(),
  /** What the replica permits its own machine without a key. */
  loopback: z.enum(LOOPBACK_STATES),
});

export type AdmitRecord = z.infer<typeof admitSchema>;

/** The answer. `code`: why not. */
export const NODE_ADMITTED = 'node.admitted';
export const admittedSchema = z.union([
  z.object({ q: connection, code: text }),
  z.object({ q: connection, as: principal, known_as: text.nullable() }),
]);

/** To the leader: the connection exists. `holder`: the credential that an earlier leader found. */
export const NODE_OPEN = 'node.open';
export const openSchema = z.object({ c: connection, remote: text, loopback_end: text.nullable(), as: principal, holder: text.nullable() });

/**
 * To the leader. The body is the message of the node. `asked`: the connection is not read before the answer. `seen`: of a result. `waited_ms`:
 * of a registration, since the replica got it.
 */
export const NODE_MESSAGE = 'node.message';
const seenSchema = z.object({ count: z.number().int().nullable(), has_content: z.boolean() });
export type SeenRecord = z.infer<typeof seenSchema>;
export const messageSchema = z.object({
  c: connection,
  asked: z.boolean().optional(),
  seen: seenSchema.optional(),
  waited_ms: z.number().optional(),
});
export type MessageHead = Omit<z.infer<typeof messageSchema>, 'c'>;

/** The answer to such a message. `entries`: of lists that it replaced. */
export const NODE_HANDLED = 'node.handled';
export const handledSchema = z.object({
  c: connection,
  valid: z.boolean(),
  node_id: nodeIdSchema.nullable(),
  holder: text.nullable(),
  entries: z.number(),
});
export type HandledRecord = z.infer<typeof handledSchema>;

/** To the leader: heartbeats. `same`: after the others, those that report what their node has reported before. */
export const NODE_BEATS = 'node.beats';
const figuresSchema = z.object({ c: connection, usage: resourceUsageSchema, gpus: z.array(heartbeatGpuSchema).nullable() });
export const beatsSchema = z.object({ same: z.array(connection), figures: z.array(figuresSchema) });
export type Figures = Pick<z.infer<typeof figuresSchema>, 'usage' | 'gpus'>;

/** To the leader: the connection has ended. `code`: the close code of the node; null: the replica has closed it. */
export const NODE_CLOSED = 'node.closed';
export const closedSchema = z.object({ c: connection, code: z.number().int().nullable() });

/** To the leader, once for each assignment. `lost`: the connection had ended before it was sent. */
export const NODE_SENT = 'node.sent';
export const sentSchema = z.object({ c: connection, ...attemptFields, lost: z.boolean() });
export type SentRecord = z.infer<typeof sentSchema>;

/** To the node. The body is the message. `ended`: it acknowledges the result of this attempt. `wants_load`: the next heartbeat is urgent. */
export const NODE_SEND = 'node.send';
export const sendSchema = z.object({ c: connection, ended: z.object(attemptFields).optional(), wants_load: z.boolean().optional() });

/** To the node: an assignment. The chunks go to the replica `follower`; null: to the leader. */
export const NODE_ASSIGN = 'node.assign';
export const assignSchema = z.object({ c: connection, ...attemptFields, path: text.nullable(), follower: text.nullable() });

/** The connection must end. */
export const NODE_CLOSE = 'node.close';
export const closeSchema = z.object({ c: connection, code: z.number().int().refine(isCloseCode) });
