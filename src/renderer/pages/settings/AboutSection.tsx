// Facts about the program.
import { useShallow } from 'zustand/react/shallow';
import { Card } from '../../components/Card';
import { Facts } from '../../components/Facts';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';

export function AboutSection() {
  const { t } = useLabels();
  const { app, agent, pool } = useApp(useShallow(({ app, agent, pool }) => ({ app, agent, pool })));
  return (
    <Card title={t('setting_section.about')}>
      <Facts
        facts={[
          [t('settings.version'), `Muster ${app.version}`],
          [t('settings.licence'), 'MIT'],
          [t('settings.mode'), t(`settings.mode_${app.mode}`)],
          [t('settings.computer'), app.hostname],
          [t('settings.platform'), agent?.hardware?.os_name ?? t(`settings.platform_${app.platform}`)],
          ...(agent?.node_id ? [[t('settings.node_id'), <code key="id">{agent.node_id}</code>] as const] : []),
          ...(pool === null ? [] : [[t('settings.scheduler_version'), pool.scheduler_version] as const]),
          [
            t('settings.problem'),
            <a key="problem" href={hrefOf({ page: 'logs' })}>
              {t('settings.problem_report')}
            </a>,
          ],
        ]}
      />
    </Card>
  );
}
