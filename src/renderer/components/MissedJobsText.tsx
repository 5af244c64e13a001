// Why a node was passed over: what all of the counted decisions have in common, the last of them with its numbers, and what would help.
import type { MissedJobs } from '../../shared/api/dispatch';
import { useWords } from '../i18n/use-words';
import { exclusionWords } from '../words/exclusion-words';
import { ExclusionHelp } from './ExclusionHelp';
import { ExclusionText } from './ExclusionText';

export function MissedJobsText({ reason }: { readonly reason: MissedJobs['reasons'][number] }) {
  const words = useWords();
  const { t } = words;
  // Without a figure or a name of its own the last would only say again what all have in common.
  const tellsMore = exclusionWords(words, reason).some(({ values }) => Object.keys(values).length > 0);
  return (
    <div>
      {t(`missed_jobs.${reason.code}`)}
      {tellsMore && (
        <div>
          {t('elsewhere.last')}
          {t('punctuation.colon')}
          <ExclusionText exclusion={reason} />
        </div>
      )}
      <ExclusionHelp code={reason.code} />
    </div>
  );
}
