// This computer is in no pool: after the first start, or after it left one. The user can start a pool or join one.
import { Button } from '@mantine/core';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { useOperation } from '../../queries/use-operation';
import { HeroFrame } from './HeroFrame';

export function IdleHero() {
  const { t } = useLabels();
  const canHost = useApp(({ app, host }) => app.can_host && host !== null);
  const canJoin = useApp(({ app }) => app.can_join);
  const hostState = useApp(({ host }) => host?.state);
  const start = useOperation('host.start');
  const isStarting = start.pending || hostState === 'starting' || hostState === 'restarting';
  return (
    <HeroFrame
      shape="offline"
      title={t('hero.idle.title')}
      error={start.error}
      actions={
        <>
          {canHost && (
            <>
              <Button loading={isStarting} onClick={() => void start.run({ scope: 'lan' })}>
                {t('setup.start_shared')}
              </Button>
              <Button variant="default" disabled={isStarting} onClick={() => void start.run({ scope: 'this_computer' })}>
                {t('setup.only_here')}
              </Button>
            </>
          )}
          {canJoin && (
            <Button variant="default" component="a" href={hrefOf({ page: 'pool' })}>
              {t('hero.idle.join')}
            </Button>
          )}
        </>
      }
    >
      <p>{t('hero.idle.text')}</p>
    </HeroFrame>
  );
}
