// The status of a job in one sentence with numbers.
import type { AppJob } from '../../../shared/api/app-job';
import { assertNever } from '../../../shared/assert-never';
import { useNow } from '../../clock/Clock';
import { NodeName } from '../../components/NodeName';
import { WakeLine } from '../../components/WakeLine';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';
import { Ran } from './JobTimes';

export function JobSentence({ job }: { readonly job: AppJob }) {
  const labels = useLabels();
  const { t, format } = labels;
  const node = job.node_id === null ? t('unknown.none') : <NodeName nodeId={job.node_id} />;
  const { status, waiting } = job;
  switch (status) {
    case 'queued':
      if (waiting?.not_before != null) return <Retry atWallMs={waiting.not_before} />;
      if (waiting?.held !== undefined) return t('why_node.sentence', { reason: labels.code('hold', waiting.held.reason) });
      if (waiting?.wake !== undefined) return <WakeLine wake={waiting.wake} />;
      return waiting === null || waiting.ahead === 0 ? (
        t('jobs.when.queued_next')
      ) : (
        <Rich k="jobs.when.queued" values={{ ahead: format.number(waiting.ahead) }} />
      );
    case 'assigned':
      return <Rich k="jobs.when.assigned" values={{ node }} />;
    case 'running':
    case 'succeeded':
      return <Rich k={`jobs.when.${status}`} values={{ node, ran: <Ran job={job} /> }} />;
    case 'failed':
      return t('jobs.when.failed', { count: job.attempts.filter(({ outcome }) => outcome !== 'not_delivered').length });
    case 'cancelled':
    case 'expired':
      return t(`jobs.when.${status}`);
    default:
      return assertNever(status);
  }
}

function Retry({ atWallMs }: { readonly atWallMs: number }) {
  const { t, format } = useLabels();
  const now = useNow();
  return t('jobs.when.retry', { left: format.duration(atWallMs - now + 999) });
}
