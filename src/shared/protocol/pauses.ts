// The pause of a node by its owner (protocol §2, ADR 0026): the codes of its reasons, and the fields on the wire and in views.
import { z } from 'zod';
import { toPlainName } from './names';

/** Why the owner pauses the node. `owner`: by hand. The others are rules that the owner set. */
export const PAUSE_CODES = ['owner', 'schedule', 'full_screen', 'process', 'battery', 'temperature'] as const;
export type PauseCode = (typeof PAUSE_CODES)[number];

/** For example the name of a program. */
export const MAX_PAUSE_DETAIL = 128;
/** The longest pause with an end. */
export const MAX_PAUSE_MS = 30 * 24 * 3600 * 1000;

/** Jobs that run when a pause begins: `finish` on this node, or `move` at once to other nodes. */
export const RUNNING_JOBS = ['finish', 'move'] as const;
export type RunningJobs = (typeof RUNNING_JOBS)[number];

const timeMs = z.number();

/** A code of a newer version counts as `owner`: the pause holds for any reason. */
export const pauseCodeSchema = z.enum(PAUSE_CODES).catch('owner');

const pauseFields = {
  /** For example the name of a program, for people. Characters that a screen does not show are left out. */
  detail: z
    .string()
    .max(1024)
    .transform((text) => toPlainName(text, MAX_PAUSE_DETAIL))
    .nullish(),
  /** The end of the pause, Unix ms by the clock of the node, which ends the pause. Absent or null: the owner resumes the node. */
  until: z.number().int().min(0).nullish(),
  /** 0: the jobs in flight are requeued at once. Absent or null: the drain timeout of the scheduler. */
  timeout_seconds: z
    .number()
    .min(0)
    .max(MAX_PAUSE_MS / 1000)
    .nullish(),
};

/** The fields of a pause in `node_drain`, beside its `timeout_seconds`. */
export const drainPauseFields = { reason_code: pauseCodeSchema.nullish(), detail: pauseFields.detail, until: pauseFields.until };

/** The pause in `node_register`. */
export const reportedPauseSchema = z.object({ reason_code: pauseCodeSchema, ...pauseFields });
export type ReportedPause = z.input<typeof reportedPauseSchema>;

/** The pause of a node in views and in `node_status`. */
export const pauseViewSchema = z.object({
  reason_code: pauseCodeSchema,
  detail: z.string().nullable(),
  /** When the scheduler learned of the pause, Unix ms. */
  since: timeMs,
  /** Unix ms by the clock of the node. Null: until the owner resumes. */
  until: timeMs.nullable(),
  running_jobs: z.enum(RUNNING_JOBS),
  /** When the jobs that still run are requeued, Unix ms. Null: none run. */
  deadline_at: timeMs.nullable(),
});
export type PauseView = z.output<typeof pauseViewSchema>;
