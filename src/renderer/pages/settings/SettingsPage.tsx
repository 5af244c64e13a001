// Language and theme of the dashboard, and facts about the program.
import { SegmentedControl } from '@mantine/core';
import { useShallow } from 'zustand/react/shallow';
import { Card } from '../../components/Card';
import { Facts } from '../../components/Facts';
import { Page } from '../../components/Page';
import { useLabels } from '../../i18n/use-labels';
import { LANGUAGES, THEMES } from '../../store/preferences';
import { useApp, useScreenState } from '../../store/Screen';
import classes from './SettingsPage.module.css';

/** The name of each language is in that language. */
const LANGUAGE_NAMES = { en: 'English', 'zh-CN': '简体中文' } as const;

export function SettingsPage() {
  const { t } = useLabels();
  const { language, theme } = useScreenState((state) => state.preferences);
  const setPreferences = useScreenState((state) => state.setPreferences);
  const { app, agent, pool } = useApp(useShallow(({ app, agent, pool }) => ({ app, agent, pool })));
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
