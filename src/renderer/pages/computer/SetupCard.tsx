// The five steps from a GPU to an accepted node, in one line.
import type { AgentView } from '../../../shared/api/agent-view';
import { useNow } from '../../clock/Clock';
import { Card } from '../../components/Card';
import { useLabels } from '../../i18n/use-labels';
import { setupSteps, type StepState } from './setup-steps';
import classes from './SetupCard.module.css';

const MARKS: Record<StepState, string> = {
  done: 'M5 9.300l2.700 2.700L13 6.500',
  active: 'M9 5v4.200l2.600 1.600',
  failed: 'M6.200 6.200l5.600 5.600M11.800 6.200l-5.600 5.600',
  waiting: '',
};

export function SetupCard({ agent }: { readonly agent: AgentView }) {
  const labels = useLabels();
  const { t } = labels;
  const steps = setupSteps(agent, labels, useNow());
  return (
    <Card label={t('path.label')}>
      <ol className={classes['path']}>
        {steps.map(({ step, title, state, detail }) => (
          <li key={step} data-state={state}>
            <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" focusable="false">
              <circle cx="9" cy="9" r="8" />
              <path d={MARKS[state]} />
            </svg>
            <div>
              <b>{title ?? t(`path.${step}`)}</b>
              <span className="visually-hidden">{t('punctuation.colon') + t(`path.state.${state}`)}</span>
              <div className={classes['detail']}>{detail}</div>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
