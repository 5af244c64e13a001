// The messages of joining by digits (ADR 0022): JSON in text frames of `/ws/join`. Everything in a message is a claim of a stranger,
// bounded and without control characters.
import { z } from 'zod';
import { MAX_CLAIMED_GPUS, newcomerRolesSchema } from '../../../shared/api/join-requests';
import { isRecord, parseJson } from '../../../shared/json';

export const JOIN_SOCKET_PATH = '/ws/join';
/** All bytes that one side sends in one attempt. */
export const MAX_JOIN_BYTES = 4096;
/** An attempt ends after this time, however active its connection is. */
export const JOIN_TIMEOUT_MS = 120_000;
const MAX_CLAIM_LENGTH = 64;
const MAX_ADDRESSES = 8;

/** 32 bytes in base64url. */
const bytes32 = z.string().regex(/^[\w-]{43}$/);
/** Text of people, without control characters, invisible characters and separators of lines. */
export const claimSchema = z
  .string()
  .min(1)
  .max(MAX_CLAIM_LENGTH)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u);

/** The text as a claim: shortened, without refused characters. Null: nothing is left. */
export function toClaim(text: string): string | null {
  const plain = text
    .normalize('NFC')
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .slice(0, MAX_CLAIM_LENGTH)
    // Shortening can split a surrogate pair.
    .replaceAll(/\p{Cs}/gu, '')
    .trim();
  return plain === '' ? null : plain;
}

const claimsShape = {
  name: claimSchema,
  gpus: z.array(z.object({ name: claimSchema, memory_gb: z.number().min(0).max(65_536).nullable() })).max(MAX_CLAIMED_GPUS),
  /** The roles that the newcomer asks for. Absent: an older program, which asks for none. */
  roles: newcomerRolesSchema.default(['node']),
};

const joinerMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), key: z.string().regex(/^[\w-]{80,200}$/), commitment: bytes32 }),
  z.object({ type: z.literal('reveal'), nonce: bytes32, proof: z.string().regex(/^[\w-]{86}$/), ...claimsShape }),
  z.object({ type: z.literal('same') }),
  z.object({ type: z.literal('different') }),
]);

const hostMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('nonce'), nonce: bytes32 }),
  z.object({ type: z.literal('busy'), retry_after_seconds: z.number().int().min(1).max(3600) }),
  z.object({ type: z.literal('denied') }),
  z.object({
    type: z.literal('approved'),
    credential: z.string().regex(/^[\x21-\x7e]{8,256}$/),
    member_id: z.string().regex(/^[\w-]{1,64}$/),
    /** Absent: an older host, where every newcomer is a node. */
    roles: newcomerRolesSchema.default(['node']),
    pool_name: claimSchema,
    /** Hosts of the pool, without ports. */
    addresses: z.array(z.string().regex(/^[\w.:-]{1,64}$/)).max(MAX_ADDRESSES),
  }),
]);

export type JoinerMessage = z.infer<typeof joinerMessageSchema>;
export type HostMessage = z.infer<typeof hostMessageSchema>;
/** The claims of a newcomer about itself. */
export type JoinClaims = Pick<Extract<JoinerMessage, { type: 'reveal' }>, 'name' | 'gpus' | 'roles'>;
export type Approval = Omit<Extract<HostMessage, { type: 'approved' }>, 'type'>;

/** Null: not a message of a joiner. */
export const parseJoinerMessage = (text: string): JoinerMessage | null => parsed(text, joinerMessageSchema);
/** Null: not a message of a host. */
export const parseHostMessage = (text: string): HostMessage | null => parsed(text, hostMessageSchema);

function parsed<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> | null {
  const value = text.length > MAX_JOIN_BYTES ? undefined : parseJson(text);
  const message = isRecord(value) ? schema.safeParse(value) : null;
  return message?.success === true ? message.data : null;
}
