// Roles, members, keys, invitations and the audit log, as the HTTP API shows them (docs/api.md). No view contains a secret: the answer
// that creates a credential is the only one with its key.
import { z } from 'zod';
import { MAX_LIST } from '../protocol/bounded';
import { modelIdSchema, nodeIdSchema } from '../protocol/node-messages';
import { keyUseSchema, limitUseSchema, PRIORITY_NAMES, PROGRAM_LIMIT_NAMES, programLimitFields } from './program-limits';

export const ROLES = ['node', 'client', 'viewer', 'operator', 'owner'] as const;

const timeMs = z.number();
const count = z.number().int().min(0);
const MAX_DAYS = 3650;
const MAX_AUDIT_PAGE = 1000;

/** No control characters: names are printed on terminals and written to logs. */
export const memberNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, { error: 'control characters are not allowed' });

const roleListOfView = z.array(z.enum(ROLES)).max(ROLES.length);
const roleList = roleListOfView.min(1);
const keyRoles = roleList.refine((roles) => !roles.includes('node'), { error: 'a node joins with an invitation, not with a key' });
const MAX_MODELS_OF_KEY = 256;
const models = z.array(modelIdSchema).min(1).max(MAX_MODELS_OF_KEY).nullable();
const expiresInSeconds = z
  .number()
  .int()
  .min(1)
  .max(MAX_DAYS * 86_400);

/** The limits of one key. Null: the limit of the configuration (`scheduler.keys`). */
export const keyLimitsSchema = z.strictObject({
  requests_per_second: z.number().positive().max(100_000).nullable().default(null),
  megabytes_per_minute: z.number().positive().max(1_000_000).nullable().default(null),
  max_queued: z.number().int().min(0).max(1_000_000).nullable().default(null),
  max_streams: z.number().int().min(0).max(100_000).nullable().default(null),
  max_priority: z.number().int().min(-100).max(100).nullable().default(null),
  ...programLimitFields,
});

/** Limits of a key in place of those of the pool. */
export const POOL_LIMIT_NAMES = ['requests_per_second', 'megabytes_per_minute', 'max_queued', 'max_streams', 'max_priority'] as const;
export type PoolLimitName = (typeof POOL_LIMIT_NAMES)[number];

/** Null removes a limit of the key. A limit that is absent stays as it is. */
const keyLimitChangeSchema = z.strictObject({
  requests_per_second: keyLimitsSchema.shape.requests_per_second.unwrap().optional(),
  megabytes_per_minute: keyLimitsSchema.shape.megabytes_per_minute.unwrap().optional(),
  max_queued: keyLimitsSchema.shape.max_queued.unwrap().optional(),
  max_streams: keyLimitsSchema.shape.max_streams.unwrap().optional(),
  max_priority: keyLimitsSchema.shape.max_priority.unwrap().optional(),
  ...programLimitFields,
});

export const createKeyBodySchema = z.strictObject({
  name: memberNameSchema,
  roles: keyRoles.default(['client']),
  /** The models that the key may use. Null: all. */
  models: models.default(null),
  /** Null: the key does not expire. */
  expires_in_seconds: expiresInSeconds.nullable().default(null),
  limits: keyLimitsSchema.prefault({}),
});

export const createInviteBodySchema = z.strictObject({
  /** The name of the member. Null: the name of its node. */
  name: memberNameSchema.nullable().default(null),
  roles: roleList.default(['node']),
  models: models.default(null),
  expires_in_seconds: expiresInSeconds.default(86_400),
  uses: z.number().int().min(1).max(10_000).default(1),
});

/** A random text that the joiner keeps until it has its credential: with it, a lost answer is repeated. */
export const joinNonceSchema = z.string().regex(/^[\w-]{16,64}$/, { error: '16 to 64 characters of base64url' });

/** Sent with the key of an invitation that is not for a node. */
export const joinBodySchema = z.strictObject({
  name: memberNameSchema,
  nonce: joinNonceSchema.optional(),
});

