// The settings of the desktop app: the agent gets new values at once. The hosted scheduler watches the same file, and takes what it can.
// The rest waits for its next start.
import type { Agent } from '../agent/agent';
import { agentSettings } from '../agent/agent-settings';
import type { HostSupervisor } from '../hosting/host-supervisor';
import { systemClock } from '../platform/clock';
import type { DesktopConfig } from '../platform/config/config';
import { SettingsService, type SettingsServiceOptions } from '../settings/settings-service';

export interface DesktopSettings {
  readonly service: SettingsService;
  readonly start: () => Promise<void>;
  readonly stop: () => void;
}

type Options = Pick<SettingsServiceOptions, 'sources' | 'loaded' | 'paths' | 'logger' | 'showFolder' | 'showPathDialog'>;

export function openDesktopSettings(
  options: Options,
  agent: Agent,
  host: HostSupervisor,
  onDesktop: (config: DesktopConfig) => void,
): DesktopSettings {
  const service = new SettingsService({
    ...options,
    clock: systemClock,
    hasAgent: true,
    isDesktop: true,
    hasSchedulerChild: true,
    // The pages of the pool change these, and the app keeps them.
    chosenInApp: () => {
      const { scope, plainHttpApi, announce } = host.chosen();
      const { link } = agent.view();
      return {
        'server.host': scope === 'lan' ? '0.0.0.0' : '127.0.0.1',
        // As configured, unless the owner chose otherwise.
        ...(plainHttpApi === undefined ? {} : { 'server.plain_http_api': plainHttpApi }),
        ...(announce === undefined ? {} : { 'server.announce': announce }),
        'agent.scheduler': link.state === 'idle' ? null : link.scheduler_url,
        'agent.token_file': null,
      };
    },
  });
  let runningSince: number | null = null;
  const stopFollowing = host.subscribe(({ state, since }) => {
    if (state !== 'running' || since === runningSince) return;
    runningSince = since;
    service.schedulerStarted();
  });
  return {
    service,
    start: () =>
      service.start({
        configureAgent: (config) => {
          agent.configure(agentSettings(config, options.paths));
        },
        configureDesktop: ({ desktop }) => {
          onDesktop(desktop);
        },
        onSchedulerSettings: ({ server }) => {
          host.configure(server);
        },
      }),
    stop: () => {
      stopFollowing();
      service.stop();
    },
  };
}
