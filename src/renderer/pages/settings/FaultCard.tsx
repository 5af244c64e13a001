// The configuration file became invalid while the program runs.
import type { SettingsView } from '../../../shared/api/settings';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';

export function FaultCard({ fault: { line, key, reason } }: { readonly fault: NonNullable<SettingsView['fault']> }) {
  const { t } = useLabels();
  return (
    <Card title={t('settings.fault_title')} tone="error">
      <p>{line === null || key === null ? t('settings.fault_here', { reason }) : t('settings.fault_at', { line, key, reason })}</p>
      <Dim as="p">{t('settings.fault_help')}</Dim>
    </Card>
  );
}
