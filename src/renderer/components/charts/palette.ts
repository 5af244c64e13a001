// The colours of a chart, from the CSS variables at its box. A canvas takes no variables, so they are read again after each change.

export interface Palette {
  readonly font: string;
  readonly panel: string;
  readonly line: string;
  readonly edge: string;
  readonly ink: string;
  readonly dim: string;
  readonly faint: string;
  readonly limit: string;
  readonly pool: string;
  readonly poolArea: string;
  readonly owner: string;
  readonly ownerArea: string;
  readonly hatch: CanvasPattern | string;
}

export function readPalette(box: HTMLElement): Palette {
  const style = getComputedStyle(box);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    font: style.fontFamily,
    panel: colour('--panel'),
    line: colour('--line'),
    edge: colour('--edge'),
    ink: colour('--ink'),
    dim: colour('--dim'),
    faint: colour('--faint'),
    limit: colour('--limit'),
    pool: colour('--pool'),
    poolArea: colour('--pool-area'),
    owner: colour('--owner'),
    ownerArea: colour('--owner-area'),
    hatch: hatchOf(colour('--owner'), colour('--owner-ground'), Math.max(1, window.devicePixelRatio)),
  };
}

const TILE_PX = 6;

/** Diagonal stripes on a ground. The stripes continue from tile to tile. */
function hatchOf(stripe: string, ground: string, ratio: number): CanvasPattern | string {
  const size = Math.round(TILE_PX * ratio);
  const tile = document.createElement('canvas');
  [tile.width, tile.height] = [size, size];
  const ctx = tile.getContext('2d');
  if (ctx === null) return stripe;
  ctx.fillStyle = ground;
  ctx.fillRect(0, 0, size, size);
  ctx.strokeStyle = stripe;
  ctx.lineWidth = 1.4 * ratio;
  ctx.beginPath();
  for (const shift of [-size, 0, size]) {
    ctx.moveTo(shift - 1, size + 1);
    ctx.lineTo(shift + size + 1, -1);
  }
  ctx.stroke();
  return ctx.createPattern(tile, 'repeat') ?? stripe;
}
