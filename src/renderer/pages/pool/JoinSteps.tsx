// The connection test, step by step: passed, failed with a fix, or not tested.
import type { JoinStep } from '../../../shared/api/app-api';
import { CodeDetails } from '../../components/CodeDetails';
import type { Shape } from '../../labels/shape';
import { StatusShape } from '../../components/StatusShape';
import { useLabels } from '../../i18n/use-labels';
import classes from './JoinSteps.module.css';

const SHAPES: Record<JoinStep['outcome'], Shape> = { passed: 'ready', failed: 'refused', skipped: 'waiting' };

export function JoinSteps({ steps }: { readonly steps: readonly JoinStep[] }) {
  const labels = useLabels();
  const { t, format } = labels;
  const allPassed = steps.every((step) => step.outcome === 'passed');
  return (
    <div role="status">
      <ol className={classes['steps']} aria-label={t('pool.steps_label')}>
        {steps.map(({ step, outcome, code, duration_ms }) => (
          <li key={step} data-outcome={outcome}>
            <StatusShape shape={SHAPES[outcome]} size={16} />
            <b>{t(`pool.step.${step}`)}</b>
            <div>
              {t(`pool.outcome.${outcome}`)}
              {outcome !== 'skipped' && ` · ${t('gpus.took', { took: format.number(duration_ms) })}`}
              {code !== null && (
                <>
                  {t('punctuation.stop')}
                  {labels.code('join_code', step === 'token' && code === 'refused' ? 'token_refused' : code)}
                </>
              )}
              {code !== null && <CodeDetails code={code} />}
            </div>
          </li>
        ))}
      </ol>
      {allPassed && <p className={classes['passed']}>{t('pool.all_passed')}</p>}
    </div>
  );
}
