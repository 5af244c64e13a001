// Facts about the program. A package also opens its guide and its licences; a browser has no files to open.
import { Group } from '@mantine/core';
import { useShallow } from 'zustand/react/shallow';
import type { AppDocument } from '../../../shared/api/app-documents';
import { Card } from '../../components/Card';
import { ErrorNote } from '../../components/ErrorNote';
import { Facts } from '../../components/Facts';
import { LinkButton } from '../../components/LinkButton';
import { useIsPhone } from '../../components/use-is-phone';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';

const OF_OTHERS = ['dependencies', 'node', 'chromium'] as const satisfies readonly AppDocument[];

export function AboutSection() {
  const { t } = useLabels();
  const { app, agent, pool } = useApp(useShallow(({ app, agent, pool }) => ({ app, agent, pool })));
  const isPhone = useIsPhone();
  const open = useOperation('desktop.open_document');
  const { documents = [] } = app;
  const others = OF_OTHERS.filter((one) => documents.includes(one));
  const link = (document: AppDocument, text: string) => (
    <LinkButton
      key={document}
      {...(document === 'guide'
        ? {}
        : { label: `${t(document === 'licence' ? 'settings.licence' : 'settings.licences')}${t('punctuation.colon')}${text}` })}
      onClick={() => void open.run({ document })}
    >
      {text}
    </LinkButton>
  );
  return (
    <Card title={t('setting_section.about')}>
      <Facts
        facts={[
          [t('settings.version'), `Muster ${app.version}`],
          [t('settings.mode'), t(`settings.mode_${app.mode}`)],
          [t('settings.computer'), app.hostname],
          [t('settings.platform'), agent?.hardware?.os_name ?? t(`settings.platform_${app.platform}`)],
          ...(agent?.node_id ? [[t('settings.node_id'), <code key="id">{agent.node_id}</code>] as const] : []),
          ...(pool === null ? [] : [[t('settings.scheduler_version'), pool.scheduler_version] as const]),
          [t('settings.licence'), documents.includes('licence') ? link('licence', 'MIT') : 'MIT'],
          ...(others.length === 0
            ? []
            : [
                [
                  t('settings.licences'),
                  <Group key="others" gap="4px 16px">
                    {others.map((one) => link(one, one === 'node' ? 'Node.js' : t(`settings.licences_of.${one}`)))}
                  </Group>,
                ] as const,
              ]),
          ...(documents.includes('guide') ? [[t('settings.guide'), link('guide', t('settings.guide_open'))] as const] : []),
          ...(isPhone
            ? []
            : [
                [
                  t('shortcut.title'),
                  <a key="shortcuts" href={hrefOf({ page: 'settings', id: 'about', dialog: 'shortcuts' })}>
                    {t('shortcut.list')}
                  </a>,
                ] as const,
              ]),
          [
            t('settings.problem'),
            <a key="problem" className="link-target" href={hrefOf({ page: 'logs' })}>
              {t('settings.problem_report')}
            </a>,
          ],
        ]}
      />
      <ErrorNote error={open.error} />
    </Card>
  );
}
