// Step 1: the GPUs with their driver, the model servers with their models, and the pools nearby.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AgentView } from '../../../shared/api/agent-view';
import type { NearbyView } from '../../../shared/api/nearby';
import { isDamaged } from '../../../shared/api/own-damage';
import { isInOtherPool } from '../../../shared/api/own-host';
import { SimulatedBadge } from '../../components/Badge';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { StatusShape } from '../../components/StatusShape';
import { useLabels } from '../../i18n/use-labels';
import { isRepairable } from '../../labels/repairable-gpu';
import { useOperation } from '../../queries/use-operation';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { DriverLink } from '../../components/DriverLink';
import { type Finding, foundGpus, foundModels, foundPools } from './findings';
import classes from './SetupPage.module.css';

export interface FoundCardProps {
  readonly agent: AgentView;
  /** Null: this program does not search, or this computer has its pool. Step 2 says that none is found yet. */
  readonly nearby: NearbyView | null;
}

export function FoundCard({ agent, nearby }: FoundCardProps) {
  const labels = useLabels();
  const { t } = labels;
  const isMember = useApp(isInOtherPool);
  const gpus = foundGpus(labels, agent.hardware, isMember);
  const damaged = agent.models.find(isDamaged);
  return (
    <Card>
      <ul className={classes['found']}>
        <Found finding={gpus} isSimulated={agent.simulated}>
          {gpus.shape === 'offline' && <NoGpuActions agent={agent} />}
        </Found>
        <Found finding={foundModels(labels, agent)}>
          {damaged !== undefined && (
            <p>
              <a className="link-target" href={hrefOf({ page: 'models', id: damaged.model_id })}>
                {t('setup.show_model', { model: damaged.model_id })}
              </a>
            </p>
          )}
        </Found>
        {nearby !== null && nearby.pools.length > 0 && <Found finding={foundPools(labels, nearby)} />}
      </ul>
    </Card>
  );
}

/** The driver that is missing, what was checked, and another check: a driver may need no restart. */
function NoGpuActions({ agent: { hardware } }: Pick<FoundCardProps, 'agent'>) {
  const { t } = useLabels();
  const recheck = useOperation('agent.recheck');
  return (
    <>
      <p className={classes['actions']}>
        <DriverLink gpu={hardware?.gpus.find(isRepairable)} />
        <a href={hrefOf({ page: 'gpus' })}>{t('setup.show_checks')}</a>
        <Button size="compact-sm" variant="default" loading={recheck.pending} onClick={() => void recheck.run({})}>
          {t('action.check_again')}
        </Button>
      </p>
      <ErrorNote error={recheck.error} />
    </>
  );
}

interface FoundProps {
  readonly finding: Finding;
  readonly isSimulated?: boolean;
  readonly children?: ReactNode;
}

function Found({ finding: { shape, title, lines }, isSimulated = false, children }: FoundProps) {
  return (
    <li>
      <StatusShape shape={shape} size={16} />
      <span>
        <b>{title}</b> {isSimulated && <SimulatedBadge gpu />}
      </span>
      {lines.map((line) => (
        <Dim key={line} as="p">
          {line}
        </Dim>
      ))}
      {children}
    </li>
  );
}
