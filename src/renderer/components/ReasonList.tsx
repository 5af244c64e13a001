// The number of nodes that each reason excludes from a job, with help; the most frequent reason first.
import type { WaitingView } from '../../shared/api/job';
import { EXCLUSION_REASONS } from '../../shared/protocol/status';
import { ExclusionHelp } from './Exclusion';
import { useLabels } from '../i18n/use-labels';
import classes from './ReasonList.module.css';

export function ReasonList({ reasons }: { readonly reasons: WaitingView['reasons'] }) {
  const { t, format } = useLabels();
  const counted = EXCLUSION_REASONS.flatMap((code) => {
    const count = reasons[code]?.count ?? 0;
    return count === 0 ? [] : [{ code, count }];
  }).sort((one, other) => other.count - one.count);
  return (
    <ul className={classes['reasons']}>
      {counted.map(({ code, count }) => (
        <li key={code}>
          <b>{t('jobs.node_count', { count, formatted: format.number(count) })}</b>
          <div>
            {t(`exclusion.${code}`)}
            <ExclusionHelp code={code} />
          </div>
        </li>
      ))}
    </ul>
  );
}
