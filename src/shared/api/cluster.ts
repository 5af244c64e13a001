// The cluster of schedulers: its members and its database.
import { z } from 'zod';

/** Further ones are not shown. */
const MAX_MEMBERS = 64;
const MAX_STANDBYS = 16;

export const CLUSTER_ROLES = ['leader', 'candidate'] as const;

const memberSchema = z.object({
  name: z.string(),
  /** Host and port for nodes and clients. */
  address: z.string(),
  version: z.string(),
  role: z.enum(CLUSTER_ROLES),
  /** Unix ms. */
  started_at: z.number(),
  /** Since its last sign of life in the database, by the clock of the database. */
  seen_seconds: z.number(),
  /** Whether it is connected to the bus. Null: it is configured without one. */
  has_bus: z.boolean().nullable().default(null),
});

/** The bus of the cluster, as the member that answers has it. */
const busSchema = z.object({
  is_connected: z.boolean(),
  /** Host and port of the NATS server. Null: it was not connected yet. */
  server: z.string().nullable(),
  /** The members that forward to this one, itself included. */
  channels: z.number().int(),
  /** Messages that were not sent: no connection, or too much waited for it. */
  unsent: z.number().int(),
  /** Messages of former leaders that were dropped. */
  stale: z.number().int(),
  /** Messages that were not of this version. */
  malformed: z.number().int(),
});
export type BusView = z.output<typeof busSchema>;

/** A standby of the database, as far as the primary shows it. */
const standbySchema = z.object({
  name: z.string(),
  /** `sync` and `quorum`: a commit waits for it. */
  sync: z.enum(['async', 'potential', 'sync', 'quorum']),
  /** How far it is behind. Null: not known, for example because nothing was written. */
  lag_seconds: z.number().nullable(),
});

/**
 * Why a term ended. `expired`: the leader did not renew its lease: it died, stalled, or was cut off from the database. `step_down`: on
 * request. `stopped`: its process ended in order. `bus_lost`: another member had the bus. `epoch_passed`: the bus had a higher epoch.
 * `not_opened`: the scheduler could not start.
 */
export const TERM_ENDS = ['expired', 'step_down', 'stopped', 'bus_lost', 'epoch_passed', 'not_opened'] as const;
export type TermEnd = (typeof TERM_ENDS)[number];

export const MAX_TERMS = 10;

const termSchema = z.object({
  epoch: z.number().int(),
  /** Of the leader. */
  name: z.string(),
  /** Unix ms, by the clock of the database. */
  began_at: z.number(),
  /** Null: it has not ended, or its end is not known. */
  ended_at: z.number().nullable(),
  /** Null: it has not ended, or the reason is not known. */
  end: z.enum(TERM_ENDS).nullable().catch(null),
  is_current: z.boolean(),
});
export type LeaderTermView = z.output<typeof termSchema>;

export const clusterSchema = z.object({
  /** Of the leader. Each take-over has a higher one. Null: this scheduler is alone, without a cluster. */
  epoch: z.number().int().nullable(),
  /** The name of the leader. Null: none leads. */
  leader: z.string().nullable(),
  /** When the term of the leader began. Unix ms. Null: not known, or alone. */
  leads_since: z.number().nullable(),
  /** The member that answers. */
  self: z.string(),
  members: z.array(memberSchema).max(MAX_MEMBERS),
  database: z.object({
    kind: z.enum(['sqlite', 'postgresql']),
    /** Hosts, ports and name. Null: files in the data folder. */
    address: z.string().nullable(),
    standbys: z.array(standbySchema).max(MAX_STANDBYS),
  }),
  /** Null: only the leader takes nodes and clients. */
  bus: busSchema.nullable().default(null),
  /** The last terms of leaders, the latest one first. Terms of schedulers of an earlier version are missing. */
  terms: z.array(termSchema).max(MAX_TERMS).default([]),
});

/** A member gives a sign of life every 2 s. One that was not seen for so long is taken as stopped. */
export const MISSING_AFTER_SECONDS = 10;
export const isMissing = ({ seen_seconds: seen }: Pick<ClusterMemberView, 'seen_seconds'>): boolean => seen >= MISSING_AFTER_SECONDS;

/** Whether a member lives that can lead in place of the leader. */
export const hasOtherMember = ({ members }: Pick<ClusterView, 'members'>): boolean =>
  members.some((member) => member.role === 'candidate' && !isMissing(member));

export type ClusterView = z.output<typeof clusterSchema>;
export type ClusterMemberView = z.output<typeof memberSchema>;
export type StandbyView = z.output<typeof standbySchema>;

export const readySchema = z.object({
  /** `ready`: takes nodes and clients. `not_leader`: another member of the cluster does. */
  status: z.enum(['ready', 'not_leader']),
  /** Host and port of the leader, when it is another member. Null: not known. */
  leader: z.string().nullable(),
});
