// Saves the figures of the chart as a CSV file: a line for each day and key, model or node.
import { Button } from '@mantine/core';
import { downloadBase64 } from '../../components/download';
import { useToasts } from '../../components/toasts/use-toasts';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import type { OperationParams } from '../../../shared/api/app-api';

export interface ExportUsageProps {
  readonly query: OperationParams<'pool.export_usage'>;
  readonly isEmpty: boolean;
}

export function ExportUsage({ query, isEmpty }: ExportUsageProps) {
  const { t } = useLabels();
  const { show, showError } = useToasts();
  const { run, pending } = useOperation('pool.export_usage');
  const start = async (): Promise<void> => {
    const outcome = await run(query);
    if (!outcome.ok) {
      showError(outcome.error);
      return;
    }
    const saved = outcome.value;
    if (saved.state === 'cancelled') return;
    if (saved.state === 'download') downloadBase64(saved.name, 'text/csv', saved.base64);
    show({
      text: saved.state === 'saved' ? t('job_export.saved', { path: saved.path }) : t('job_export.downloaded', { name: saved.name }),
    });
  };
  return (
    <Button variant="default" loading={pending} disabled={isEmpty} onClick={() => void start()}>
      {t('usage.csv')}
    </Button>
  );
}
