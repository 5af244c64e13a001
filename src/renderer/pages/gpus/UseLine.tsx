// The use of one GPU over the last five minutes: it slides, it does not animate.
import { useNow } from '../../clock/Clock';
import { useWords } from '../../i18n/use-words';
import { HISTORY_MS } from '../../store/gpu-history';
import { useScreenState } from '../../store/Screen';
import { HEIGHT, linePath, WIDTH } from './use-line';
import classes from './UseLine.module.css';

export function UseLine({ gpuKey, name }: { readonly gpuKey: string; readonly name: string }) {
  const { t, format } = useWords();
  const now = useNow();
  const samples = useScreenState((state) => state.gpuHistory[gpuKey]) ?? [];
  const path = linePath(samples, now);
  // Before there is a line its place is kept, so that nothing jumps when it comes.
  if (path === '') return <div className={classes['line']} />;
  const known = samples.flatMap(({ percent }) => (percent === null ? [] : [percent]));
  const label = t('gpus.use_line', {
    name,
    window: format.duration(HISTORY_MS),
    least: format.percent(Math.min(...known)),
    most: format.percent(Math.max(...known)),
  });
  return (
    <svg
      className={classes['line']}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={path} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
