// How much load of the owner keeps jobs away: idle, polite or always. The choice is the setting `agent.share`, and applies at once.
import { ErrorNote } from '../../components/ErrorNote';
import { Segmented } from '../../components/Segmented';
import { useLabels } from '../../i18n/use-labels';
import { useSettingChanges, useSettings } from '../../queries/settings';
import { isReadOnly } from '../settings/setting-sections';

const KEY = 'agent.share';

/** Absent where the setting cannot be changed here: in a browser without the right, or with a flag. */
export function ShareMode() {
  const { t, code } = useLabels();
  const setting = useSettings().value?.settings.find(({ key }) => key === KEY);
  const { of, change } = useSettingChanges();
  if (setting === undefined || isReadOnly(setting)) return null;
  const last = of(KEY);
  const chosen = last?.kind === 'saving' ? last.value : setting.value;
  return (
    <>
      <Segmented
        label={t('load.title')}
        choices={setting.choices.map((value) => ({ value, label: code('setting_choice', value) }))}
        value={typeof chosen === 'string' ? chosen : ''}
        onChange={(value) => change(setting, value)}
      />
      {last?.kind === 'refused' && <ErrorNote error={last.error} />}
    </>
  );
}
