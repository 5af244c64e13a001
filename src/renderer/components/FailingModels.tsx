// The models that failed repeatedly on a node, with their last error, and when they get jobs there.
import type { FailingModel } from '../../shared/protocol/scheduler-messages';
import { useLabels } from '../i18n/use-labels';
import { Dim } from './Dim';
import classes from './FailingModels.module.css';
import { Rich } from './Rich';
import { ClockTime } from './Time';

export function FailingModels({ models }: { readonly models: readonly FailingModel[] }) {
  const { t, gap } = useLabels();
  return (
    <section>
      <h3 className={classes['title']}>{t('nodes.failing_models')}</h3>
      <ul className={classes['models']}>
        {models.map((model) => (
          <li key={model.model_id}>
            <span>
              {model.model_id}
              {model.last_error !== null && <Dim>{t('nodes.failing_error', { message: model.last_error.message })}</Dim>}
            </span>
            <Dim as="span">
              {t('nodes.failing_count', { count: model.failures })}
              {gap}
              {model.until === null ? (
                t(model.takes_jobs === true ? 'nodes.failing_alone' : 'nodes.failing_test')
              ) : (
                <Rich k="nodes.failing_until" values={{ time: <ClockTime wallMs={model.until} /> }} />
              )}
            </Dim>
          </li>
        ))}
      </ul>
    </section>
  );
}
