// Why a GPU cannot be used now, and the next step.
import type { GpuView } from '../../../shared/api/agent-view';
import { CodeDetails } from '../../components/CodeDetails';
import { StatusLabel } from '../../components/StatusLabel';
import { isCode, useLabels } from '../../i18n/use-labels';

export function GpuFault({ gpu: { fault_code: code } }: { readonly gpu: GpuView }) {
  const labels = useLabels();
  const { t } = labels;
  return (
    <div>
      <p>
        <StatusLabel shape="degraded" label={t('gpus.unusable')} />{' '}
        {code === null || !isCode('gpu_fault', code) ? t('gpu_fault.probe_failed') : labels.code('gpu_fault', code)}
      </p>
      {code !== null && <CodeDetails code={code} />}
    </div>
  );
}
