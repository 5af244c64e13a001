// The models that failed repeatedly on a node, with their last error, and when they get jobs there.
import type { FailingModel } from '../../shared/protocol/scheduler-messages';
import { jobErrorText } from '../../shared/reasons/job-errors';
import { type Labels, useLabels } from '../i18n/use-labels';
import { localized } from '../labels/localized';
import { Dim } from './Dim';
import classes from './FailingModels.module.css';
import { Rich } from './Rich';
import { ClockTime } from './Time';

export function FailingModels({ models }: { readonly models: readonly FailingModel[] }) {
  const labels = useLabels();
  const { t, gap } = labels;
  return (
    <section>
      <h3 className={classes['title']}>{t('nodes.failing_models')}</h3>
      <ul className={classes['models']}>
        {models.map((model) => (
          <li key={model.model_id}>
            <span>
              {model.model_id}
              {model.last_error !== null && <Dim>{t('nodes.failing_error', { message: errorText(labels, model.last_error) })}</Dim>}
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

/** The text of a code is in the language of the screen. Other messages are of the model or its server. */
function errorText(labels: Labels, { code, message }: NonNullable<FailingModel['last_error']>): string {
  const text = jobErrorText(code);
  return text?.en === message ? localized(labels, text) : message;
}
