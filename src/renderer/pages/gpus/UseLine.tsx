// The use of one GPU over the last five minutes, from 0 to 100 %: the same scale for every GPU. The line slides, it is not animated.
import { useNow } from '../../clock/Clock';
import { useWords } from '../../i18n/use-words';
import { HISTORY_MS, type Sample } from '../../store/gpu-history';
import { useScreenState } from '../../store/Screen';
import classes from './UseLine.module.css';

const WIDTH = 300;
const HEIGHT = 32;
/** Between two readings further apart than this the line has a gap. */
const GAP_MS = 30_000;

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

/** An SVG path; empty when there is no line to draw yet. */
export function linePath(samples: readonly Sample[], nowMs: number): string {
  const from = nowMs - HISTORY_MS;
  let path = '';
  let previousAt: number | null = null;
  let points = 0;
  for (const { at, percent } of samples) {
    if (at < from || percent === null) {
      previousAt = null;
      continue;
    }
    const x = (Math.min(at, nowMs) - from) * (WIDTH / HISTORY_MS);
    const y = 1 + (1 - percent / 100) * (HEIGHT - 2);
    path += `${previousAt === null || at - previousAt > GAP_MS ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    previousAt = at;
    points++;
  }
  return points < 2 ? '' : path;
}
