// Where a job would go and why not elsewhere; and why jobs found nobody so far.
import { useState } from 'react';
import type { Explanation } from '../../../shared/api/dispatch';
import { Page } from '../../components/Page';
import { useWords } from '../../i18n/use-words';
import { ExclusionsCard } from './ExclusionsCard';
import { ExplanationCard } from './ExplanationCard';
import { RequirementsCard } from './RequirementsCard';

export function DispatchPage() {
  const { t } = useWords();
  const [explanation, setExplanation] = useState<Explanation | null>(null);
  return (
    <Page title={t('dispatch.title')}>
      <RequirementsCard onExplained={setExplanation} />
      {explanation !== null && <ExplanationCard explanation={explanation} />}
      <ExclusionsCard />
    </Page>
  );
}
