// The update of the desktop app, as the dashboard shows it.
import { z } from 'zod';

/** Why this installation does not update itself. `macos`: the installation was never tried on a Mac. */
export const UPDATE_OBSTACLES = ['no_feed', 'unpacked', 'package_manager', 'archive', 'macos'] as const;
export type UpdateObstacle = (typeof UPDATE_OBSTACLES)[number];

export const UPDATE_STEPS = ['check', 'download', 'install'] as const;
export type UpdateStep = (typeof UPDATE_STEPS)[number];

/**
 * `unreachable`: no answer, or an error of the server. `unsigned`: without a valid signature of the release key. `invalid`: signed, and not
 * as expected. `no_package`: without a package of this format. `corrupt`: the file is not the signed one. `not_saved`: the disk refused it.
 * `not_installed`: the installer ended, and the version of before is still there.
 */
export const UPDATE_FAULTS = ['unreachable', 'unsigned', 'invalid', 'no_package', 'corrupt', 'not_saved', 'not_installed'] as const;
export type UpdateFault = (typeof UPDATE_FAULTS)[number];

/** In characters. */
export const MAX_REASON_LENGTH = 200;

const version = z.string().max(64);
const bytes = z.number().int().nonnegative();

export const updatePhaseSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('idle') }),
  z.object({ state: z.literal('checking') }),
  z.object({ state: z.literal('available'), version, size_bytes: bytes }),
  z.object({ state: z.literal('downloading'), version, size_bytes: bytes, received_bytes: bytes }),
  /** Downloaded and verified. A restart installs it. */
  z.object({ state: z.literal('ready'), version }),
  z.object({ state: z.literal('installing'), version }),
  /** The present version goes on. `version` null: of no certain version. `reason` null: the program ended before it could write it. */
  z.object({
    state: z.literal('failed'),
    step: z.enum(UPDATE_STEPS),
    fault: z.enum(UPDATE_FAULTS),
    version: version.nullable(),
    reason: z.string().max(MAX_REASON_LENGTH).nullable(),
  }),
]);
export type UpdatePhase = z.infer<typeof updatePhaseSchema>;

export const updateViewSchema = z.object({
  /** Null: this installation can update itself. */
  obstacle: z.enum(UPDATE_OBSTACLES).nullable(),
  phase: updatePhaseSchema,
  /** When the feed last answered with a valid release. Null: not since the start. */
  checked_at: z.number().nullable(),
});
export type UpdateView = z.infer<typeof updateViewSchema>;
