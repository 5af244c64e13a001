// The models that failed repeatedly on a node, with their last error, and when they get jobs there.
import type { FailingModel } from '../../shared/protocol/scheduler-messages';
import { jobErrorText } from '../../shared/reasons/job-errors';
import { type Labels, useLabels } from '../i18n/use-labels';
import { hrefOf } from '../routes';
import { localized } from '../labels/localized';
import { Dim } from './Dim';
import classes from './FailingModels.module.css';
import { Rich } from './Rich';
import { ClockTime } from './Time';

export function FailingModels({ models }: { readonly models: readonly FailingModel[] }) {
  const labels = useLabels();
  const { t } = labels;
  return (
    <section>
      <h3 className={classes['title']}>{t('nodes.failing_models')}</h3>
      <ul className={classes['models']}>
        {models.map((model) => (
          <li key={model.model_id}>
            <span>
              <a href={hrefOf({ page: 'models', id: model.model_id })}>{model.model_id}</a>
              {model.last_error !== null && <Dim>{t('nodes.failing_error', { message: errorText(labels, model.last_error) })}</Dim>}
            </span>
            <Dim as="span">
              {t('nodes.failing_count', { count: model.failures })}
              {' · '}
              <FailingEnd model={model} />
            </Dim>
          </li>
        ))}
      </ul>
      <p>
        <a href={hrefOf({ page: 'jobs', status: 'failed' })}>{t('nodes.failed_jobs')}</a>
      </p>
    </section>
  );
}

/** When the model gets jobs again. */
export function FailingEnd({ model: { until, takes_jobs: takesJobs } }: { readonly model: FailingModel }) {
  const { t } = useLabels();
  if (until === null) return t(takesJobs === true ? 'nodes.failing_alone' : 'nodes.failing_test');
  return <Rich k="nodes.failing_until" values={{ time: <ClockTime wallMs={until} /> }} />;
}

/** The text of a code is in the language of the screen. Other messages are of the model or its server. */
export function errorText(labels: Labels, { code, message }: NonNullable<FailingModel['last_error']>): string {
  const text = jobErrorText(code);
  return text?.en === message ? localized(labels, text) : message;
}
