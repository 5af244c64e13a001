// Draws the pictures of the tray: the mark of the app with the shape of each state, in each size, in one file. Run it after a change of a shape
// and commit the result. `src/main/desktop/core/tray-sheet.ts` has the columns and rows; a test compares them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from './paths.mjs';

export const SIZES_PX = [16, 24, 32, 48];

/** The part of the app's icon inside its `svg` element. */
const mark = (/** @type {string} */ svg) => svg.replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '');

const line = 'fill="none" stroke="C" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"';
const cut = 'fill="none" stroke="#fff" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"';
const disc = '<circle cx="22" cy="22" r="20" fill="C"/>';
const ring = `<circle cx="22" cy="22" r="17" ${line}/>`;

/**
 * The shapes of the window (`StatusShape.tsx`) with stronger lines, and the colours of its light theme, which keep their contrast on the white
 * disc below the shape.
 * @type {readonly (readonly [shape: string, colour: string, drawing: string])[]}
 */
export const SHAPES = [
  ['none', '', ''],
  ['available', '#0b7a52', `${disc}<path d="M13 22.5l6.3 6.3L31.5 16" ${cut}/>`],
  ['full', '#2350c6', `<rect x="3" y="3" width="38" height="38" rx="8" fill="C"/><path d="M12 13.5h20M12 22h20M12 30.5h20" ${cut}/>`],
  ['busy', '#8a5d00', `${disc}<path d="M12 22h20" ${cut}/>`],
  ['paused', '#46525f', `${disc}<path d="M16.5 14v16M27.5 14v16" ${cut}/>`],
  ['draining', '#6d3fc0', `<path d="M24 6H9a3 3 0 0 0-3 3v26a3 3 0 0 0 3 3h15M17 22h22M31 13.5l8.5 8.5-8.5 8.5" ${line}/>`],
  ['registering', '#0b6e86', `<circle cx="22" cy="22" r="17" ${line} stroke-dasharray="0.1 13.25"/>`],
  [
    'degraded',
    '#b8430a',
    `<path d="M22 3L42 40H2Z" fill="C" stroke="C" stroke-width="3" stroke-linejoin="round"/><path d="M22 16v11M22 33.5v.3" ${cut}/>`,
  ],
  [
    'asleep',
    '#5d6670',
    `<path d="M37 27.5A16.5 16.5 0 1 1 18.5 6.5 13 13 0 0 0 37 27.5Z" fill="C" stroke="C" stroke-width="3" stroke-linejoin="round"/>`,
  ],
  ['disconnected', '#5d6670', `<path d="M11.5 9.5A17 17 0 0 0 9.5 33M32.5 34.5A17 17 0 0 0 34.5 11M5 39L39 5" ${line}/>`],
  ['offline', '#5d6670', ring],
  ['refused', '#c0282c', `${ring}<path d="M16 16l12 12M28 16L16 28" ${line}/>`],
];

/** The box of one picture. The mark leaves a margin, so that the badge stands out. */
const BOX = 64;
const BADGE = 37;

/**
 * @param {string} icon the SVG of the app's icon, 512 units wide
 * @returns {Promise<Buffer>} the sheet, a PNG
 */
export async function traySheet(icon) {
  const width = SHAPES.length * Math.max(...SIZES_PX);
  const height = SIZES_PX.reduce((sum, size) => sum + size, 0);
  let y = 0;
  const rows = SIZES_PX.map((size) => {
    const pictures = SHAPES.map(([shape, colour, drawing], column) => {
      const scale = size / BOX;
      return `<g transform="translate(${column * size} ${y}) scale(${scale})">${picture(icon, shape, colour, drawing)}</g>`;
    });
    y += size;
    return pictures.join('');
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${rows.join('')}</svg>`;
  // The tests read the shapes only.
  const { Resvg } = await import('@resvg/resvg-js');
  return new Resvg(svg).render().asPng();
}

/** @type {(icon: string, shape: string, colour: string, drawing: string) => string} */
function picture(icon, shape, colour, drawing) {
  if (shape === 'none') return `<g transform="scale(${BOX / 512})">${mark(icon)}</g>`;
  const [scale, at] = [BADGE / 44, BOX - BADGE - 3];
  const badge = drawing.replaceAll('"C"', `"${colour}"`);
  return (
    `<g transform="scale(${54 / 512})">${mark(icon)}</g>` +
    `<g transform="translate(${at} ${at}) scale(${scale})"><circle cx="22" cy="22" r="25" fill="#fff"/>${badge}</g>`
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const icon = readFileSync(join(projectRoot, 'build', 'icon.svg'), 'utf8');
  writeFileSync(join(projectRoot, 'src', 'renderer', 'public', 'tray.png'), await traySheet(icon));
}
