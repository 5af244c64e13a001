// Joins a pool of the local network by six digits. Both people confirm: the host approves, and this person says that the host shows the
// same digits. The state has the stages of the attempt, so that the card is right after a reload.
import { Button, Group } from '@mantine/core';
import type { AppError } from '../../../shared/api/app-api';
import { hostAndPort } from '../../../shared/api/join-link';
import type { NearbyAttempt, NearbyPoolView, NearbyView } from '../../../shared/api/nearby';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { AttemptEnd } from './AttemptEnd';
import { AttemptView } from './AttemptView';
import type { CurrentPool } from './current-pool';
import { PoolRows } from './PoolRows';
import type { PoolSearch } from './use-search';
import classes from './NearbyCard.module.css';

export interface NearbyCardProps {
  readonly nearby: NearbyView;
  readonly search: PoolSearch;
  readonly currentPool: CurrentPool;
}

export function NearbyCard({ nearby: { pools, attempt }, search, currentPool }: NearbyCardProps) {
  const { t } = useLabels();
  const join = useOperation('nearby.join');
  const start = (poolId: string): void => void join.run({ pool_id: poolId });
  if (attempt !== null && isRunning(attempt))
    return (
      <Card title={t('nearby.title')}>
        <AttemptView attempt={attempt} currentPool={currentPool} />
      </Card>
    );
  return (
    <Card title={t('nearby.title')} aside={search.isSearching ? t('nearby.searching') : undefined}>
      <div className={classes['lines']}>
        {attempt !== null && <AttemptEnd attempt={attempt} />}
        <Dim as="p">{t('nearby.text')}</Dim>
        {pools.length === 0 ? (
          <p>{t(currentPool === 'none' ? 'nearby.none' : 'nearby.none_other')}</p>
        ) : (
          <Pools pools={pools} isStarting={join.pending} onJoin={start} />
        )}
        <Errors errors={[join.error, search.error]} />
        <Group gap="xs">
          <Button variant="default" loading={search.isFetching} onClick={search.again}>
            {t('nearby.search_again')}
          </Button>
        </Group>
      </div>
    </Card>
  );
}

const isRunning = ({ stage }: NearbyAttempt): boolean => stage === 'connecting' || stage === 'comparing' || stage === 'waiting_for_host';

const Errors = ({ errors }: { readonly errors: readonly (AppError | null)[] }) => (
  <ErrorNote error={errors.find((error) => error !== null) ?? null} />
);

interface PoolsProps {
  readonly pools: readonly NearbyPoolView[];
  readonly isStarting: boolean;
  readonly onJoin: (poolId: string) => void;
}

function Pools({ pools, isStarting, onJoin }: PoolsProps) {
  const { t } = useLabels();
  return (
    <PoolRows label={t('nearby.title')}>
      {pools.map(({ id, name, address, port }) => (
        <li key={id}>
          <span>
            <b>{name}</b>
            <Dim as="span">{t('nearby.at', { address: hostAndPort({ host: address, port }) })}</Dim>
          </span>
          <Button variant="default" disabled={isStarting} aria-label={t('nearby.join_of', { name })} onClick={() => onJoin(id)}>
            {t('nearby.join')}
          </Button>
        </li>
      ))}
    </PoolRows>
  );
}
