// How the last attempt to join by digits ended, and the next step after a failure.
import type { NearbyAttempt } from '../../../shared/api/nearby';
import { CodeDetails } from '../../components/CodeDetails';
import { StatusLine } from '../../components/StatusLine';
import { useLabels } from '../../i18n/use-labels';
import classes from './NearbyCard.module.css';

const SECOND_MS = 1000;

export function AttemptEnd({ attempt }: { readonly attempt: NearbyAttempt }) {
  const labels = useLabels();
  const { t, format, gap } = labels;
  const { pool_name: name, stage, outcome, cause, retry_after_seconds: retryAfterSeconds } = attempt;
  if (stage === 'joined')
    return (
      <div role="status">
        <StatusLine shape="available">{t('nearby.joined', { name })}</StatusLine>
      </div>
    );
  if (outcome === null) return null;
  if (outcome === 'cancelled') return <p role="status">{t('nearby_outcome.cancelled')}</p>;
  return (
    <div role="alert" className={classes['end']}>
      <b>{t('nearby.ended', { name })}</b>
      <p>
        {labels.code('nearby_outcome', outcome)}
        {retryAfterSeconds !== null && `${gap}${t('nearby.retry_after', { left: format.countdown(retryAfterSeconds * SECOND_MS) })}`}
      </p>
      <CodeDetails code={cause ?? outcome} />
    </div>
  );
}
