// Adapters that were seen and are not offered, each with its reason.
import type { GpuView } from '../../../shared/api/agent-view';
import { useWords } from '../../i18n/use-words';
import classes from './Lists.module.css';

export function RefusedAdapters({ gpus }: { readonly gpus: readonly GpuView[] }) {
  const words = useWords();
  const refused = gpus.filter((gpu) => !gpu.accepted);
  if (refused.length === 0) return null;
  return (
    <div>
      <h3 className={classes['title']}>{words.t('gpus.refused_title')}</h3>
      <ul className={classes['list']}>
        {refused.map((gpu) => (
          <li key={gpu.key}>
            <span>{gpu.name}</span>
            <span className={classes['dim']}>
              {gpu.refusal_code === null ? words.t('gpus.refused') : words.code('gpu_refusal', gpu.refusal_code)}
              {gpu.refusal_detail !== null && ` (${gpu.refusal_detail})`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
