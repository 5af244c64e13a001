// The settings of a shared pool: whether the local network sees it, and whether programs may send jobs without TLS. A change restarts the
// scheduler.
import { Checkbox, Switch } from '@mantine/core';
import type { HostView } from '../../../shared/api/app-state';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import classes from './HostCard.module.css';

export function HostSettings({ host: { scope, announced: isAnnounced, plain_http_api: isPlain } }: { readonly host: HostView }) {
  const { t } = useLabels();
  const start = useOperation('host.start');
  return (
    <div className={classes['settings']}>
      <Switch
        label={t('host_setting.announced')}
        // Otherwise its description is part of its name.
        aria-label={t('host_setting.announced')}
        description={t('host_setting.announced_note')}
        checked={isAnnounced}
        disabled={start.pending}
        onChange={(event) => void start.run({ scope, announce: event.currentTarget.checked })}
      />
      <Checkbox
        classNames={{ inner: classes['box'] ?? '' }}
        label={t('host_setting.plain')}
        description={t('host_setting.plain_note')}
        checked={isPlain}
        disabled={start.pending}
        onChange={(event) => void start.run({ scope, plain_http_api: event.currentTarget.checked })}
      />
      <Dim as="p">{t('host_setting.restarts')}</Dim>
      <ErrorNote error={start.error} />
    </div>
  );
}
