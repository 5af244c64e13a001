// The checks from a GPU to a healthy node in one line: each with its value, and a link to the page that has its details.
import type { AgentView } from '../../../shared/api/agent-view';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf, type RouteTarget } from '../../routes';
import { type SetupStep, setupSteps, type StepState } from './setup-steps';
import classes from './ChecksLine.module.css';

const MARKS: Readonly<Record<StepState, string>> = {
  done: 'M2.5 7.5 6 11l6.5-7.5',
  active: 'M7.500 4v3.500l2.500 1.500',
  failed: 'M3.500 3.500l8 8M11.500 3.500l-8 8',
  waiting: '',
};

export function ChecksLine({ agent }: { readonly agent: AgentView }) {
  const labels = useLabels();
  const { t } = labels;
  return (
    <nav className={classes['checks']} aria-label={t('path.label')}>
      {setupSteps(agent, labels).map(({ step, state, detail }) => (
        <a key={step} href={hrefOf(pageOf(step, agent))} data-state={state}>
          <svg width="15" height="15" viewBox="0 0 15 15" aria-hidden="true" focusable="false">
            {state !== 'done' && state !== 'failed' && <circle cx="7.5" cy="7.5" r="6" />}
            <path d={MARKS[state]} />
          </svg>
          <span>{t(`path.${step}`)}</span>
          <span className="visually-hidden">{t('punctuation.colon') + t(`path.state.${state}`)}</span>
          <b>{detail}</b>
        </a>
      ))}
    </nav>
  );
}

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
