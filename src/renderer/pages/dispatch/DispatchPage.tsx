// Which node a job would get and why not the others; and why jobs found no node so far.
import { useState } from 'react';
import type { JobRequirements } from '../../../shared/api/dispatch';
import { Page } from '../../components/Page';
import { useLabels } from '../../i18n/use-labels';
import { useExplanation } from '../../queries/dispatch';
import { ExclusionsCard } from './ExclusionsCard';
import { ExplanationCard } from './ExplanationCard';
import { RequirementsCard } from './RequirementsCard';

export function DispatchPage() {
  const { t } = useLabels();
  const [asked, setAsked] = useState<JobRequirements | null>(null);
  const { value: explanation, error, isFetching, refetch } = useExplanation(asked);
  const explain = (requirements: JobRequirements): void => {
    // The same requirements again: the pool may have changed since.
    if (JSON.stringify(requirements) === JSON.stringify(asked)) refetch();
    else setAsked(requirements);
  };
  return (
    <Page title={t('dispatch.title')}>
      <RequirementsCard isPending={isFetching} error={error} onExplain={explain} />
      {explanation !== null && <ExplanationCard explanation={explanation} />}
      <ExclusionsCard />
    </Page>
  );
}