/** A field that is absent stays as it is. The key itself stays the same. */
export const updateKeyBodySchema = z.strictObject({
  roles: keyRoles.optional(),
  models: models.optional(),
  /** From now on. Null: the key does not expire. */
  expires_in_seconds: expiresInSeconds.nullable().optional(),
  limits: keyLimitChangeSchema.optional(),
});

/** A field that is absent stays as it is. The credential itself stays the same. */
export const updateMemberBodySchema = z.strictObject({
  roles: roleList.optional(),
  /** The models that the member may use. Null: all. */
  models: models.optional(),
});

/** The address at the last noted use. Null: none is known. Absent: a scheduler of an earlier version. */
const lastAddress = z.string().max(64).nullable().optional();

export const keyViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  roles: roleListOfView,
  models: z.array(z.string()).max(MAX_MODELS_OF_KEY).nullable(),
  /** A scheduler of a later version may have more limits. */
  limits: z.object(keyLimitsSchema.shape),
  /** Absent: a scheduler of an earlier version. */
  use: keyUseSchema.optional(),
  created_at: timeMs,
  expires_at: timeMs.nullable(),
  last_used_at: timeMs.nullable(),
  last_address: lastAddress,
  /** Of the key, or of the member that made it. */
  revoked_at: timeMs.nullable(),
  /** The member that made the key for its own program. Null: an owner made it. Absent, also below: a scheduler of an earlier version. */
  member_id: z.string().nullable().optional(),
  member_name: z.string().nullable().optional(),
});

export const inviteViewSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  roles: roleListOfView,
  models: z.array(z.string()).max(MAX_MODELS_OF_KEY).nullable(),
  created_at: timeMs,
  expires_at: timeMs,
  last_used_at: timeMs.nullable(),
  uses: count,
  max_uses: count,
  revoked_at: timeMs.nullable(),
});

export const memberViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  roles: roleListOfView,
  models: z.array(z.string()).max(MAX_MODELS_OF_KEY).nullable(),
  /** The node of the member: the last one that registered. Null: none is known. */
  node_id: nodeIdSchema.nullable(),
  connected: z.boolean(),
  /** The invitation that admitted the member. */
  invite_id: z.string().nullable(),
  created_at: timeMs,
  last_used_at: timeMs.nullable(),
  last_address: lastAddress,
  revoked_at: timeMs.nullable(),
});

/** The only answer with the key. */
export const createdKeySchema = z.object({ id: z.string(), name: z.string(), key: z.string() });
/** The only answer with the credential of a member without a node. */
export const joinedMemberSchema = z.object({ id: z.string(), name: z.string(), roles: roleListOfView, credential: z.string() });
/** Where the scheduler listens. `host` may be `0.0.0.0`. `pin`: of the CA of the pool; null on loopback and with another certificate. */
export const poolAddressSchema = z.object({ host: z.string(), port: count, secure: z.boolean(), pin: z.string().nullable() });
export const createdInviteSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  key: z.string(),
  expires_at: timeMs,
  /** For the join link. Null: the scheduler does not listen yet. */
  address: poolAddressSchema.nullable(),
});

/** The id of a member, key or invitation. */
export const credentialIdSchema = z.string().min(1).max(64);

/** A new invitation for the app, which makes no links itself. */
export const inviteLinksSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  expires_at: timeMs,
  /** `muster://HOST:PORT/join#pin=...&key=...`: for `muster join` and the app. */
  link: z.string(),
  /** The same as `https://...`, which a browser opens. Null: the pool is not shared, so no other computer can reach it. */
  https_link: z.string().nullable(),
});

export const auditEntrySchema = z.object({
  id: count,
  at: timeMs,
  /** `owner`, the id of a key or member, or null for a caller without a key. */
  who: z.string().nullable(),
  who_name: z.string(),
  /** For example `node.drain`, `key.create`. */
  action: z.string(),
  /** The node, job, key, invitation or member. */
  target: z.string().nullable(),
  /** The address of the caller. */
  from: z.string(),
  /** How many equal acts the entry stands for, one after the other within a minute. */
  count: z.number().int().min(1).default(1),
});

export const auditQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_AUDIT_PAGE).default(100),
  /** Entries before this one. */
  before: z.coerce.number().int().min(1).optional(),
});

