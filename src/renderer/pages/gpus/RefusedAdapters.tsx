// Graphics adapters that are not offered to the pool, each with its reason.
import { memo } from 'react';
import type { GpuView } from '../../../shared/api/agent-view';
import { isRepairable } from '../../labels/repairable-gpu';
import { Code } from '../../components/Code';
import { useLabels } from '../../i18n/use-labels';
import { ReasonedList, type ReasonedListProps } from './ReasonedList';

export interface RefusedAdaptersProps {
  readonly gpus: readonly GpuView[];
  readonly heading?: ReasonedListProps['heading'];
}

export const RefusedAdapters = memo(function RefusedAdapters({ gpus, heading = 'h3' }: RefusedAdaptersProps) {
  const labels = useLabels();
  const items = gpus
    .filter((gpu) => !gpu.accepted)
    .toSorted((a, b) => Number(isRepairable(b)) - Number(isRepairable(a)))
    .map(({ key, name, memory_gb: gb, refusal_code: code, refusal_detail: detail }) => ({
      key,
      name,
      text: (
        <>
          {code === null ? labels.t('gpus.refused') : labels.code('gpu_refusal', code)}
          {code === 'integrated_small'
            ? gb !== null && `${labels.t('punctuation.colon')}${labels.format.gb(gb)}`
            : detail !== null && <Detail text={detail} />}
        </>
      ),
    }));
  return <ReasonedList title={labels.t('gpus.refused_title')} heading={heading} items={items} />;
});

/** The text of the driver or the system, in English. */
function Detail({ text }: { readonly text: string }) {
  return (
    <span lang="en">
      {' '}
      <Code>{text}</Code>
    </span>
  );
}
