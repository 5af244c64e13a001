// Why a GPU cannot be used now, and the next step.
import type { GpuView } from '../../../shared/api/agent-view';
import { Code } from '../../components/Code';
import { StatusLabel } from '../../components/StatusLabel';
import { isCode, useLabels } from '../../i18n/use-labels';

export function GpuFault({ gpu: { fault_code: code } }: { readonly gpu: GpuView }) {
  const labels = useLabels();
  const { t } = labels;
  return (
    <p>
      <StatusLabel shape="degraded" label={t('gpus.unusable')} />{' '}
      {code === null || !isCode('gpu_fault', code) ? t('gpu_fault.probe_failed') : labels.code('gpu_fault', code)}{' '}
      {code !== null && <Code>{code}</Code>}
    </p>
  );
}
