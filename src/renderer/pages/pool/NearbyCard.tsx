// Joins a pool of the local network by six digits. Both people confirm: the host approves, and this person says that the host shows the
// same digits. The state has the stages of the attempt, so that the card is right after a reload.
import { Button, Group } from '@mantine/core';
import { type ReactNode, useId } from 'react';
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
  /** To join the first of the pools is the primary action of the page. */
  readonly isPrimary?: boolean;
}

export function NearbyCard(props: NearbyCardProps) {
  const { t } = useLabels();
  return (
    <Card title={t('nearby.title')} aside={props.nearby.pools.length > 0 && <Searching {...props} />}>
      <NearbyPools {...props} text={<Dim as="p">{t('nearby.text')}</Dim>} />
    </Card>
  );
}

/** Inside the card of all ways to join, which has the text. */
export function NearbyPart(props: NearbyCardProps) {
  const { t } = useLabels();
  const id = useId();
  return (
    <section className={classes['part']} aria-labelledby={id}>
      <div className={classes['head']}>
        <h3 id={id}>{t('nearby.title')}</h3>
        <Searching {...props} />
      </div>
      <NearbyPools {...props} text={null} />
    </section>
  );
}

function Searching({ nearby: { attempt }, search }: NearbyCardProps) {
  const { t } = useLabels();
  return search.isSearching && !isRunning(attempt) && <Dim as="span">{t('nearby.searching')}</Dim>;
}

function NearbyPools({
  nearby: { pools, attempt },
  search,
  currentPool,
  isPrimary = false,
  text,
}: NearbyCardProps & { readonly text: ReactNode }) {
  const { t } = useLabels();
  const join = useOperation('nearby.join');
  const start = (poolId: string): void => void join.run({ pool_id: poolId });
  if (attempt !== null && isRunning(attempt)) return <AttemptView attempt={attempt} currentPool={currentPool} />;
  return (
    <div className={classes['lines']}>
      {attempt !== null && <AttemptEnd attempt={attempt} />}
      {text}
      {pools.length === 0 ? (
        <p>{t(search.isSearching ? 'nearby.soon' : currentPool === 'none' ? 'nearby.none' : 'nearby.none_other')}</p>
      ) : (
        <Pools pools={pools} isPrimary={isPrimary} isStarting={join.pending} onJoin={start} />
      )}
      <Errors errors={[join.error, search.error]} />
      {!search.isSearching && (
        <Group gap="xs">
          <Button variant="default" onClick={search.again}>
            {t('nearby.search_again')}
          </Button>
        </Group>
      )}
    </div>
  );
}

const RUNNING: readonly NearbyAttempt['stage'][] = ['connecting', 'comparing', 'waiting_for_host'];
const isRunning = (attempt: NearbyAttempt | null): boolean => attempt !== null && RUNNING.includes(attempt.stage);

const Errors = ({ errors }: { readonly errors: readonly (AppError | null)[] }) => (
  <ErrorNote error={errors.find((error) => error !== null) ?? null} />
);

interface PoolsProps {
  readonly pools: readonly NearbyPoolView[];
  readonly isPrimary: boolean;
  readonly isStarting: boolean;
  readonly onJoin: (poolId: string) => void;
}

function Pools({ pools, isPrimary, isStarting, onJoin }: PoolsProps) {
  const { t } = useLabels();
  return (
    <PoolRows label={t('nearby.title')}>
      {pools.map(({ id, name, address, port, ...offer }, index) => (
        <li key={id}>
          <span>
            <b>{name}</b>
            <Offer {...offer} />
            <Dim as="span">{t('nearby.at', { address: hostAndPort({ host: address, port }) })}</Dim>
          </span>
          <Button
            variant={isPrimary && index === 0 ? 'filled' : 'default'}
            disabled={isStarting}
            aria-label={t('nearby.join_of', { name })}
            onClick={() => onJoin(id)}
          >
            {t('nearby.join')}
          </Button>
        </li>
      ))}
    </PoolRows>
  );
}

/** What the pool announces. An older host announces nothing of this. */
function Offer({ gpus, models }: Pick<NearbyPoolView, 'gpus' | 'models'>) {
  const { t, format } = useLabels();
  const parts = [
    ...(gpus === undefined ? [] : [t('nearby.gpus', { count: gpus, formatted: format.number(gpus) })]),
    ...(models === undefined ? [] : [t('nearby.models', { count: models, formatted: format.number(models) })]),
  ];
  return parts.length === 0 ? null : <span>{parts.join(t('punctuation.list'))}</span>;
}
