// Whether the local network sees the pool of this computer, and whether programs may send jobs without TLS. A change restarts the scheduler.
import { Switch } from '@mantine/core';
import type { HostView } from '../../../shared/api/app-state';
import { Dim } from '../../components/Dim';
import { Disclosure } from '../../components/Disclosure';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import classes from './HostCard.module.css';
import { useHostStart } from '../../components/own/use-host-start';

/** A shared pool has them while it runs. They stay open while a change restarts it. */
export function HostSettings({ host }: { readonly host: HostView }) {
  const { t } = useLabels();
  const isShared = host.state === 'running' && host.scope === 'lan';
  const summary = [
    t(host.announced ? 'host_setting.is_announced' : 'host_setting.is_not_announced'),
    t(host.plain_http_api ? 'host_setting.is_plain' : 'host_setting.is_encrypted'),
  ].join(' · ');
  return (
    <Disclosure title={t('host_setting.title')} summary={summary} hidden={!isShared}>
      {isShared && <Switches host={host} />}
    </Disclosure>
  );
}

function Switches({ host: { scope, announced: isAnnounced, plain_http_api: isPlain } }: { readonly host: HostView }) {
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
