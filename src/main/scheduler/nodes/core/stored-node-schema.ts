// A row of the table of nodes, and the node that it stores. Rows are validated when they are read, because the file may be damaged.
import { z } from 'zod';
import { nodeTagsSchema } from '../../../../shared/api/node-tags';
import { parseJson } from '../../../../shared/json';
import {
  capabilityStateSchema,
  featuresSchema,
  hardwareSchema,
  installedModelSchema,
  modelIdSchema,
  nodeIdSchema,
  ownerLimitsSchema,
  PLATFORMS,
} from '../../../../shared/protocol/node-messages';
import { pauseCodeSchema } from '../../../../shared/protocol/pauses';
import { wakeMacSchema } from '../../../../shared/protocol/wake';
import { NODE_STATUSES, STATUS_REASONS, type StatusReasonCode } from '../../../../shared/protocol/status';
import type { NodeProfile } from '../../lifecycle/node-record';
import type { StoredNode } from '../../lifecycle/restore-record';
import { parseHardware, parseLimits, parseModel, toHardwareView, toLimitsView, toModelView } from './node-report-views';

const TOKEN_HASH_BYTES = 32;
const statusReasons = Object.keys(STATUS_REASONS) as StatusReasonCode[];

const isModelId = (id: string): boolean => modelIdSchema.safeParse(id).success;

/** Earlier versions stored ids that are not valid any more. The nodes report such models no more, so they are left out. */
const storedModelsSchema = z
  .array(z.looseObject({ model_id: z.string() }))
  .transform((models) => models.filter(({ model_id: id }) => isModelId(id)))
  .pipe(z.array(installedModelSchema));
const storedStatesSchema = z
  .record(z.string(), z.unknown())
  .transform((states) => Object.fromEntries(Object.entries(states).filter(([id]) => isModelId(id))))
  .pipe(capabilityStateSchema);

/** Hardware and models are stored as the node protocol encodes them. */
const profileSchema = z.object({
  name: z.string(),
  version: z.string(),
  platform: z.enum(PLATFORMS),
  hardware: hardwareSchema,
  installedModels: storedModelsSchema,
  capabilityState: storedStatesSchema.nullable(),
  featuresSupported: featuresSchema,
  advancedFeatures: z.array(z.string()),
  acceptPublicJobs: z.boolean(),
  maxConcurrentJobs: z.number().int().positive(),
  /** Absent in rows of earlier versions. */
  limits: ownerLimitsSchema.nullable().default(null),
  wakeMac: wakeMacSchema.optional(),
});

type StoredProfile = z.infer<typeof profileSchema>;

/** `requestedAtMs` (Unix ms) is the key that earlier versions wrote. The stored key keeps this name, so that their rows stay readable. */
const drainSchema = z
  .object({
    by: z.enum(['operator', 'node']),
    reason: z.string().nullable(),
    requestedAtMs: z.number(),
    timeoutMs: z.number(),
  })
  .transform(({ requestedAtMs: requestedAtWallMs, ...drain }) => ({ ...drain, requestedAtWallMs }));

/** `startedAtWallMs` is absent in rows of earlier versions. */
const pauseSchema = z
  .object({
    code: pauseCodeSchema,
    detail: z.string().nullable(),
    sinceWallMs: z.number(),
    startedAtWallMs: z.number().optional(),
    untilWallMs: z.number().nullable(),
    timeoutMs: z.number(),
  })
  .transform(({ startedAtWallMs, ...pause }) => ({ ...pause, startedAtWallMs: startedAtWallMs ?? pause.sinceWallMs }));

const quarantineSchema = z.object({ by: z.literal('operator'), reason: z.string().nullable(), sinceWallMs: z.number() });

const wakeSchema = z.object({ sentAtWallMs: z.number().nullable(), isWaking: z.boolean(), readyAfterMs: z.number().nullable() });

const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text, context): unknown => {
      const value = parseJson(text);
      if (value !== undefined) return value;
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    })
    .pipe(schema);

