// Jobs of the last hour that this computer did not get: how often, why with the numbers of the last, what would change it, and where to look further.
import type { MissedJobs } from '../../../shared/api/dispatch';
import type { ExclusionReason } from '../../../shared/protocol/status';
import { Card } from '../../components/Card';
import { MissedJobsText } from '../../components/MissedJobsText';
import { useWords } from '../../i18n/use-words';
import classes from './ElsewhereCard.module.css';

/** Where the owner can look further; reasons that only time changes lead nowhere. */
const NEXT_STEP: Partial<Record<ExclusionReason, { readonly href: string; readonly key: 'elsewhere.see' | 'elsewhere.see_gpus' }>> = {
  model_not_available: { href: '#/models', key: 'elsewhere.see' },
  gpu_unavailable: { href: '#/gpus', key: 'elsewhere.see_gpus' },
};

export function ElsewhereCard({ missedJobs }: { readonly missedJobs: MissedJobs }) {
  const { t, format } = useWords();
  return (
    <Card title={t('elsewhere.title')} aside={t('elsewhere.window', { window: format.duration(missedJobs.window_seconds * 1000) })}>
      {missedJobs.reasons.length === 0 ? (
        <p className={classes['none']}>{t('elsewhere.none')}</p>
      ) : (
        <ul className={classes['reasons']}>
          {missedJobs.reasons.map((reason) => {
            const next = NEXT_STEP[reason.code];
            return (
              <li key={reason.code}>
                <b>{t('dispatch.times', { count: reason.count })}</b>
                <MissedJobsText reason={reason} />
                {next !== undefined && <a href={next.href}>{t(next.key)}</a>}
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
