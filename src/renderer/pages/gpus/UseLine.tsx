// A chart of the use of one GPU over the last five minutes, from 0 to 100 %: the same scale for every GPU. It slides without animation.
import type { ReactNode } from 'react';
import { useNow } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';
import { HISTORY_MS, type Sample } from '../../store/gpu-history';
import { useScreenState } from '../../store/Screen';
import classes from './UseLine.module.css';

const WIDTH = 300;
const HEIGHT = 32;
/** The line has a gap between two readings further apart than this. */
const GAP_MS = 30_000;

export function UseLine({ gpuKey, name }: { readonly gpuKey: string; readonly name: string }) {
  const { t, format } = useLabels();
  const now = useNow();
  const samples = useScreenState((state) => state.gpuHistory[gpuKey]) ?? [];
  const path = linePath(samples, now);
  // Without samples the space is reserved, so that the layout does not shift later.
  if (path === '') return <Chart line={<div className={classes['line']} />} />;
  const known = samples.flatMap(({ percent }) => (percent === null ? [] : [percent]));
  const label = t('gpus.use_line', {
    name,
    window: format.duration(HISTORY_MS),
    least: format.percent(Math.min(...known)),
    most: format.percent(Math.max(...known)),
  });
  return (
    <Chart
      line={
        <svg
          className={classes['line']}
          viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={label}
        >
          <path d={path} vectorEffect="non-scaling-stroke" />
        </svg>
      }
    />
  );
}

/** The line, with its scale and its time span below. */
function Chart({ line }: { readonly line: ReactNode }) {
  const { t, format } = useLabels();
  return (
    <div>
      {line}
      <div className={classes['caption']}>{t('gpus.use_caption', { window: format.duration(HISTORY_MS) })}</div>
    </div>
  );
}

/** An SVG path; empty when there is no line to draw yet. */
export function linePath(samples: readonly Sample[], nowWallMs: number): string {
  const from = nowWallMs - HISTORY_MS;
  let path = '';
  let previousAtWallMs: number | null = null;
  let points = 0;
  for (const { atWallMs, percent } of samples) {
    if (atWallMs < from || percent === null) {
      previousAtWallMs = null;
      continue;
    }
    const x = (Math.min(atWallMs, nowWallMs) - from) * (WIDTH / HISTORY_MS);
    const y = 1 + (1 - percent / 100) * (HEIGHT - 2);
    path += `${previousAtWallMs === null || atWallMs - previousAtWallMs > GAP_MS ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    previousAtWallMs = atWallMs;
    points++;
  }
  return points < 2 ? '' : path;
}
