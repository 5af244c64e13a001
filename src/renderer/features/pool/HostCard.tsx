// The scheduler of this computer: its state, its addresses, its join link; its last words when it failed.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { HostView } from '../../../shared/api/app-state';
import { useNow } from '../../clock/Clock';
import { ClockTime } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Code } from '../../components/Code';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { CopyField } from '../../components/CopyField';
import { ErrorNote } from '../../components/ErrorNote';
import { Rich } from '../../components/Rich';
import type { Shape } from '../../components/StatusShape';
import { StatusWord } from '../../components/StatusWord';
import { useWords } from '../../i18n/use-words';
import { useApp } from '../../store/Screen';
import { useOperation } from '../../store/use-operation';
import classes from './HostCard.module.css';

const SHAPES: Record<HostView['state'], Shape> = {
  stopped: 'offline',
  starting: 'waiting',
  running: 'ready',
  restarting: 'registering',
  failed: 'refused',
};

const TITLES = {
  stopped: 'pool.host_title',
  starting: 'pool.host_other',
  running: 'pool.host_running',
  restarting: 'pool.host_other',
  failed: 'pool.host_other',
} as const;

export function HostCard({ host, canHost }: { readonly host: HostView; readonly canHost: boolean }) {
  const { t } = useWords();
  const start = useOperation('host.start');
  const isUp = host.state !== 'stopped' && host.state !== 'failed';
  return (
    <Card title={t(TITLES[host.state])} tone={host.state === 'failed' ? 'error' : host.state === 'restarting' ? 'warning' : 'plain'}>
      <div className={classes['host']}>
        <div className={classes['state']}>
          <StatusWord shape={SHAPES[host.state]} word={t(`pool.host_state.${host.state}`)} />
          {isUp && <span className={classes['dim']}>{t(`pool.scope.${host.scope}`)}</span>}
          {isUp && (
            <span className={classes['dim']}>
              <Rich k="pool.since" values={{ since: <ClockTime timeMs={host.since} /> }} />
            </span>
          )}
        </div>
        {host.state === 'stopped' && <p>{t('pool.host_text')}</p>}
        {(host.state === 'failed' || host.state === 'restarting') && <Failure host={host} />}
        {host.state === 'running' && <Addresses host={host} />}
        {canHost && (
          <div className={classes['actions']}>
            {!isUp && (
              <>
                <Button loading={start.pending} onClick={() => void start.run({ scope: 'this_computer' })}>
                  {t(host.state === 'failed' ? 'pool.start_again' : 'pool.start_here')}
                </Button>
                <Button variant="default" disabled={start.pending} onClick={() => void start.run({ scope: 'lan' })}>
                  {t('pool.start_lan')}
                </Button>
              </>
            )}
            {host.state === 'running' && (
              <Button
                variant="default"
                loading={start.pending}
                onClick={() => void start.run({ scope: host.scope === 'lan' ? 'this_computer' : 'lan' })}
              >
                {t(host.scope === 'lan' ? 'pool.only_here' : 'pool.start_lan')}
              </Button>
            )}
            {isUp && <StopButton />}
          </div>
        )}
        <ErrorNote error={start.error} />
      </div>
    </Card>
  );
}

function Addresses({ host }: { readonly host: HostView }) {
  const { t } = useWords();
  return (
    <>
      {host.join_link !== null && (
        <>
          <CopyField label={t('pool.join_link')} value={host.join_link} />
          <p className={classes['dim']}>{t('pool.join_link_note')}</p>
        </>
      )}
      {host.lan_urls.map((url, index) => (
        <CopyField key={url} label={t('pool.lan_address')} hideLabel={index > 0} value={url} />
      ))}
      {host.lan_urls[0] !== undefined && (
        <>
          <CopyField label={t('pool.programs_address')} value={`${host.lan_urls[0]}/v1`} />
          <p className={classes['dim']}>{t('pool.programs_note')}</p>
        </>
      )}
      {host.scope === 'lan' && host.lan_urls.length === 0 && <p>{t('pool.no_lan')}</p>}
      {host.url !== null && <CopyField label={t('pool.address')} value={host.url} />}
    </>
  );
}

function Failure({ host }: { readonly host: HostView }) {
  const words = useWords();
  const { t, format } = words;
  const now = useNow();
  const sentences = [
    ...(host.error_code === null ? [] : [words.code('host_error', host.error_code)]),
    ...(host.exit_code === null ? [] : [t('pool.exit_code', { code: host.exit_code })]),
    ...(host.restarts === 0 ? [] : [t('pool.restarts', { count: host.restarts })]),
    ...(host.next_restart_at === null ? [] : [t('pool.next_restart', { left: format.duration(host.next_restart_at - now + 999) })]),
  ];
  return (
    <div>
      <p>
        {sentences.join(' ')} {host.error_code !== null && <Code>{host.error_code}</Code>}
      </p>
      {host.last_log_lines.length > 0 && (
        <>
          <h3 className={classes['label']}>{t('pool.last_log_lines')}</h3>
          <pre className={classes['words']} tabIndex={0}>
            {host.last_log_lines.join('\n')}
          </pre>
        </>
      )}
    </div>
  );
}

function StopButton() {
  const { t } = useWords();
  const [asking, setAsking] = useState(false);
  const stop = useOperation('host.stop');
  const others = useApp(({ nodes, agent }) => nodes.filter((node) => node.online && node.node_id !== agent?.node_id).length);
  const close = (): void => {
    setAsking(false);
    stop.clear();
  };
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('pool.stop')}
      </Button>
      <ConfirmDialog
        opened={asking}
        title={t('pool.stop_title')}
        confirm={t('pool.stop')}
        pending={stop.pending}
        error={stop.error}
        onClose={close}
        onConfirm={() => void stop.run({}).then((outcome) => outcome.ok && close())}
      >
        <p>{t('pool.stop_text', { count: others })}</p>
      </ConfirmDialog>
    </>
  );
}
