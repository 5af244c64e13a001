// The settings of the pool of this computer: whether the local network sees it, and whether programs may send jobs without TLS. A change
// restarts the scheduler. And the ways to end the pool or its sharing.
import { Group, Stack, Switch } from '@mantine/core';
import type { HostView } from '../../../shared/api/app-state';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import classes from './HostSettings.module.css';
import { OnlyHereButton, StopButton } from './StopButtons';
import { useHostStart } from './use-host-start';

/** While the pool runs. */
export function HostSettingsCard({ host }: { readonly host: HostView }) {
  const { t } = useLabels();
  return (
    <Card title={t('host_setting.title')}>
      <Stack gap="sm">
        {host.scope === 'lan' && <HostSettings host={host} />}
        <Group gap="xs">
          {host.scope === 'lan' && <OnlyHereButton />}
          <StopButton />
        </Group>
      </Stack>
    </Card>
  );
}

function HostSettings({ host: { scope, announced: isAnnounced, plain_http_api: isPlain } }: { readonly host: HostView }) {
  const { t } = useLabels();
  const { start, pending, error, question } = useHostStart();
  return (
    <div className={classes['settings']}>
      <Switch
        label={t('host_setting.announced')}
        // Otherwise its description is part of its name.
        aria-label={t('host_setting.announced')}
        description={t('host_setting.announced_note')}
        checked={isAnnounced}
        disabled={pending}
        onChange={(event) => start({ scope, announce: event.currentTarget.checked })}
      />
      <Switch
        label={t('host_setting.plain')}
        aria-label={t('host_setting.plain')}
        description={t('host_setting.plain_note')}
        checked={isPlain}
        disabled={pending}
        onChange={(event) => start({ scope, plain_http_api: event.currentTarget.checked })}
      />
      <Dim as="p">{t('host_setting.restarts')}</Dim>
      <ErrorNote error={error} />
      {question}
    </div>
  );
}
