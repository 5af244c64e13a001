// The keys of the rules by which the owner pauses this computer (ADR 0031).
import { z } from 'zod';
import { parseSharingHours } from '../../../shared/sharing-hours';
import { boolean, type ConfigKey, list, number } from './config-key';

const MAX_PROGRAMS = 32;
/** Seven days with several times each. */
const MAX_HOURS = 64;

const programs = z.array(z.string().trim().min(1).max(128)).max(MAX_PROGRAMS);
const sharingHours = z
  .string()
  .max(64)
  .refine((value) => parseSharingHours(value) !== null, { error: 'expected hours such as mon-fri 18:00-08:00' });

export const RULE_KEYS = {
  'agent.sharing_hours': list(
    z.array(sharingHours).max(MAX_HOURS),
    [],
    'Hours in which this machine takes jobs, such as `mon-fri 18:00-08:00` or `sat-sun 00:00-24:00`, by its local time. Hours that end before they begin go on until the next day. When empty: always.',
  ),
  'agent.pause_on_full_screen': boolean(
    z.boolean(),
    false,
    'Pause while a full-screen program is in front, and for 2 minutes after it. On Linux with X11; with Wayland only for programs that use X11.',
  ),
  'agent.full_screen_exceptions': list(
    programs,
    [],
    'Names of full-screen programs that do not trigger a pause of this machine, such as `vlc`.',
  ),
  'agent.pause_for_programs': list(
    programs,
    [],
    'Names of programs, such as `blender`. Pause while one of them uses a GPU, and for 2 minutes after it.',
  ),
  'agent.mains_power_only': boolean(z.boolean(), false, 'Pause while this machine runs on battery.'),
  'agent.pause_above_celsius': number(
    z.number().min(40).max(110),
    null,
    'Pause while an offered GPU is hotter than this, until all are 5 °C cooler than the limit for 30 s.',
  ),
  'agent.move_jobs_at_pause': boolean(
    z.boolean(),
    false,
    'Whether jobs that run when such a pause begins move to other nodes at once. Else they end on this machine.',
  ),
} as const satisfies Readonly<Record<string, ConfigKey>>;
