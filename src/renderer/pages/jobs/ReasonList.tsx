// How many nodes each reason keeps out of a job, and what would change that: the most frequent first.
import type { WaitingView } from '../../../shared/api/job';
import { EXCLUSION_REASONS } from '../../../shared/protocol/status';
import { Code } from '../../components/Code';
import { ExclusionHelp } from '../../components/Exclusion';
import { useWords } from '../../i18n/use-words';
import classes from './ReasonList.module.css';

export function ReasonList({ reasons }: { readonly reasons: WaitingView['reasons'] }) {
  const { t, format } = useWords();
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
            {t(`exclusion.${code}`)} <Code>{code}</Code>
            <ExclusionHelp code={code} />
          </div>
        </li>
      ))}
    </ul>
  );
}
