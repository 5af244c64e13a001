// Program keys, invitations and members as they are stored: the hash of each secret, never the secret. Rows are validated when they are
// read, because the file may be damaged.
import { z } from 'zod';
import { keyLimitsSchema, ROLES } from '../../../../shared/api/members';

const SHA256_BASE64URL = /^[\w-]{43}$/;
const hash = z.string().regex(SHA256_BASE64URL);
const wallMs = z.number();

const common = {
  id: z.string(),
  roles: z.array(z.enum(ROLES)),
  /** Null: all models. */
  models: z.array(z.string()).nullable(),
  createdAtWallMs: wallMs,
  lastUsedAtWallMs: wallMs.nullable(),
  revokedAtWallMs: wallMs.nullable(),
};

/** Of the peer at the last noted use. Null: none is known. */
const lastAddress = z.string().max(64).nullable().default(null);

export const keyRecordSchema = z.object({
  ...common,
  lastAddress,
  name: z.string(),
  hash,
  limits: keyLimitsSchema,
  /** Null: the key does not expire. */
  expiresAtWallMs: wallMs.nullable(),
  /** The member that made the key for its own program. Null: an owner made it. */
  memberId: z.string().nullable().default(null),
});

/**
 * Schedulers of the version before do not know `memberId`, and would drop it: the key would outlive its member. For them such a key has
 * expired, so they neither accept nor store it (ADR 0062).
 */
const EXPIRED_WALL_MS = 0;

export const storedKeySchema = keyRecordSchema
  .extend({ memberExpiresAtWallMs: wallMs.nullable().default(null) })
  .transform(({ memberExpiresAtWallMs, ...key }) => (key.memberId === null ? key : { ...key, expiresAtWallMs: memberExpiresAtWallMs }));

/** As `storedKeySchema` reads it. */
export const storedKeyOf = (key: KeyRecord): object =>
  key.memberId === null ? key : { ...key, expiresAtWallMs: EXPIRED_WALL_MS, memberExpiresAtWallMs: key.expiresAtWallMs };

export const inviteRecordSchema = z.object({
  ...common,
  /** The name of the member. Null: the name of its node. */
  name: z.string().nullable(),
  hash,
  expiresAtWallMs: wallMs,
  uses: z.number().int().min(0),
  maxUses: z.number().int().min(1),
});

export const memberRecordSchema = z.object({
  ...common,
  lastAddress,
  name: z.string(),
  /** The credential that the member has used. Null: it has used none yet. */
  hash: hash.nullable(),
  /** The newest credential, until the member uses it. */
  nextHash: hash.nullable(),
  nodeId: z.string().nullable(),
  inviteId: z.string().nullable(),
  /** Of the invitation and the nonce of its joiner. Null: the joiner sent none, or the member did not join by an invitation. */
  nonceHash: hash.nullable().default(null),
});

export type KeyRecord = Readonly<z.infer<typeof keyRecordSchema>>;
export type InviteRecord = Readonly<z.infer<typeof inviteRecordSchema>>;
export type MemberRecord = Readonly<z.infer<typeof memberRecordSchema>>;
