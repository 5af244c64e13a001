// This computer has no usable GPU: no failure, because it can host a pool and use the GPUs of others. What was checked, and the fix.
import { Button } from '@mantine/core';
import type { AgentView } from '../../../shared/api/agent-view';
import { Code } from '../../components/Code';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { RefusedAdapters } from '../gpus/RefusedAdapters';
import { TraceList } from '../gpus/TraceList';
import { HeroFrame } from './HeroFrame';
import classes from './RefusedHero.module.css';

export function NoGpuHero({ agent: { hardware } }: { readonly agent: AgentView }) {
  const { t } = useLabels();
  const recheck = useOperation('agent.recheck');
  return (
    <HeroFrame
      shape="offline"
      title={t('error.NO_GPU_AVAILABLE.title')}
      actions={
        <Button variant="default" loading={recheck.pending} onClick={() => void recheck.run({})}>
          {t('action.check_again')}
        </Button>
      }
      error={recheck.error}
      reasons={
        <div className={classes['reasons']}>
          <p>
            {t('error.NO_GPU_AVAILABLE.fix')} <Code>NO_GPU_AVAILABLE</Code>
          </p>
          {hardware !== null && (
            <>
              <TraceList trace={hardware.trace} />
              <RefusedAdapters gpus={hardware.gpus} />
            </>
          )}
        </div>
      }
    >
      <p>{t('setup.no_gpu_roles')}</p>
    </HeroFrame>
  );
}
