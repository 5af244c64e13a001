// The settings of a program in memory, and views of settings as the program makes them.
import type { Outcome } from '../../src/shared/api/app-api';
import type { ChosenPath, SettingOrigin, SettingsFolder, SettingsView, SettingValue, SettingView } from '../../src/shared/api/settings';
import { ok } from '../../src/shared/result';
import type { Done, SettingChange, SettingsPort } from '../../src/main/contracts/ports';
import { CONFIG_KEYS, CONFIG_PATHS, type ConfigPath } from '../../src/main/platform/config/keys';
import { settingView } from '../../src/main/settings/setting-view';

export interface SettingFacts {
  readonly value?: SettingValue;
  readonly running?: SettingValue;
  readonly origin?: SettingOrigin;
}

/** Default: the default of the key, as in the app. */
export function settingViewOf(key: ConfigPath, { value, running, origin = { from: 'default' } }: SettingFacts = {}): SettingView {
  const shown = value === undefined ? (CONFIG_KEYS[key].default as SettingValue) : value;
  return settingView(key, { value: shown, running: running === undefined ? shown : running, origin, hasSchedulerChild: true });
}

export const settingsViewOf = (
  changes: Partial<Record<ConfigPath, SettingFacts>> = {},
  rest: Partial<SettingsView> = {},
): SettingsView => ({
  file: '/home/ming/.config/muster/config.toml',
  fault: null,
  folders: {
    config: '/home/ming/.config/muster',
    data: '/home/ming/.local/share/muster',
    state: '/home/ming/.local/state/muster',
    logs: '/home/ming/.local/state/muster/logs',
  },
  can_open_folders: true,
  settings: CONFIG_PATHS.map((key) => settingViewOf(key, changes[key])),
  ...rest,
});

export const SETTINGS_VIEW = settingsViewOf();

export class FakeSettings implements SettingsPort {
  readonly calls: unknown[] = [];
  /** Null: success. */
  outcome: Outcome<SettingView> | null = null;

  list(): SettingsView {
    return SETTINGS_VIEW;
  }

  openFolder(folder: SettingsFolder): Promise<Done> {
    this.calls.push(['openFolder', folder]);
    return Promise.resolve(ok(undefined));
  }

  choosePath(key: string): Promise<Outcome<ChosenPath>> {
    this.calls.push(['choosePath', key]);
    return Promise.resolve(ok({ path: '/models' }));
  }

  set(changes: readonly SettingChange[]): Promise<Outcome<SettingView>> {
    this.calls.push(['set', changes]);
    return Promise.resolve(this.outcome ?? ok(settingViewOf((changes[0]?.key ?? 'agent.name') as ConfigPath)));
  }
}
