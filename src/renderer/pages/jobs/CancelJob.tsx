// Cancels a job after confirmation, because a client may wait for the result.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';

export function CancelJob({ jobId }: { readonly jobId: string }) {
  const { t } = useLabels();
  const [isConfirming, setIsConfirming] = useState(false);
  const cancel = useOperation('pool.cancel_job');
  return (
    <div>
      <Button variant="default" onClick={() => setIsConfirming(true)}>
        {t('jobs.cancel')}
      </Button>
      <ConfirmDialog
        operation={cancel}
        run={() => cancel.run({ job_id: jobId })}
        opened={isConfirming}
        title={t('jobs.cancel_title')}
        confirm={t('jobs.cancel_do')}
        back={t('jobs.keep')}
        onClose={() => setIsConfirming(false)}
      >
        <p>{t('jobs.cancel_text')}</p>
      </ConfirmDialog>
    </div>
  );
}
