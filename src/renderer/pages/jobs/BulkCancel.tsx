// The bar of the selected jobs: cancels all of them after one question.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { MAX_CANCELLED } from '../../../shared/api/job-acts';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { BulkBar } from '../../components/DataTable/BulkBar';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import type { Selection } from './JobListPane';

export function BulkCancel({ selection: { selected, clear } }: { readonly selection: Selection }) {
  const { t } = useLabels();
  const [isConfirming, setIsConfirming] = useState(false);
  const cancel = useOperation('pool.cancel_jobs');
  const close = (): void => setIsConfirming(false);
  const run = async () => {
    const outcome = await cancel.run({ job_ids: [...selected].slice(0, MAX_CANCELLED) });
    if (outcome.ok) clear();
    return outcome;
  };
  if (selected.size === 0) return null;
  return (
    <>
      <BulkBar count={selected.size} onClear={clear}>
        <Button variant="default" size="compact-sm" onClick={() => setIsConfirming(true)}>
          {t('job_page.cancel_selected')}
        </Button>
      </BulkBar>
      <ConfirmDialog
        operation={cancel}
        run={run}
        opened={isConfirming}
        title={t('job_page.cancel_title', { count: selected.size })}
        confirm={t('job_page.cancel_do')}
        back={t('job_page.keep')}
        onClose={close}
      >
        <p>{t('job_page.cancel_text')}</p>
      </ConfirmDialog>
    </>
  );
}
