// A setting as the dashboard shows it.
import type { SettingApplies, SettingOrigin, SettingReader, SettingValue, SettingView } from '../../shared/api/settings';
import type { ConfigKey } from '../platform/config/config-key';
import type { ConfigOrigin } from '../platform/config/config-error';
import { CONFIG_KEYS, type ConfigPath, envNameOf } from '../platform/config/keys';
import { choicesOf, controlOf, rangeOf, readerOf, sectionOf, SETTING_TEXTS, unitOf } from '../platform/config/setting-facts';

export interface SettingState {
  readonly value: SettingValue;
  readonly running: SettingValue;
  readonly origin: SettingOrigin;
  /** The scheduler is a child of this program, which can start it again. */
  readonly hasSchedulerChild: boolean;
}

export function settingView(key: ConfigPath, { value, running, origin, hasSchedulerChild }: SettingState): SettingView {
  const { default: fallback }: ConfigKey = CONFIG_KEYS[key];
  const isPending = JSON.stringify(running) !== JSON.stringify(value);
  return {
    key,
    section: sectionOf(key),
    control: controlOf(key),
    unit: unitOf(key),
    choices: [...choicesOf(key)],
    range: rangeOf(key),
    default: fallback as SettingValue,
    value,
    ...(isPending ? { running } : {}),
    origin,
    env: envNameOf(key),
    applies: appliesOf(readerOf(key), hasSchedulerChild),
    ...SETTING_TEXTS[key],
  };
}

function appliesOf(reader: SettingReader, hasSchedulerChild: boolean): SettingApplies {
  switch (reader) {
    case 'agent':
    case 'desktop':
    case 'log':
    case 'scheduler_live':
      return 'at_once';
    case 'scheduler':
      return hasSchedulerChild ? 'restart_scheduler' : 'restart';
    case 'program':
      return 'restart';
  }
}

export function shownOrigin(origin: ConfigOrigin): SettingOrigin {
  switch (origin.from) {
    case 'flag':
      return { from: 'flag', name: `--${origin.name}` };
    case 'env':
      return { from: 'env', name: origin.name };
    case 'file':
      return { from: 'file', line: origin.line };
    case 'default':
      return { from: 'default' };
  }
}
