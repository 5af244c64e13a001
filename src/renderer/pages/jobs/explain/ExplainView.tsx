// The explanation of a request that is not sent: the node that would get it, the reasons of the others, dry runs, and why jobs of the pool
// had to wait.
import { useState } from 'react';
import type { ExplainRequest } from '../../../../shared/api/dispatch';
import { useExplanation } from '../../../queries/dispatch';
import { useRoute } from '../../../store/use-route';
import { filterOf } from '../job-filters';
import { ExclusionsCard } from './ExclusionsCard';
import { ExplanationCard } from './ExplanationCard';
import classes from './ExplainView.module.css';
import { RequirementsCard } from './RequirementsCard';

export function ExplainView() {
  const { filters } = useRoute();
  const [requested, setRequested] = useState<ExplainRequest | null>(null);
  const { value: explanation, error, isFetching, refetch } = useExplanation(requested);
  const explain = (requirements: ExplainRequest): void => {
    // The same requirements again: the pool may have changed since.
    if (JSON.stringify(requirements) === JSON.stringify(requested)) refetch();
    else setRequested(requirements);
  };
  const prefilled = { models: filterOf(filters, 'model') ?? '', nodeId: filterOf(filters, 'node') ?? '' };
  return (
    <div className={classes['view']}>
      <RequirementsCard key={JSON.stringify(prefilled)} prefilled={prefilled} isPending={isFetching} error={error} onExplain={explain} />
      {explanation !== null && requested !== null && <ExplanationCard explanation={explanation} request={requested} />}
      <ExclusionsCard />
    </div>
  );
}
