// Graphics adapters that are not offered to the pool, each with its reason.
import type { GpuView } from '../../../shared/api/agent-view';
import { useWords } from '../../i18n/use-words';
import { ReasonedList } from './ReasonedList';

export function RefusedAdapters({ gpus }: { readonly gpus: readonly GpuView[] }) {
  const words = useWords();
  const items = gpus
    .filter((gpu) => !gpu.accepted)
    .map(({ key, name, refusal_code: code, refusal_detail: detail }) => ({
      key,
      name,
      text: `${code === null ? words.t('gpus.refused') : words.code('gpu_refusal', code)}${detail === null ? '' : ` (${detail})`}`,
    }));
  return <ReasonedList title={words.t('gpus.refused_title')} items={items} />;
}
