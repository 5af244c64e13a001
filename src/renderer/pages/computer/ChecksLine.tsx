// The checks from a GPU to a healthy node in one line: each with its value, and a link to the page that has its details.
import { memo } from 'react';
import type { AgentView } from '../../../shared/api/agent-view';
import { causeOfLoss } from '../../../shared/api/own-host';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import { hrefOf, type RouteTarget } from '../../routes';
import { type SetupStep, setupSteps, type StepState } from './setup-steps';
import classes from './ChecksLine.module.css';

const MARKS: Readonly<Record<StepState, string>> = {
  done: 'M2.5 7.5 6 11l6.5-7.5',
  active: 'M7.500 4v3.500l2.500 1.500',
  warning: 'M7.500 2 13.500 12.500h-12zM7.500 6v3M7.500 10.800v.1',
  failed: 'M3.500 3.500l8 8M11.500 3.500l-8 8',
  waiting: '',
};

/** It alone follows the agent, which changes at each reading: the hero around it is not rendered again. Nothing without an agent. */
export function ChecksLine() {
  const labels = useLabels();
  const agent = useApp((app) => app.agent);
  const isPoolStarting = useApp((app) => causeOfLoss(app)?.state === 'starting');
  if (agent === null) return null;
  return (
    <nav className={classes['checks']} aria-label={labels.t('path.label')}>
      {setupSteps(agent, labels, isPoolStarting).map((step) => (
        <Check key={step.step} {...step} href={hrefOf(pageOf(step.step, agent))} />
      ))}
    </nav>
  );
}

const Check = memo(function Check({ step, state, detail, href }: SetupStep & { readonly href: string }) {
  const { t } = useLabels();
  return (
    <a href={href} data-state={state}>
      <svg width="15" height="15" viewBox="0 0 15 15" aria-hidden="true" focusable="false">
        {(state === 'active' || state === 'waiting') && <circle cx="7.5" cy="7.5" r="6" />}
        <path d={MARKS[state]} />
      </svg>
      <span>{t(`path.${step}`)}</span>
      <span className="visually-hidden">{t('punctuation.colon') + t(`path.state.${state}`)}</span>
      <b>{detail}</b>
    </a>
  );
});

function pageOf(step: SetupStep['step'], { node_id: id }: AgentView): RouteTarget {
  switch (step) {
    case 'gpu':
    case 'driver':
      return { page: 'gpus' };
    case 'models':
      return { page: 'models' };
    case 'pool':
      return { page: 'pool' };
    case 'health':
      return { page: 'nodes', id };
  }
}
