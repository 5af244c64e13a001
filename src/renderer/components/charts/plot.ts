// Draws a chart with uPlot. Loaded when the first chart is shown. Colours come from the CSS variables of the box, and are read again when
// the theme changes. uPlot itself draws again when the ratio of device pixels changes.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type ChartData, type ChartEvent, type ChartLimit, gapsOf, isolatedOf, type SeriesKind, topsOf } from './chart-data';
import { dottedGap, eventLines, limitLine, type Marks } from './marks';
import { type Palette, readPalette } from './palette';
import { createRedrawGate } from './redraw-gate';
import { timeTicks } from './time-scale';
import { valueTicks } from './value-scale';

export interface PlotInput {
  readonly data: ChartData;
  readonly top: number;
  readonly limit: ChartLimit | null;
  readonly events: readonly ChartEvent[];
  /** Absent times: the chart above another one that has them. */
  readonly hasTimes: boolean;
  readonly valueText: (value: number) => string;
  readonly timeText: (wallMs: number, stepMs: number) => string;
  readonly gapText: string;
  /** Local time minus UTC. */
  readonly offsetMs: number;
  readonly sync: string | undefined;
}

/** The sample below the pointer. */
export interface Pointed {
  readonly index: number;
  readonly leftPx: number;
}

export interface Plot {
  readonly update: (input: PlotInput) => void;
  readonly destroy: () => void;
}

/** The same for every chart, so that the time axes of charts above each other agree. */
const GUTTER_PX = 46;
const TIMES_PX = 20;
const FONT_PX = 11;

export function createPlot(box: HTMLElement, first: PlotInput, onPoint: (pointed: Pointed | null) => void): Plot {
  let input = first;
  let palette = readPalette(box);
  let drawn: { readonly plot: uPlot; readonly shape: string } | null = null;

  const draw = (): void => {
    const [width, height] = [box.clientWidth, box.clientHeight];
    if (width === 0 || height === 0) return;
    const shape = shapeOf(input);
    if (drawn !== null && drawn.shape !== shape) {
      drawn.plot.destroy();
      drawn = null;
    }
    if (drawn === null) {
      const options = optionsOf({ width, height, inputNow: () => input, paletteNow: () => palette, onPoint });
      drawn = { plot: new uPlot(options, alignedOf(input), box), shape };
      return;
    }
    if (drawn.plot.width !== width || drawn.plot.height !== height) drawn.plot.setSize({ width, height });
    drawn.plot.setData(alignedOf(input));
  };

  const gate = createRedrawGate(draw);
  const repaint = (): void => {
    palette = readPalette(box);
    drawn?.plot.redraw(false, true);
  };
  const stopWatching = watch(box, { onSize: draw, onTheme: repaint, onVisible: gate.setVisible });
  gate.request();
  return {
    update(next) {
      input = next;
      gate.request();
    },
    destroy() {
      stopWatching();
      gate.stop();
      drawn?.plot.destroy();
    },
  };
}

const kindsOf = ({ data }: PlotInput): readonly SeriesKind[] => data.series.map(({ kind }) => kind);
/** Another shape needs another uPlot. */
const shapeOf = (input: PlotInput): string => [...kindsOf(input), input.hasTimes, input.sync].join(' ');
/** The pool's area is drawn first: the owner's covers its lower part. */
const drawOrder = (kinds: readonly SeriesKind[]): readonly number[] =>
  kinds.map((_kind, i) => i).sort((one, other) => Number(kinds[one] === 'owner') - Number(kinds[other] === 'owner'));

function alignedOf(input: PlotInput): uPlot.AlignedData {
  const tops = topsOf(input.data);
  return [[...input.data.timesWallMs], ...drawOrder(kindsOf(input)).map((i) => [...(tops[i] ?? [])])];
}

interface OptionsInput {
  readonly width: number;
  readonly height: number;
  readonly inputNow: () => PlotInput;
  readonly paletteNow: () => Palette;
  readonly onPoint: (pointed: Pointed | null) => void;
}

