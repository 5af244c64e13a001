// Lets another scheduler lead, after its consequences were shown.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { type ClusterView, hasOtherMember } from '../../../shared/api/cluster';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { STEP_DOWN_ID } from '../../routes';
import { useScreenState } from '../../store/Screen';
import { goTo, useRoutePart } from '../../store/use-route';
import classes from './StepDown.module.css';

const EFFECTS = ['nodes', 'requests', 'jobs'] as const;
/** Each scheduler keeps its connections. */
const EFFECTS_WITH_BUS = ['nodes_with_bus', 'requests_with_bus', 'jobs'] as const;

export interface StepDownProps {
  readonly cluster: ClusterView;
  readonly isWaiting: boolean;
  readonly onDone: () => void;
}

export function StepDown({ cluster, isWaiting, onDone }: StepDownProps) {
  const { t } = useLabels();
  const stepDown = useOperation('pool.step_down');
  const [isOpened, setIsOpened] = useState(false);
  const isAsked = useRoutePart(({ page, id }) => (page === 'cluster' && id === STEP_DOWN_ID ? id : null)) !== null;
  // The scheduler that answered no longer leads, or is away.
  const isConnected = useScreenState(({ connection }) => connection === 'open');
  const canLead = hasOtherMember(cluster);
  const name = cluster.leader ?? cluster.self;
  const close = (): void => {
    setIsOpened(false);
    if (isAsked) goTo({ page: 'cluster' }, { replace: true });
  };
  const run = async (): Promise<{ readonly ok: boolean }> => {
    const outcome = await stepDown.run({});
    if (outcome.ok) onDone();
    return outcome;
  };
  return (
    <>
      <Button
        variant="default"
        disabled={!canLead || isWaiting || !isConnected}
        title={canLead ? undefined : t('cluster.step_down_none')}
        onClick={() => setIsOpened(true)}
      >
        {t('cluster.step_down')}
      </Button>
      <ConfirmDialog
        operation={stepDown}
        run={run}
        opened={(isAsked || isOpened) && !isWaiting}
        title={t('cluster.step_down_title')}
        confirm={t('cluster.step_down_do')}
        isHarmless
        onClose={close}
      >
        <p>
          <Rich k="cluster.step_down_first" values={{ name }} />
        </p>
        <ul className={classes['effects']}>
          {(cluster.bus === null ? EFFECTS : EFFECTS_WITH_BUS).map((effect) => (
            <li key={effect}>
              <Rich k={`cluster.step_down_effects.${effect}`} values={{ name }} />
            </li>
          ))}
        </ul>
      </ConfirmDialog>
    </>
  );
}
