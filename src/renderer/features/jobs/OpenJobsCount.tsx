// How many jobs of the pool are not over: those that wait, and those that a node has. The same count as the room Jobs begins with.
import { useWords } from '../../i18n/use-words';
import { useWatch } from '../../store/use-watch';
import { useJobNews } from './use-job-news';

/** What waits changes without news of any node; beside a name in the rail it need not be of this second. */
const EVERY_MS = 5000;

export function OpenJobsCount() {
  const { format } = useWords();
  const { value } = useWatch('pool.jobs', { limit: 1 }, { everyMs: EVERY_MS, news: useJobNews() });
  if (value === null) return null;
  const { queued, assigned, running } = value.open;
  return format.number(queued + assigned + running);
}
