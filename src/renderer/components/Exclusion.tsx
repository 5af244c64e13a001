// Why a node was no candidate for a job: one exclusion with its numbers, and the missed jobs of a node that have one reason.
import type { MissedJobs } from '../../shared/api/dispatch';
import type { ReportedExclusion } from '../../shared/api/exclusion-facts';
import type { ExclusionReason } from '../../shared/protocol/status';
import { type Labels, useLabels } from '../i18n/use-labels';
import { exclusionTexts, type RichText, sharedCause } from '../labels/exclusion-labels';
import { Dim } from './Dim';
import { Rich } from './Rich';

/** On this computer the reader is the owner. */
const OWN_TEXTS: Partial<Record<RichText['key'], RichText['key']>> = {
  'explain.threshold_cpu': 'explain.own_threshold_cpu',
  'explain.threshold_gpu': 'explain.own_threshold_gpu',
};

export interface ExclusionTextProps {
  readonly exclusion: ReportedExclusion;
  /** Whether the node is this computer. */
  readonly isOwn?: boolean;
}

/** A sentence with the wanted and the found value. */
export function ExclusionText({ exclusion, isOwn = false }: ExclusionTextProps) {
  const labels = useLabels();
  return (
    <span>
      {exclusionTexts(labels, exclusion).map(({ key, values }, index) => (
        <span key={key}>
          {index > 0 && labels.t('punctuation.semicolon')}
          <Rich k={(isOwn ? OWN_TEXTS[key] : undefined) ?? key} values={values} />
        </span>
      ))}
    </span>
  );
}

/** Without a figure or a name, the text of an exclusion adds nothing to its reason. */
export const hasFigures = (labels: Labels, exclusion: ReportedExclusion): boolean =>
  exclusionTexts(labels, exclusion).some(({ values }) => Object.keys(values).length > 0);

/** How the node becomes a candidate. The same text wherever reasons are shown. */
export function ExclusionHelp({ code }: { readonly code: ExclusionReason }) {
  const { t } = useLabels();
  return <Dim>{t(`exclusion_help.${code}`)}</Dim>;
}

/** The cause that the counted decisions share, with its name. Else their reason, the numbers of the last one, and the help. */
export function MissedJobsText({ reason, isOwn }: { readonly reason: MissedJobs['reasons'][number]; readonly isOwn: boolean }) {
  const labels = useLabels();
  const { t } = labels;
  const cause = sharedCause(labels, reason);
  if (cause !== null) return <div>{cause}</div>;
  return (
    <div>
      {t(`missed_jobs.${reason.code}`)}
      {hasFigures(labels, reason) && (
        <div>
          {t('missed_jobs_card.last')}
          {t('punctuation.colon')}
          <ExclusionText exclusion={reason} isOwn={isOwn} />
        </div>
      )}
      <ExclusionHelp code={reason.code} />
    </div>
  );
}
