// The actions of the hero while connected. Each has an effect in the state that is shown: a computer that gets no jobs has nothing to
// stop. Only an operator can release a quarantined node, so the owner sees that action only where the program operates the pool.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AppError } from '../../../shared/api/app-api';
import type { NodeStatusMessage } from '../../../shared/protocol/scheduler-messages';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';

export interface HeroActions {
  /** Absent: none. */
  readonly actions?: ReactNode;
  readonly error: AppError | null;
}

/** @param message null: the scheduler has sent no status yet */
export function useHeroActions(message: NodeStatusMessage | null): HeroActions {
  const { t } = useLabels();
  const drain = useOperation('agent.drain');
  const resume = useOperation('agent.resume');
  const recheck = useOperation('agent.recheck');
  const release = useOperation('pool.release');
  const ownId = useApp((app) => ownNode(app)?.node_id ?? null);
  if (message === null) return { error: null };
  const { status } = message;
  const isResting = status === 'draining' || status === 'offline';
  const isQuarantined = message.quarantine != null;
  const buttons = [
    status === 'degraded' && (
      <Button key="recheck" variant="default" loading={recheck.pending} onClick={() => void recheck.run({})}>
        {t('action.check_again')}
      </Button>
    ),
    isResting && (
      <Button key="resume" variant="default" loading={resume.pending} onClick={() => void resume.run({})}>
        {t('hero.resume')}
      </Button>
    ),
    !isResting && !isQuarantined && (
      <Button key="drain" variant="default" loading={drain.pending} onClick={() => void drain.run({})}>
        {t('hero.drain')}
      </Button>
    ),
    isQuarantined && ownId !== null && (
      <Button key="release" variant="default" loading={release.pending} onClick={() => void release.run({ node_id: ownId })}>
        {t('nodes.release')}
      </Button>
    ),
  ].filter((button) => button !== false);
  const error = drain.error ?? resume.error ?? recheck.error ?? release.error;
  return buttons.length === 0 ? { error } : { actions: buttons, error };
}
