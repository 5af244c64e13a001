// Saves the list of jobs as a file, with the filters of the page.
import { Button, Menu } from '@mantine/core';
import { EXPORT_FORMATS, type ExportFormat } from '../../../shared/api/job-export';
import { downloadBase64 } from '../../components/download';
import { useToasts } from '../../components/toasts/use-toasts';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { useRoute } from '../../store/use-route';
import { GROUP_STATUSES, groupOf, paramsOf } from './job-filters';

const TYPES: Readonly<Record<ExportFormat, string>> = { csv: 'text/csv', jsonl: 'application/jsonl' };

export function ExportJobs() {
  const { t } = useLabels();
  const route = useRoute();
  const { show, showError } = useToasts();
  const { run, pending } = useOperation('pool.export_jobs');
  const group = groupOf(route);
  const start = async (format: ExportFormat): Promise<void> => {
    const outcome = await run({ ...paramsOf(route, group === null ? [] : GROUP_STATUSES[group]), format });
    if (!outcome.ok) {
      showError(outcome.error);
      return;
    }
    const saved = outcome.value;
    if (saved.state === 'cancelled') return;
    if (saved.state === 'download') downloadBase64(saved.name, TYPES[format], saved.base64);
    show({
      text: saved.state === 'saved' ? t('job_export.saved', { path: saved.path }) : t('job_export.downloaded', { name: saved.name }),
    });
  };
  return (
    <Menu position="bottom-end" withinPortal shadow="md" hideDetached={false}>
      <Menu.Target>
        <Button variant="default" loading={pending}>
          {t('job_export.button')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {EXPORT_FORMATS.map((format) => (
          <Menu.Item key={format} onClick={() => void start(format)}>
            {t(`job_export.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
