// What a change of the settings requires: which parts get new values now, and which settings wait for a restart. Pure.
import type { SettingReader } from '../../../shared/api/settings';

export type SettingsAction =
  | { readonly type: 'configure_agent'; readonly keys: readonly string[] }
  | { readonly type: 'configure_desktop'; readonly keys: readonly string[] }
  | { readonly type: 'configure_scheduler'; readonly keys: readonly string[] }
  | { readonly type: 'set_log_level'; readonly keys: readonly string[] }
  /** The settings are in the file, and nothing changes before the restart. */
  | { readonly type: 'wait_for_restart'; readonly of: 'scheduler' | 'program'; readonly keys: readonly string[] };

type Values = Readonly<Record<string, unknown>>;

/** In a fixed order. Empty: no value differs. */
export function applySettings(before: Values, after: Values, readerOf: (key: string) => SettingReader): readonly SettingsAction[] {
  const changed = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const of = (reader: SettingReader): readonly string[] => changed.filter((key) => readerOf(key) === reader);
  const actions: readonly SettingsAction[] = [
    { type: 'set_log_level', keys: of('log') },
    { type: 'configure_agent', keys: of('agent') },
    { type: 'configure_desktop', keys: of('desktop') },
    { type: 'configure_scheduler', keys: of('scheduler_live') },
    { type: 'wait_for_restart', of: 'scheduler', keys: of('scheduler') },
    { type: 'wait_for_restart', of: 'program', keys: of('program') },
  ];
  return actions.filter(({ keys }) => keys.length > 0);
}
