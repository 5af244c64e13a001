// The health of a node: its last checks as marks, the counts that determine the status, and failed checks with numbers.
import type { Health } from '../../../shared/protocol/scheduler-messages';
import { CodeDetails } from '../../components/CodeDetails';
import { useLabels } from '../../i18n/use-labels';
import { failedCheckLabel } from '../../labels/failed-check';
import classes from './HealthSection.module.css';

export interface HealthSectionProps {
  readonly health: Health;
  /** The reason of the state, which is above, is the only failed check. */
  readonly isSaid?: boolean;
}

export function HealthSection({ health, isSaid = false }: HealthSectionProps) {
  const labels = useLabels();
  const { t } = labels;
  const spoken = health.window.map((passed) => t(passed ? 'nodes.check_ok' : 'nodes.check_failed')).join(t('punctuation.comma'));
  return (
    <section>
      <h3>{t('nodes.health')}</h3>
      {health.window.length === 0 ? (
        <p>
          {health.ok === null
            ? t('nodes.no_checks')
            : t('nodes.successes', { passed: health.consecutive_successes, required: health.required_successes })}
        </p>
      ) : (
        <div className={classes['row']}>
          <span className={classes['window']} role="img" aria-label={t('nodes.window_label', { window: spoken })}>
            {health.window.map((passed, index) => (
              <span key={index} data-passed={passed}>
                {passed ? '✓' : '✕'}
              </span>
            ))}
          </span>
          <span>{t('nodes.failures', { failures: health.failures_in_window, threshold: health.failure_threshold })}</span>
        </div>
      )}
      <ul>
        {health.failed_checks.map((check) => {
          const { title, detail } = failedCheckLabel(labels, check);
          return (
            <li key={check.check}>
              {!isSaid && (detail === null ? title : `${title}${t('punctuation.colon')}${detail}`)}
              <CodeDetails code={check.code} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
