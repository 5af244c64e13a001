// The keys of the desktop app outside its window: tray, start at login, notifications (ADR 0041).
import { z } from 'zod';
import { boolean, type ConfigKey, text } from './config-key';

/** `ask`: the app asks, and keeps the answer here. */
export const CLOSE_ACTIONS = ['ask', 'tray', 'quit'] as const;
export type CloseAction = (typeof CLOSE_ACTIONS)[number];

const notify = (event: string) => boolean(z.boolean(), true, `Show a notification when ${event}.`);

export const DESKTOP_KEYS = {
  'desktop.on_close': text(
    z.enum(CLOSE_ACTIONS),
    'ask' as const,
    'When the window of the app is closed: `tray` keeps the app running with an icon in the tray, `quit` ends it, `ask` asks once.',
  ),
  'desktop.start_at_login': boolean(z.boolean(), false, 'Start the app in the tray when the user logs in.'),
  'desktop.check_for_updates': boolean(
    z.boolean(),
    false,
    'Ask the feed of Muster once a day whether there is a new version. Nothing is downloaded without a click.',
  ),
  'desktop.notify_joined': notify('another computer joined the pool of this machine'),
  'desktop.notify_join_request': notify('another computer asks to join the pool of this machine'),
  'desktop.notify_job_failed': notify('a job failed on this machine'),
  'desktop.notify_node_lost': notify('the pool of this machine lost a node, or a pool refuses this machine'),
  'desktop.notify_pool_full': notify('jobs of the pool of this machine wait for 5 minutes, because all nodes are full or busy'),
  'desktop.notify_paused': notify('a rule pauses this machine'),
  'desktop.notify_update': notify('a new version is available'),
} as const satisfies Readonly<Record<string, ConfigKey>>;
