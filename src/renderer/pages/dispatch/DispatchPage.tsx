// The node that would get a job, the exclusions of the other nodes, and the exclusions of all jobs that found no node.
import { useState } from 'react';
import type { ExplainRequest } from '../../../shared/api/dispatch';
import { Page } from '../../components/Page';
import { useLabels } from '../../i18n/use-labels';
import { useExplanation } from '../../queries/dispatch';
import { ExclusionsCard } from './ExclusionsCard';
import { ExplanationCard } from './ExplanationCard';
import { RequirementsCard } from './RequirementsCard';

export function DispatchPage() {
  const { t } = useLabels();
  const [requested, setRequested] = useState<ExplainRequest | null>(null);
  const { value: explanation, error, isFetching, refetch } = useExplanation(requested);
  const explain = (requirements: ExplainRequest): void => {
    // The same requirements again: the pool may have changed since.
    if (JSON.stringify(requirements) === JSON.stringify(requested)) refetch();
    else setRequested(requirements);
  };
  return (
    <Page title={t('dispatch.title')}>
      <RequirementsCard isPending={isFetching} error={error} onExplain={explain} />
      {explanation !== null && <ExplanationCard explanation={explanation} />}
      <ExclusionsCard />
    </Page>
  );
}
