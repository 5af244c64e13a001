// Ends a job, after a question: somebody may wait for its answer.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { useWords } from '../../i18n/use-words';
import { useOperation } from '../../queries/use-operation';

export function CancelJob({ jobId }: { readonly jobId: string }) {
  const { t } = useWords();
  const [asking, setAsking] = useState(false);
  const cancel = useOperation('pool.cancel_job');
  const close = (): void => {
    setAsking(false);
    cancel.clear();
  };
  const confirm = async (): Promise<void> => {
    const outcome = await cancel.run({ job_id: jobId });
    if (outcome.ok) close();
  };
  return (
    <div>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('jobs.cancel')}
      </Button>
      <ConfirmDialog
        opened={asking}
        title={t('jobs.cancel_title')}
        confirm={t('jobs.cancel_do')}
        back={t('jobs.keep')}
        pending={cancel.pending}
        error={cancel.error}
        onClose={close}
        onConfirm={() => void confirm()}
      >
        <p>{t('jobs.cancel_text')}</p>
      </ConfirmDialog>
    </div>
  );
}
