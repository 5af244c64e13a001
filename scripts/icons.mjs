// Draws the icons of the packages from build/icon.svg: the PNG files of Linux, the .ico of Windows and the .icns of macOS. Run it after a
// change of the SVG and commit the results: a package build needs no renderer and no download then.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import png2icons from 'png2icons';
import { projectRoot } from './paths.mjs';

/** The sizes of the hicolor theme that desktops ask for. */
const LINUX_SIZES_PX = [16, 24, 32, 48, 64, 128, 256, 512];
/** The .ico and .icns files contain smaller copies of this size. */
const LARGEST_PX = 1024;

const folder = join(projectRoot, 'build');

/**
 * @param {string} svg
 * @returns {ReadonlyMap<string, Buffer>} the content of each icon file, by its path below build/
 */
export function iconFiles(svg) {
  const png = (/** @type {number} */ sizePx) => new Resvg(svg, { fitTo: { mode: 'width', value: sizePx } }).render().asPng();
  const largest = png(LARGEST_PX);
  const linux = LINUX_SIZES_PX.map((size) => /** @type {const} */ ([join('icons', `${size}x${size}.png`), png(size)]));
  return new Map([
    ...linux,
    ['icon.icns', packed('icns', png2icons.createICNS(largest, png2icons.BICUBIC2, 0))],
    ['icon.ico', packed('ico', png2icons.createICO(largest, png2icons.BICUBIC2, 0, true, true))],
  ]);
}

/**
 * @param {string} format
 * @param {Buffer | null} content
 */
function packed(format, content) {
  if (content === null) throw new Error(`png2icons has made no .${format} file`);
  return content;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, content] of iconFiles(readFileSync(join(folder, 'icon.svg'), 'utf8'))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
}
