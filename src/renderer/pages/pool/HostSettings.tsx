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

/** While the pool runs, or will run by itself. The stop button is in one place in all these states, so that its question stays. */
export function HostSettingsCard({ host }: { readonly host: HostView }) {
  const { t } = useLabels();
  const isShared = host.state === 'running' && host.scope === 'lan';
  return (
    <Card title={t('host_setting.title')}>
      <Stack gap="sm">
        {isShared && <HostSettings host={host} />}
        <Group gap="xs">
          {isShared && <OnlyHereButton />}
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