function optionsOf({ width, height, inputNow, paletteNow, onPoint }: OptionsInput): uPlot.Options {
  const first = inputNow();
  const kinds = kindsOf(first);
  const font = `${String(FONT_PX)}px ${paletteNow().font}`;
  const text = { font, stroke: () => paletteNow().faint, ticks: { show: false } };
  const grid = { stroke: () => paletteNow().line, width: 1 };
  const ticksOf = (plot: uPlot) => {
    const { data, offsetMs } = inputNow();
    return timeTicks(data.fromWallMs, data.toWallMs, plot.width - GUTTER_PX, offsetMs);
  };
  return {
    width,
    height,
    ms: 1,
    padding: [8, 10, first.hasTimes ? 0 : 8, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { setScale: false, x: false, y: false },
      points: { show: false },
      ...(first.sync === undefined ? {} : { sync: { key: first.sync } }),
    },
    scales: {
      x: { time: false, range: () => [inputNow().data.fromWallMs, inputNow().data.toWallMs] },
      y: { range: () => [0, inputNow().top] },
    },
    axes: [
      {
        ...text,
        show: first.hasTimes,
        size: TIMES_PX,
        gap: 4,
        grid: { show: false },
        splits: (plot) => [...ticksOf(plot).ticks],
        values: (plot, ticks) => ticks.map((tick) => inputNow().timeText(tick, ticksOf(plot).stepMs)),
      },
      {
        ...text,
        size: GUTTER_PX,
        gap: 6,
        grid,
        splits: (plot) => [...valueTicks(inputNow().top, plot.height - TIMES_PX)],
        values: (_plot, ticks) => ticks.map(inputNow().valueText),
      },
    ],
    series: [{}, ...drawOrder(kinds).map((i) => seriesOf(kinds[i] ?? 'line', paletteNow))],
    hooks: {
      draw: [(plot) => drawMarks(plot, inputNow(), paletteNow())],
      setCursor: [
        ({ cursor }) => {
          const { idx, left } = cursor;
          onPoint(idx == null || left === undefined || left < 0 ? null : { index: idx, leftPx: left + GUTTER_PX });
        },
      ],
    },
  };
}

function seriesOf(kind: SeriesKind, paletteNow: () => Palette): uPlot.Series {
  const shared = { width: 1.5, spanGaps: false, points: { show: true, size: 3, filter: isolatedPoints } };
  switch (kind) {
    case 'owner':
      return { ...shared, width: 1, stroke: () => paletteNow().owner, fill: () => paletteNow().hatch };
    case 'pool':
      return { ...shared, stroke: () => paletteNow().pool, fill: () => paletteNow().poolArea };
    case 'total':
      return { ...shared, width: 1, stroke: () => paletteNow().owner, fill: () => paletteNow().ownerArea };
    case 'line':
      return { ...shared, stroke: () => paletteNow().dim };
    case 'steps': {
      const paths = uPlot.paths.stepped?.({ align: 1 });
      const stepped = paths === undefined ? {} : { paths };
      return { ...shared, ...stepped, gaps: wholePixels, stroke: () => paletteNow().pool, fill: () => paletteNow().poolArea };
    }
  }
}

/** The riser after a gap is hidden whole: at fractions of a pixel a pale line would remain. */
const wholePixels = (_plot: uPlot, _series: number, _first: number, _last: number, gaps: uPlot.Series.Gaps): uPlot.Series.Gaps =>
  gaps.map(([from, to]) => [Math.floor(from), Math.ceil(to) + 1]);

function isolatedPoints(plot: uPlot, series: number): number[] {
  return isolatedOf(plot.data[series] ?? []);
}

/** The gaps on the baseline, the limit, and the events: above the series. */
function drawMarks(plot: uPlot, { data, limit, events, gapText, timeText }: PlotInput, palette: Palette): void {
  const ratio = uPlot.pxRatio;
  const { left, top, width, height } = plot.bbox;
  const marks: Marks = {
    ctx: plot.ctx,
    palette,
    ratio,
    area: { left, top, right: left + width, bottom: top + height },
    xOf: (wallMs) => Math.round(plot.valToPos(wallMs, 'x', true)),
    yOf: (value) => Math.round(plot.valToPos(value, 'y', true)),
  };
  plot.ctx.save();
  for (const gap of gapsOf(data)) dottedGap(marks, gap, gapText);
  if (limit !== null) limitLine(marks, limit);
  const shown = events.filter(({ atWallMs }) => atWallMs >= data.fromWallMs && atWallMs <= data.toWallMs);
  eventLines(
    marks,
    shown.map(({ atWallMs, label }) => ({ atWallMs, label: `${timeText(atWallMs, 0)} ${label}` })),
  );
  plot.ctx.restore();
}

interface Watched {
  readonly onSize: () => void;
  readonly onTheme: () => void;
  readonly onVisible: (visible: boolean) => void;
}

/** Calls back when the box changes its size, the theme or the contrast changes, or the box or the window is hidden or shown. */
function watch(box: HTMLElement, { onSize, onTheme, onVisible }: Watched): () => void {
  let isInView = true;
  const changeVisible = (): void => onVisible(isInView && !document.hidden);
  const sizes = new ResizeObserver(onSize);
  const themes = new MutationObserver(onTheme);
  const views = new IntersectionObserver((entries) => {
    isInView = entries.at(-1)?.isIntersecting ?? true;
    changeVisible();
  });
  const contrast = window.matchMedia('(forced-colors: active)');
  sizes.observe(box);
  themes.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-mantine-color-scheme', 'data-contrast', 'data-theme', 'style'],
  });
  views.observe(box);
  contrast.addEventListener('change', onTheme);
  document.addEventListener('visibilitychange', changeVisible);
  return () => {
    sizes.disconnect();
    themes.disconnect();
    views.disconnect();
    contrast.removeEventListener('change', onTheme);
    document.removeEventListener('visibilitychange', changeVisible);
  };
}
