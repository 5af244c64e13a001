// What a page of the pool offers on a computer in no pool: to start one for this computer alone, and to join one. First the likelier one.
import { Button, Group } from '@mantine/core';
import { ownGpuOf } from '../../shared/api/own-gpu';
import { comesUp } from '../../shared/api/own-host';
import { useLabels } from '../i18n/use-labels';
import { hrefOf } from '../routes';
import { useOwnFirst } from '../store/own-first';
import { useApp } from '../store/Screen';
import { Dim } from './Dim';
import { ErrorNote } from './ErrorNote';
import { useHostStart } from './own/use-host-start';
import { startsPool, useLookAroundStart } from './sharing/use-look-around';

export function NoPoolActions() {
  const { t } = useLabels();
  const canHost = useApp(({ app, host }) => app.can_host && host !== null);
  const canJoin = useApp(({ app }) => app.can_join);
  const lacksGpu = useApp(({ agent }) => ownGpuOf(agent?.hardware) === 'none');
  const isComingUp = useApp(({ host }) => host !== null && comesUp(host));
  const mayAnswer = useApp(startsPool);
  const { isFirst, isPrimary } = useOwnFirst();
  const own = useHostStart();
  const processor = useLookAroundStart();
  // Without a GPU this computer is no node: a pool for it alone would run nothing, unless its processor answers.
  const startsOwn = canHost && (mayAnswer || !lacksGpu);
  const start = startsOwn && (
    <Button
      key="own"
      variant={isPrimary ? 'filled' : 'default'}
      loading={own.pending || processor.pending || isComingUp}
      onClick={() => (mayAnswer ? processor.start() : own.start({ scope: 'this_computer' }))}
    >
      {t(mayAnswer ? 'look_around.processor.start' : 'setup.only_here')}
    </Button>
  );
  const join = (
    <Button key="join" component="a" variant={startsOwn && isPrimary ? 'default' : 'filled'} href={hrefOf({ page: 'pool' })}>
      {t(startsOwn && canJoin ? 'hero.idle.join' : 'elsewhere.to_pool')}
    </Button>
  );
  return (
    <>
      <Group>{isFirst ? [start, join] : [join, start]}</Group>
      {startsOwn && <Dim as="p">{t(mayAnswer ? 'look_around.processor.marked' : 'pool.host_choices.this_computer')}</Dim>}
      <ErrorNote error={own.error ?? processor.error} />
      {own.question}
    </>
  );
}
