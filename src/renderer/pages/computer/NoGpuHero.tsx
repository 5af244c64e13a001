// This computer has no usable GPU: no failure, because it can host a pool and use the GPUs of others. What was checked, and the fix.
import { Button } from '@mantine/core';
import type { AgentView } from '../../../shared/api/agent-view';
import { isInOtherPool } from '../../../shared/api/own-host';
import { CodeDetails } from '../../components/CodeDetails';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { useOperation } from '../../queries/use-operation';
import { nodeCounts } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import { isRepairable, repairText } from '../../labels/repairable-gpu';
import { DriverLink } from '../../components/DriverLink';
import { RefusedAdapters } from '../gpus/RefusedAdapters';
import { HeroFrame } from './HeroFrame';
import classes from './RefusedHero.module.css';

export function NoGpuHero({ agent: { hardware } }: { readonly agent: AgentView }) {
  const { t } = useLabels();
  const recheck = useOperation('agent.recheck');
  const isMember = useApp(isInOtherPool);
  const broken = hardware?.gpus.find(isRepairable);
  return (
    <HeroFrame
      shape="offline"
      title={t('error.NO_GPU_AVAILABLE.title')}
      actions={
        <>
          <Roles />
          <Button variant="default" loading={recheck.pending} onClick={() => void recheck.run({})}>
            {t('action.check_again')}
          </Button>
        </>
      }
      error={recheck.error}
      reasons={
        <div className={classes['reasons']}>
          <p>{broken === undefined ? t('error.NO_GPU_AVAILABLE.fix') : repairText({ t }, broken)}</p>
          {hardware !== null && (
            <>
              <RefusedAdapters gpus={hardware.gpus} />
              <p className={classes['links']}>
                <DriverLink gpu={broken} />
                <a href={hrefOf({ page: 'gpus' })}>{t('setup.show_checks')}</a>
              </p>
            </>
          )}
          <CodeDetails code="NO_GPU_AVAILABLE" />
        </div>
      }
    >
      <p>{t(isMember ? 'setup.no_gpu_member' : 'setup.no_gpu_roles')}</p>
    </HeroFrame>
  );
}

/** What this computer can do without a GPU. The first one that leads to an answer is the primary one. */
function Roles() {
  const { t } = useLabels();
  const isHosting = useApp(({ host }) => host !== null && host.state !== 'stopped' && host.state !== 'failed');
  const canHost = useApp(({ app, host }) => app.can_host && host !== null);
  const canJoin = useApp(({ app }) => app.can_join);
  const hasNodes = useApp(({ nodes }) => nodeCounts(nodes).online > 0);
  const canTry = !isHosting || hasNodes;
  return (
    <>
      <Button variant={canTry ? 'filled' : 'default'} component="a" href={hrefOf({ page: 'try' })}>
        {t('nav.try')}
      </Button>
      {canHost && !isHosting && (
        <Button variant="default" component="a" href={hrefOf({ page: 'pool' })}>
          {t('hero.no_gpu_host')}
        </Button>
      )}
      {canJoin && isHosting && (
        <Button variant={canTry ? 'default' : 'filled'} component="a" href={hrefOf({ page: 'pool' })}>
          {t('hero.idle.join')}
        </Button>
      )}
    </>
  );
}