export const nodeRowSchema = z.object({
  node_id: nodeIdSchema,
  token_hash: z.instanceof(Uint8Array).refine((hash) => hash.length === TOKEN_HASH_BYTES, { error: 'not a SHA-256 hash' }),
  created_at: z.number(),
  profile: json(profileSchema),
  status: z.enum(NODE_STATUSES),
  reason_code: z.enum(statusReasons),
  previous_status: z.enum(NODE_STATUSES).nullable(),
  since: z.number(),
  has_been_ready: z.number(),
  drain: json(drainSchema).nullable(),
  pause: json(pauseSchema).nullable(),
  quarantine: json(quarantineSchema).nullable(),
  /** Null: none were ever set. */
  tags: json(nodeTagsSchema).nullable(),
  wake: json(wakeSchema).nullable(),
});

export interface StoredIdentity {
  /** SHA-256 of the node's token, base64. Only the node has the token. */
  readonly tokenHash: string;
  /** Unix ms. */
  readonly createdAtWallMs: number;
}

export const storedNodeOf = (row: z.infer<typeof nodeRowSchema>): StoredNode & StoredIdentity => ({
  nodeId: row.node_id,
  tokenHash: Buffer.from(row.token_hash).toString('base64'),
  createdAtWallMs: row.created_at,
  profile: parseStoredProfile(row.profile),
  status: row.status,
  reasonCode: row.reason_code,
  previousStatus: row.previous_status,
  hasBeenReady: row.has_been_ready !== 0,
  sinceWallMs: row.since,
  drain: row.drain,
  pause: row.pause,
  quarantine: row.quarantine,
  tags: row.tags ?? [],
  ...(row.wake === null ? {} : { wake: row.wake }),
});

/** The drain of a node, as `nodeRowSchema` reads it. */
export function drainColumn(drain: StoredNode['drain']): string | null {
  if (drain === null) return null;
  const { requestedAtWallMs, ...others } = drain;
  return JSON.stringify({ ...others, requestedAtMs: requestedAtWallMs } satisfies z.input<typeof drainSchema>);
}

/** The pause of a node, as `nodeRowSchema` reads it. */
export const pauseColumn = (pause: StoredNode['pause']): string | null =>
  pause === null ? null : JSON.stringify(pause satisfies z.input<typeof pauseSchema>);

/** The quarantine of a node, as `nodeRowSchema` reads it. */
export const quarantineColumn = (quarantine: StoredNode['quarantine']): string | null =>
  quarantine === null ? null : JSON.stringify(quarantine satisfies z.input<typeof quarantineSchema>);

/** The wakes of a node, as `nodeRowSchema` reads them. */
export const wakeColumn = (wake: StoredNode['wake']): string | null =>
  wake === undefined ? null : JSON.stringify(wake satisfies z.input<typeof wakeSchema>);

/** The tags of a node, as `nodeRowSchema` reads them. */
export const tagsColumn = (tags: StoredNode['tags']): string | null => (tags.length === 0 ? null : JSON.stringify(tags));

const parseStoredProfile = ({ wakeMac, ...stored }: StoredProfile): NodeProfile => ({
  ...stored,
  ...(wakeMac === undefined ? {} : { wakeMac }),
  hardware: parseHardware(stored.hardware),
  installedModels: stored.installedModels.map(parseModel),
  limits: stored.limits === null ? null : parseLimits(stored.limits),
});

/** Without what each connection reports again. */
export const toStoredProfile = ({
  modelResidency: _,
  modelReasons: _reasons,
  allowsModelControl: _allowed,
  ...profile
}: NodeProfile): StoredProfile => ({
  ...profile,
  hardware: toHardwareView(profile.hardware),
  installedModels: profile.installedModels.map(toModelView),
  advancedFeatures: [...profile.advancedFeatures],
  limits: profile.limits === null ? null : toLimitsView(profile.limits),
});
