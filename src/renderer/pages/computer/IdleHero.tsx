// This computer is in no pool: after the first start, or after it left one. The user can start a pool or join one, first where one is nearby.
import { Button } from '@mantine/core';
import { Fragment } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { AppState } from '../../../shared/api/app-state';
import { comesUp } from '../../../shared/api/own-host';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { useOperation } from '../../queries/use-operation';
import { useOwnFirst } from '../../store/own-first';
import { HeroFrame } from './HeroFrame';

const NAMED = 3;
const namesNearby = ({ nearby }: Pick<AppState, 'nearby'>): readonly string[] =>
  (nearby?.pools ?? []).slice(0, NAMED).map(({ name }) => name);

export function IdleHero() {
  const { t } = useLabels();
  const canHost = useApp(({ app, host }) => app.can_host && host !== null);
  const canJoin = useApp(({ app }) => app.can_join);
  const isComingUp = useApp(({ host }) => host !== null && comesUp(host));
  const { isFirst, isPrimary } = useOwnFirst();
  const nearby = useApp(useShallow(namesNearby));
  const start = useOperation('host.start');
  const isStarting = start.pending || isComingUp;
  const own = canHost && (
    <Fragment key="own">
      <Button variant={isPrimary ? 'filled' : 'default'} loading={isStarting} onClick={() => void start.run({ scope: 'lan' })}>
        {t('setup.start_shared')}
      </Button>
      <Button variant="default" disabled={isStarting} onClick={() => void start.run({ scope: 'this_computer' })}>
        {t('setup.only_here')}
      </Button>
    </Fragment>
  );
  const join = canJoin && (
    <Button key="join" variant={isPrimary ? 'default' : 'filled'} component="a" href={hrefOf({ page: 'pool' })}>
      {t('hero.idle.join')}
    </Button>
  );
  return (
    <HeroFrame shape="offline" title={t('hero.idle.title')} error={start.error} actions={isFirst ? [own, join] : [join, own]}>
      <p>{nearby.length === 0 ? t('hero.idle.text') : t('hero.idle.nearby', { pools: nearby.join(t('punctuation.list')) })}</p>
    </HeroFrame>
  );
}
