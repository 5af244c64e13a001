// Why a GPU cannot be used now, and the next step.
import type { GpuView } from '../../../shared/api/agent-view';
import { CodeDetails } from '../../components/CodeDetails';
import { StatusLabel } from '../../components/StatusLabel';
import { isCode, type Labels, useLabels } from '../../i18n/use-labels';

export const faultText = (labels: Labels, { fault_code: code }: GpuView): string =>
  code === null || !isCode('gpu_fault', code) ? labels.t('gpu_fault.probe_failed') : labels.code('gpu_fault', code);

export function GpuFault({ gpu }: { readonly gpu: GpuView }) {
  const { fault_code: code } = gpu;
  const labels = useLabels();
  const { t } = labels;
  return (
    <div>
      <p>
        <StatusLabel shape="degraded" label={t('gpus.unusable')} /> {faultText(labels, gpu)}
      </p>
      {code !== null && <CodeDetails code={code} />}
    </div>
  );
}
