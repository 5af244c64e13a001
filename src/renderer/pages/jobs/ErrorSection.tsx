// Why a job failed, the fix, and for a job that timed out in the queue the reasons that excluded nodes.
import type { AppJobError } from '../../../shared/api/app-job';
import { CodeDetails } from '../../components/CodeDetails';
import { useLabels } from '../../i18n/use-labels';
import { jobErrorLabel } from '../../labels/job-labels';
import { ReasonList } from '../../components/ReasonList';
import classes from './ErrorSection.module.css';

export function ErrorSection({ error }: { readonly error: AppJobError }) {
  const labels = useLabels();
  const { title, help } = jobErrorLabel(labels, error);
  const details = Object.entries(error.details).filter(([name]) => name !== 'retryable' && name !== 'node_id');
  return (
    <section className={classes['error']} data-calm={error.code === 'cancelled' ? '' : undefined} aria-label={labels.t('jobs.why')}>
      <p>
        <b>{title}</b>
      </p>
      {help !== null && <p>{help}</p>}
      {error.reasons !== null &&
        (Object.keys(error.reasons).length === 0 ? <p>{labels.t('jobs.no_reasons')}</p> : <ReasonList reasons={error.reasons} />)}
      <CodeDetails code={error.code}>
        {details.length > 0 && (
          <p className={classes['facts']}>
            {details.map(([name, value]) => (
              <code key={name}>{`${name}: ${String(value)}`}</code>
            ))}
          </p>
        )}
      </CodeDetails>
    </section>
  );
}
