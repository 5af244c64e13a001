// Changes that wait for a restart of the hosted scheduler: the value that it runs with, and the next one.
import type { SettingView } from '../../../shared/api/settings';
import { Card } from '../../components/Card';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { localized } from '../../labels/localized';
import { valueText } from '../../labels/setting-labels';
import { RestartNow, useIsHosted } from './RestartNow';
import type { SectionName } from './setting-sections';
import classes from './SettingsPage.module.css';

export interface RestartCardProps {
  readonly settings: readonly SettingView[];
  /** The section in sight. Null: all. In the sections without a change that waits, the card is one line. */
  readonly section: SectionName | null;
}

export function RestartCard({ settings, section }: RestartCardProps) {
  const labels = useLabels();
  const { t } = labels;
  const isHosted = useIsHosted();
  const waiting = settings.filter(({ applies, running }) => applies === 'restart_scheduler' && running !== undefined);
  if (waiting.length === 0 || !isHosted) return null;
  return (
    <Card label={t('settings.restart_title', { count: waiting.length })} tone="warning">
      <div className={classes['restart']}>
        <div>
          <b>{t('settings.restart_title', { count: waiting.length })}</b>
          {(section === null || waiting.some((setting) => setting.section === section)) && (
            <ul className={classes['waiting']}>
              {waiting.map((setting) => (
                <li key={setting.key}>{changeOf(labels, setting)}</li>
              ))}
            </ul>
          )}
        </div>
        <RestartNow effects={waiting.map((setting) => effectOf(labels, setting))} />
      </div>
    </Card>
  );
}

const changeOf = (labels: Labels, setting: SettingView): string =>
  labels.t('settings.restart_change', {
    title: localized(labels, setting.title),
    before: valueText(labels, setting, setting.running ?? null),
    after: valueText(labels, setting, setting.value),
  });

/** Another port changes the addresses that others use. */
const effectOf = (labels: Labels, setting: SettingView): string =>
  setting.key === 'server.port'
    ? labels.t('settings.restart_port', { before: String(setting.running ?? ''), after: String(setting.value) })
    : changeOf(labels, setting);
