// Language and theme of the dashboard, kept in this browser or window, and the key that a browser remembers.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Segmented } from '../../components/Segmented';
import { LANGUAGE_NAMES } from '../../i18n/format';
import { useLabels } from '../../i18n/use-labels';
import { LANGUAGES, THEMES } from '../../store/preferences';
import { useApp, useScreen, useScreenState } from '../../store/Screen';
import rows from './SettingRow.module.css';
import classes from './SettingsPage.module.css';

export function AppearanceSection() {
  const { t } = useLabels();
  const { language, theme } = useScreenState((state) => state.preferences);
  const kept = t(useApp(({ app }) => app.mode) === 'desktop' ? 'settings.in_app' : 'settings.on_disk');
  const setPreferences = useScreenState((state) => state.setPreferences);
  return (
    <section className={classes['section']} aria-labelledby="settings-appearance">
      <div className={classes['cardHead']}>
        <h2 id="settings-appearance">{t('setting_section.appearance')}</h2>
        <span className={classes['end']}>{t('settings.at_once')}</span>
      </div>
      <div className={rows['row']}>
        <div className={rows['texts']}>
          <b>{t('settings.language')}</b>
          <p>{t('settings.language_help')}</p>
        </div>
        <div className={rows['control']}>
          <Segmented
            label={t('settings.language')}
            value={language}
            onChange={(value) => setPreferences({ language: value })}
            choices={LANGUAGES.map((value) => ({ value, label: value === 'system' ? t('settings.system') : LANGUAGE_NAMES[value] }))}
          />
        </div>
        <div className={rows['origin']}>{kept}</div>
      </div>
      <div className={rows['row']}>
        <div className={rows['texts']}>
          <b>{t('settings.theme')}</b>
          <p>{t('settings.theme_help')}</p>
        </div>
        <div className={rows['control']}>
          <Segmented
            label={t('settings.theme')}
            value={theme}
            onChange={(value) => setPreferences({ theme: value })}
            choices={THEMES.map((value) => ({ value, label: t(`settings.${value}`) }))}
          />
        </div>
        <div className={rows['origin']}>{kept}</div>
      </div>
      <RememberedKey />
    </section>
  );
}

function RememberedKey() {
  const { t } = useLabels();
  const { remembered } = useScreen().endpoint;
  const [isForgotten, setIsForgotten] = useState(false);
  if (remembered === undefined || isForgotten || !remembered.isRemembered()) return null;
  const forget = (): void => {
    remembered.forget();
    setIsForgotten(true);
  };
  return (
    <div className={rows['row']}>
      <div className={rows['texts']}>
        <b>{t('settings.key')}</b>
        <p>{t('settings.key_help')}</p>
      </div>
      <div className={rows['control']}>
        <Button variant="default" onClick={forget}>
          {t('settings.forget_key')}
        </Button>
      </div>
      <div className={rows['origin']}>{t('settings.on_disk')}</div>
    </div>
  );
}
