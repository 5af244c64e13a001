// Who may cancel and retry a job: an operator every job, a member its own. The pool tells a member only the submitter of its own jobs.
import type { JobSummary } from '../../../shared/api/job';
import { useMay } from '../../components/RightNote';

export function useMayAct(): (job: Pick<JobSummary, 'submitter'>) => boolean {
  const operates = useMay('operate');
  const hasOwn = useMay('cancel_jobs');
  return ({ submitter }) => operates || (hasOwn && submitter != null);
}
