// Why a job failed, what would help, and of one that waited in vain what kept the nodes out.
import type { AppJobError } from '../../../shared/api/app-job';
import { Code } from '../../components/Code';
import { useWords } from '../../i18n/use-words';
import { jobErrorWords } from '../../words/job-words';
import { ReasonList } from './ReasonList';
import classes from './ErrorSection.module.css';

export function ErrorSection({ error }: { readonly error: AppJobError }) {
  const words = useWords();
  const { title, help } = jobErrorWords(words, error);
  const details = Object.entries(error.details).filter(([name]) => name !== 'retryable' && name !== 'node_id');
  return (
    <section className={classes['error']} data-calm={error.code === 'cancelled' ? '' : undefined} aria-label={words.t('jobs.why')}>
      <p>
        <b>{title}</b> <Code>{error.code}</Code>
      </p>
      {help !== null && <p>{help}</p>}
      {error.reasons !== null &&
        (Object.keys(error.reasons).length === 0 ? <p>{words.t('jobs.no_reasons')}</p> : <ReasonList reasons={error.reasons} />)}
      {details.length > 0 && (
        <p className={classes['facts']}>
          {details.map(([name, value]) => (
            <code key={name}>{`${name}: ${String(value)}`}</code>
          ))}
        </p>
      )}
    </section>
  );
}
