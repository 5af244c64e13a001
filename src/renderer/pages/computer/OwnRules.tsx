// The rules of the owner below the limits, with their switches and pickers. Drawn again when a rule or a setting changes, not with each
// measured load.
import { memo } from 'react';
import type { RuleView } from '../../../shared/api/agent-rules';
import type { SettingValue, SettingView } from '../../../shared/api/settings';
import { useToday } from '../../clock/Clock';
import { ErrorNote } from '../../components/ErrorNote';
import { PROGRAMS_KEY, RulePicker, SCHEDULE_KEY } from '../../components/sharing/RulePicker';
import { RuleRows } from '../../components/sharing/RuleRows';
import { useLabels } from '../../i18n/use-labels';
import { localized } from '../../labels/localized';
import { enteredOf, isLocked, SELDOM_MS, type SettingChanges, useSettingChanges, useSettings } from '../../queries/settings';
import { useOperation } from '../../queries/use-operation';
import { hrefOf } from '../../routes';
import { ruleRows } from './own-rules';

/** `rules`: those that are on. */
export const OwnRules = memo(function OwnRules({ rules }: { readonly rules: readonly RuleView[] }) {
  const labels = useLabels();
  const todayWallMs = useToday();
  const { value: view } = useSettings(SELDOM_MS);
  const { run, error } = useOperation('settings.set');
  const changes = useSettingChanges();
  const settings = new Map(view?.settings.map((setting) => [setting.key, setting]));
  const set = (key: string, value: SettingValue) => void run({ key, value });
  const panels = {
    schedule: <RulePanel setting={settings.get(SCHEDULE_KEY)} changes={changes} />,
    process: <RulePanel setting={settings.get(PROGRAMS_KEY)} changes={changes} />,
  };
  return (
    <>
      <RuleRows rows={ruleRows(labels, { settings, rules, set, isLocked, panels }, todayWallMs)} />
      <ErrorNote error={error} />
    </>
  );
});

interface RulePanelProps {
  /** Undefined: a program of an earlier version. */
  readonly setting: SettingView | undefined;
  readonly changes: SettingChanges;
}

/** The picker, and the list of texts in the settings as its alternative. */
function RulePanel({ setting, changes }: RulePanelProps) {
  const labels = useLabels();
  const { t } = labels;
  if (setting === undefined) return null;
  const change = changes.of(setting.key);
  return (
    <>
      <RulePicker
        setting={setting}
        label={localized(labels, setting.title)}
        entered={enteredOf(change)}
        isLocked={isLocked(setting)}
        onChange={(value) => changes.change(setting, value)}
      />
      {change?.kind === 'refused' && <ErrorNote error={change.error} />}
      <a href={hrefOf({ page: 'settings', id: 'pauses' })}>{t(setting.key === SCHEDULE_KEY ? 'rules.type_hours' : 'rules.type_names')}</a>
    </>
  );
}
