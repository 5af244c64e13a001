// What an entry of the tray does.
import type { AppApi } from '../../shared/api/app-api';
import { tomorrowWallMs } from '../../shared/api/pause-times';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { TrayAction } from './core/tray-view';

export interface TrayActionsOptions {
  readonly api: Pick<AppApi, 'call'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Brings the window to the front. Null: at the page that it shows. */
  readonly open: (hash: string | null) => void;
  readonly quit: () => void;
}

const HOUR_MS = 3_600_000;

/** Never rejects. */
export async function performTrayAction(action: TrayAction, { api, clock, logger, open, quit }: TrayActionsOptions): Promise<void> {
  const now = clock.wallMs();
  const pause = (untilWallMs: number | null) => api.call('agent.pause', { until_ms: untilWallMs, running_jobs: 'finish' });
  switch (action) {
    case 'open':
      open(null);
      return;
    case 'settings':
      open('#/settings');
      return;
    case 'quit':
      quit();
      return;
    case 'share':
    case 'stop':
    case 'pause_open':
    case 'pause_hour':
    case 'pause_tomorrow': {
      const ends = { stop: null, pause_open: null, pause_hour: now + HOUR_MS, pause_tomorrow: tomorrowWallMs(now) } as const;
      const outcome = action === 'share' ? await api.call('agent.resume', {}) : await pause(ends[action]);
      if (!outcome.ok) logger.log('warn', 'tray_action_failed', { action, code: outcome.error.code });
    }
  }
}
