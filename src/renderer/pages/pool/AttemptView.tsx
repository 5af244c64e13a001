// A running attempt to join by digits: connecting, comparing, waiting for the host.
import { Button, Group } from '@mantine/core';
import type { NearbyAttempt } from '../../../shared/api/nearby';
import { Digits } from '../../components/Digits';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { Rich } from '../../components/Rich';
import { StatusLine } from '../../components/StatusLine';
import { TimeLeft } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import type { CurrentPool } from './current-pool';
import classes from './NearbyCard.module.css';

export interface AttemptViewProps {
  readonly attempt: NearbyAttempt;
  readonly currentPool: CurrentPool;
}

export function AttemptView({ attempt, currentPool }: AttemptViewProps) {
  const { t } = useLabels();
  const confirm = useOperation('nearby.confirm');
  const cancel = useOperation('nearby.cancel');
  const { pool_name: name, address, stage, digits, expires_at: expiresWallMs } = attempt;
  const isComparing = stage === 'comparing';
  return (
    <div className={classes['attempt']}>
      <div role="status" className={classes['lines']}>
        {digits === null ? (
          <StatusLine shape="waiting">{t('nearby.connecting', { name, address })}</StatusLine>
        ) : (
          <>
            <h3 className={classes['compare']}>{t('nearby.compare', { name })}</h3>
            <Digits digits={digits} />
          </>
        )}
        {stage === 'waiting_for_host' && (
          <div className={classes['centred']}>
            <StatusLine shape="waiting">{t('nearby.waiting')}</StatusLine>
          </div>
        )}
      </div>
      {expiresWallMs !== null && digits !== null && (
        <p className={classes['left']}>
          <Rich k="nearby.expires" values={{ left: <TimeLeft wallMs={expiresWallMs} /> }} />
        </p>
      )}
      {isComparing && (
        <div className={classes['question']}>
          <p>
            <b>{t('nearby.question')}</b>
          </p>
          <Dim as="p">{t('nearby.question_note')}</Dim>
        </div>
      )}
      {currentPool !== 'none' && <Dim as="p">{t(currentPool === 'hosted' ? 'nearby.stops_host' : 'nearby.leaves_pool', { name })}</Dim>}
      <ErrorNote error={confirm.error ?? cancel.error} />
      <Group gap="xs">
        {isComparing && (
          <>
            <Button loading={confirm.pending} onClick={() => void confirm.run({ same: true })}>
              {t('nearby.same')}
            </Button>
            <Button variant="default" disabled={confirm.pending} onClick={() => void confirm.run({ same: false })}>
              {t('nearby.differ')}
            </Button>
          </>
        )}
        <Button variant="default" loading={cancel.pending} onClick={() => void cancel.run({})}>
          {t('action.cancel')}
        </Button>
      </Group>
    </div>
  );
}