/** The same as a JSON body. */
export const auditPageSchema = z.strictObject({
  limit: z.number().int().min(1).max(MAX_AUDIT_PAGE).default(100),
  before: z.number().int().min(1).optional(),
});

/** `folder`: below the data folder. `muster backup` removes it, so the name is checked. `files`: the names of the copies in `folder`. */
export const backupAnswerSchema = z.object({
  folder: z.string().regex(/^backup-copies-[A-Za-z0-9]{6}$/),
  files: z.array(z.string()).max(16),
});

/** The credential of the caller, for its holder. */
export const ownKeySchema = z.object({
  /** Null: the caller has no key. */
  id: z.string().nullable(),
  name: z.string(),
  roles: roleListOfView,
  /** The models that the key may use. Null: all. */
  models: z.array(z.string()).max(MAX_MODELS_OF_KEY).nullable(),
  /** Null: it does not expire. */
  expires_at: timeMs.nullable(),
  /** Of requests that state none. */
  priority: z.enum(PRIORITY_NAMES),
  use: keyUseSchema,
  /** Its limits for requests to models. Empty: it has none. */
  limits: z.array(limitUseSchema).max(PROGRAM_LIMIT_NAMES.length),
});

export const keyListSchema = z.object({ keys: z.array(keyViewSchema).max(MAX_LIST) });
export const inviteListSchema = z.object({ invites: z.array(inviteViewSchema).max(MAX_LIST) });
export const memberListSchema = z.object({ members: z.array(memberViewSchema).max(MAX_LIST) });
export const auditListSchema = z.object({ entries: z.array(auditEntrySchema).max(MAX_AUDIT_PAGE), next_before: count.nullable() });

export const sessionCodeSchema = z.object({
  code: z.string(),
  expires_at: timeMs,
  /** For links from other computers. Absent, here and below: a scheduler of an earlier version. */
  address: poolAddressSchema.nullable().optional(),
  /** SHA-256 of the certificate of the CA, as browsers show it. Null on loopback and with another certificate. */
  ca_fingerprint: z.string().nullable().optional(),
});
export const sessionBodySchema = z.strictObject({ code: z.string().min(1).max(256) });
export const sessionSchema = z.object({ key: z.string(), roles: roleListOfView, expires_at: timeMs });
/** The caller and its roles. */
export const callerViewSchema = z.object({
  id: z.string().nullable(),
  name: z.string(),
  roles: roleListOfView,
  /** Absent, here and below: a scheduler of an earlier version. */
  pool_name: z.string().optional(),
  /** What the caller may do, in full or in part, by the names of the permission table. */
  rights: z.array(z.string().max(64)).max(64).optional(),
});

export type CallerView = Readonly<z.infer<typeof callerViewSchema>>;
export type PoolAddress = Readonly<z.infer<typeof poolAddressSchema>>;
export type Role = (typeof ROLES)[number];
export type KeyLimits = z.output<typeof keyLimitsSchema>;
export type CreateKeyBody = z.output<typeof createKeyBodySchema>;
export type CreateInviteBody = z.output<typeof createInviteBodySchema>;
export type UpdateKeyBody = z.output<typeof updateKeyBodySchema>;
export type UpdateMemberBody = z.output<typeof updateMemberBodySchema>;
export type KeyView = z.infer<typeof keyViewSchema>;
export type OwnKey = Readonly<z.infer<typeof ownKeySchema>>;
export type InviteView = z.infer<typeof inviteViewSchema>;
export type MemberView = z.infer<typeof memberViewSchema>;
export type JoinBody = z.infer<typeof joinBodySchema>;
export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditList = z.infer<typeof auditListSchema>;
export type AuditPage = z.output<typeof auditPageSchema>;
export type BackupAnswer = Readonly<z.infer<typeof backupAnswerSchema>>;
export type CreatedKey = z.infer<typeof createdKeySchema>;
export type CreatedInvite = z.infer<typeof createdInviteSchema>;
export type InviteLinks = z.infer<typeof inviteLinksSchema>;
