// Why the node has its status: the reason, each failed check with its numbers, and what changes the status.
// The codes are among the details of the node, on the Nodes page.
import type { NodeStatusMessage } from '../../../shared/protocol/scheduler-messages';
import { assertNever } from '../../../shared/assert-never';
import { useNow } from '../../clock/Clock';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { failedCheckLabel } from '../../labels/failed-check';
import classes from './StatusReasons.module.css';

export function StatusReasons({ message }: { readonly message: NodeStatusMessage }) {
  const labels = useLabels();
  const { t } = labels;
  const { status, reason_code, health } = message;
  return (
    <>
      <p>
        <span>{`${labels.code('status_reason', reason_code)}${t('punctuation.stop')}`}</span>
        <Next message={message} />
      </p>
      {health.failed_checks.length > 0 && (
        <ul className={classes['checks']} aria-label={t('nodes.failed_checks')}>
          {health.failed_checks.map((check) => {
            const { title, detail } = failedCheckLabel(labels, check);
            return (
              <li key={check.check}>
                <b>{title}</b>
                {detail !== null && `${t('punctuation.colon')}${detail}`}
              </li>
            );
          })}
        </ul>
      )}
      {status === 'ready' && health.failures_in_window > 0 && (
        <Dim as="p">
          {t('hero.window', { failures: health.failures_in_window, size: health.window.length, threshold: health.failure_threshold })}
        </Dim>
      )}
    </>
  );
}

/** How the status changes, or its effect on jobs. */
function Next({ message }: { readonly message: NodeStatusMessage }) {
  const { t, format, gap } = useLabels();
  const now = useNow();
  const { status, health, in_flight_jobs, max_concurrent_jobs, reason_code } = message;
  switch (status) {
    case 'registering': {
      const deadline = health.warmup_deadline;
      const left =
        deadline === null ? '' : deadline > now ? t('hero.warmup_left', { left: format.duration(deadline - now) }) : t('hero.warmup_over');
      return `${t('hero.registering.next', { count: health.required_successes })}${left === '' ? '' : gap}${left}`;
    }
    case 'ready':
      return t('hero.ready.next', { jobs: in_flight_jobs, slots: max_concurrent_jobs });
    case 'degraded':
      return t('hero.degraded.next');
    case 'draining':
      return t('hero.draining.left', { count: in_flight_jobs });
    case 'offline':
      return reason_code === 'drain_complete' || reason_code === 'drain_timeout' ? t('hero.offline.drained_next') : null;
    default:
      return assertNever(status);
  }
}
