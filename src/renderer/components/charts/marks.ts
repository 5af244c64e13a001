// The marks above the series of a chart: gaps, the limit, events. All lengths are canvas pixels.
import type { ChartEvent, ChartLimit, Span } from './chart-data';
import { placeLabels } from './place-labels';
import type { Palette } from './palette';

export interface Marks {
  readonly ctx: CanvasRenderingContext2D;
  readonly palette: Palette;
  /** Canvas pixels for one CSS pixel. */
  readonly ratio: number;
  readonly area: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
  readonly xOf: (wallMs: number) => number;
  readonly yOf: (value: number) => number;
}

/** A dotted line on the baseline, with a text where there is space for it. */
export function dottedGap(marks: Marks, { fromWallMs, toWallMs }: Span, text: string): void {
  const { ctx, palette, ratio, area } = marks;
  const [from, to] = [marks.xOf(fromWallMs), marks.xOf(toWallMs)];
  const y = area.bottom - ratio;
  // The grid line below would fill the space between the dots.
  ctx.fillStyle = palette.panel;
  ctx.fillRect(from, y - ratio, to - from, 3 * ratio);
  line(marks, { colour: palette.edge, dash: [2, 4], width: 1.5 }, [from, y], [to, y]);
  setFont(marks, 400);
  if (ctx.measureText(text).width + 12 * ratio > to - from) return;
  ctx.textAlign = 'center';
  label(marks, palette.faint, text, (from + to) / 2, y - 10 * ratio);
}

/** A dashed line. The head of the chart has its label, so that no curve is below the text. */
export function limitLine(marks: Marks, { value }: ChartLimit): void {
  const { palette, area } = marks;
  const y = marks.yOf(value);
  line(marks, { colour: palette.limit, dash: [5, 3], width: 1.25 }, [area.left, y], [area.right, y]);
}

/** Thin dotted lines with their causes at the top. A cause that has no space beside its line is only in the summary. */
export function eventLines(marks: Marks, events: readonly ChartEvent[]): void {
  const { ctx, palette, ratio, area } = marks;
  setFont(marks, 600);
  const wanted = events.map(({ atWallMs, label: text }) => ({ at: marks.xOf(atWallMs), width: ctx.measureText(text).width }));
  const places = placeLabels(wanted, { from: area.left, to: area.right, gap: 6 * ratio });
  for (const [i, { at }] of wanted.entries()) {
    line(marks, { colour: palette.ink, dash: [2, 2], width: 1 }, [at, area.top], [at, area.bottom]);
    const left = places[i];
    if (left == null) continue;
    ctx.textAlign = 'left';
    label(marks, palette.ink, events[i]?.label ?? '', left, area.top + 7 * ratio);
  }
}

function setFont({ ctx, palette, ratio }: Marks, weight: number): void {
  ctx.font = `${String(weight)} ${String(11 * ratio)}px ${palette.font}`;
  ctx.textBaseline = 'middle';
}

/** With an edge in the colour of the card, so that the text is legible above areas and lines. */
function label({ ctx, palette, ratio }: Marks, colour: string, text: string, x: number, y: number): void {
  ctx.setLineDash([]);
  ctx.lineJoin = 'round';
  ctx.strokeStyle = palette.panel;
  ctx.lineWidth = 3 * ratio;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

interface Stroke {
  readonly colour: string;
  readonly dash: readonly number[];
  readonly width: number;
}
type Point = readonly [number, number];

function line({ ctx, ratio }: Marks, { colour, dash, width }: Stroke, from: Point, to: Point): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width * ratio;
  ctx.setLineDash(dash.map((length) => length * ratio));
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
  ctx.setLineDash([]);
}
