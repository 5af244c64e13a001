// What this screen looks like, and what it is the screen of.
import { SegmentedControl } from '@mantine/core';
import { Card } from '../../components/Card';
import { Facts } from '../../components/Facts';
import { Page } from '../../components/Page';
import { useWords } from '../../i18n/use-words';
import { LANGUAGES, THEMES } from '../../store/preferences';
import { useApp, useScreenState } from '../../store/Screen';
import classes from './SettingsPage.module.css';

/** Languages name themselves. */
const LANGUAGE_NAMES = { en: 'English', 'zh-CN': '简体中文' } as const;

export function SettingsPage() {
  const { t } = useWords();
  const { language, theme } = useScreenState((state) => state.preferences);
  const setPreferences = useScreenState((state) => state.setPreferences);
  const { app, agent, pool } = useApp((state) => state);
  return (
    <Page title={t('settings.title')}>
      <Card title={t('settings.appearance')}>
        <div className={classes['choices']}>
          <span id="choose-language">{t('settings.language')}</span>
          <SegmentedControl
            aria-labelledby="choose-language"
            value={language}
            onChange={(value) => setPreferences({ language: value })}
            data={LANGUAGES.map((value) => ({ value, label: value === 'system' ? t('settings.system') : LANGUAGE_NAMES[value] }))}
          />
          <span id="choose-theme">{t('settings.theme')}</span>
          <SegmentedControl
            aria-labelledby="choose-theme"
            value={theme}
            onChange={(value) => setPreferences({ theme: value })}
            data={THEMES.map((value) => ({ value, label: t(`settings.${value}`) }))}
          />
        </div>
      </Card>
      <Card title={t('settings.about')}>
        <Facts
          facts={[
            [t('settings.version'), `Muster ${app.version}`],
            [t('settings.mode'), t(`settings.mode_${app.mode}`)],
            [t('settings.computer'), app.hostname],
            [t('settings.platform'), agent?.hardware?.os_name ?? t(`settings.platform_${app.platform}`)],
            ...(agent?.node_id ? [[t('settings.node_id'), <code key="id">{agent.node_id}</code>] as const] : []),
            ...(pool === null ? [] : [[t('settings.scheduler_version'), pool.scheduler_version] as const]),
          ]}
        />
      </Card>
    </Page>
  );
}
