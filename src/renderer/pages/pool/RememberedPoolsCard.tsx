// The pools that this computer knows: switch to another one, or forget it with its key.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { RememberedPoolView } from '../../../shared/api/remembered-pools';
import { Badge } from '../../components/Badge';
import { Card } from '../../components/Card';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { Dim } from '../../components/Dim';
import { Rich } from '../../components/Rich';
import { Ago } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { useRememberedPools } from '../../queries/pools';
import { useOperation } from '../../queries/use-operation';
import { ChangePoolDialog } from './ChangePoolDialog';
import { changeTo, usePoolTitle } from './pool-title';
import { PoolRows } from './PoolRows';
import type { PoolChange } from '../../queries/pool-change';
import classes from './RememberedPoolsCard.module.css';

export function RememberedPoolsCard() {
  const { t } = useLabels();
  const pools = useRememberedPools();
  const [change, setChange] = useState<PoolChange | null>(null);
  const [forgotten, setForgotten] = useState<RememberedPoolView | null>(null);
  // The own pool alone is no choice.
  if (pools === null || pools.length < 2) return null;
  return (
    <Card title={t('pools.title')}>
      <Dim as="p">{t('pools.text')}</Dim>
      <div className={classes['list']}>
        <PoolRows label={t('pools.title')}>
          {pools.map((pool) => (
            <PoolLine key={pool.pool_id} pool={pool} onSwitch={setChange} onForget={setForgotten} />
          ))}
        </PoolRows>
      </div>
      <ChangePoolDialog change={change} onClose={() => setChange(null)} />
      <ForgetDialog pool={forgotten} onClose={() => setForgotten(null)} />
    </Card>
  );
}

interface PoolLineProps {
  readonly pool: RememberedPoolView;
  readonly onSwitch: (change: PoolChange) => void;
  readonly onForget: (pool: RememberedPoolView) => void;
}

function PoolLine({ pool, onSwitch, onForget }: PoolLineProps) {
  const { t } = useLabels();
  const name = usePoolTitle()(pool);
  return (
    <li>
      <span>
        <span className={classes['name']}>
          <b>{name}</b>
          {pool.is_current && <Badge>{t('pools.current')}</Badge>}
        </span>
        <Dim as="span">
          {pool.address ?? pool.name ?? t('pools.own_note')} ·{' '}
          {pool.last_used_at === null ? (
            t('pools.never')
          ) : (
            <Rich k="pools.last_used" values={{ age: <Ago wallMs={pool.last_used_at} /> }} />
          )}
        </Dim>
      </span>
      {!pool.is_current && (
        <span className={classes['acts']}>
          {pool.kind === 'joined' && (
            <Button variant="subtle" size="compact-sm" aria-label={t('pools.forget_of', { name })} onClick={() => onForget(pool)}>
              {t('pools.forget')}
            </Button>
          )}
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t('pools.switch_to', { name })}
            onClick={() => onSwitch(changeTo(pool, name))}
          >
            {t('pools.switch')}
          </Button>
        </span>
      )}
    </li>
  );
}

function ForgetDialog({ pool, onClose }: { readonly pool: RememberedPoolView | null; readonly onClose: () => void }) {
  const { t } = useLabels();
  const forget = useOperation('pools.forget');
  const title = usePoolTitle();
  const name = pool === null ? '' : title(pool);
  return (
    <ConfirmDialog
      operation={forget}
      run={() => forget.run({ pool_id: pool?.pool_id ?? '' })}
      opened={pool !== null}
      title={t('pools.forget_title', { name })}
      confirm={t('pools.forget_do')}
      onClose={onClose}
    >
      <p>{t('pools.forget_text')}</p>
    </ConfirmDialog>
  );
}
