// The actions of the hero while connected: the control of the owner, and what an operator can end. Only an operator ends a drain or a
// quarantine, so the owner sees these actions only where the program operates the pool.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { AgentView } from '../../../shared/api/agent-view';
import type { AppError } from '../../../shared/api/app-api';
import { lacksModel } from '../../../shared/api/own-status';
import type { NodeStatusMessage } from '../../../shared/protocol/scheduler-messages';
import { SharingControl } from '../../components/sharing/SharingControl';
import { useSharing } from '../../components/sharing/use-sharing';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { hrefOf } from '../../routes';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';

export interface HeroActions {
  readonly actions: ReactNode;
  readonly error: AppError | null;
}

/** @param message null: the scheduler has sent no status yet */
export function useHeroActions(message: NodeStatusMessage | null, models: AgentView['models']): HeroActions {
  const { t } = useLabels();
  const sharing = useSharing();
  const recheck = useOperation('agent.recheck');
  const resume = useOperation('pool.resume');
  const release = useOperation('pool.release');
  const ownId = useApp((app) => ownNode(app)?.node_id ?? null);
  return {
    actions: (
      <>
        {message !== null && lacksModel(message, models) && (
          <Button component="a" href={hrefOf({ page: 'models' })}>
            {t('hero.no_models.get')}
          </Button>
        )}
        {message?.status === 'degraded' && <ShowModels message={message} />}
        {message?.status === 'degraded' && (
          <Button variant="default" loading={recheck.pending} onClick={() => void recheck.run({})}>
            {t('action.check_again')}
          </Button>
        )}
        {message?.drain?.by === 'operator' && ownId !== null && (
          <Button variant="default" loading={resume.pending} onClick={() => void resume.run({ node_id: ownId })}>
            {t('hero.end_drain')}
          </Button>
        )}
        {message?.quarantine != null && ownId !== null && (
          <Button variant="default" loading={release.pending} onClick={() => void release.run({ node_id: ownId })}>
            {t('nodes.release')}
          </Button>
        )}
        <SharingControl sharing={sharing} />
      </>
    ),
    error: sharing.error ?? recheck.error ?? resume.error ?? release.error,
  };
}

/** A model that is not usable fails the check: its owner repairs it first. */
function ShowModels({ message: { health } }: { readonly message: NodeStatusMessage }) {
  const { t } = useLabels();
  const faulty = useApp(
    useShallow(({ agent }) => agent?.models.filter(({ state }) => state === 'error').map(({ model_id: id }) => id) ?? []),
  );
  const [first] = faulty;
  if (first === undefined || health.failed_checks.every(({ code }) => code !== 'model_not_ready')) return null;
  const isOne = faulty.length === 1;
  return (
    <Button component="a" href={hrefOf({ page: 'models', id: isOne ? first : null })}>
      {t(isOne ? 'hero.degraded.show_model' : 'hero.degraded.show_models')}
    </Button>
  );
}
