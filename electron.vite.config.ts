// Builds the program into out/: main (ESM), preload (one sandboxed CommonJS file) and renderer.
// The three main entries are three programs. Their shared code is in chunks. A test checks that only the first one imports `electron`.
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

// The oldest Electron that must run this build: the one of the tests (scripts/electron-runtime.mjs). Newer ones run the same build.
process.env['ELECTRON_MAJOR_VER'] ??= '33';

const here = import.meta.dirname;

/** Without a page in the address, the state of the program decides which of these two is shown. English: the language of most windows. */
const FIRST_PARTS = ['ComputerPage', 'PoolPage', 'en-first', 'shared', 'texts'];

/**
 * app.html, the page of the window: index.html that also asks for the parts of the first page, not only after the start file has run. A
 * browser gets index.html: over a network the start file comes first.
 */
const pageOfTheWindow: Plugin = {
  name: 'page-of-the-window',
  enforce: 'post',
  generateBundle(_options, bundle) {
    const links = Object.values(bundle)
      .filter((output) => output.type === 'chunk' && FIRST_PARTS.includes(output.name))
      .map(({ fileName }) => `    <link rel="modulepreload" crossorigin href="./${fileName}">\n`);
    const html = bundle['index.html'];
    if (html?.type !== 'asset') throw new Error('no index.html to make app.html of');
    this.emitFile({ type: 'asset', fileName: 'app.html', source: String(html.source).replace('  </head>', `${links.join('')}  </head>`) });
  },
};

export default defineConfig({
  main: {
    // pino-roll uses five functions of date-fns, and its `require` would load all 250 files at each start.
    resolve: { alias: [{ find: /^date-fns$/, replacement: resolve(here, 'src/main/platform/date-fns-for-pino-roll.ts') }] },
    build: {
      sourcemap: true,
      // What each program loads at its start is bundled: it starts faster than from hundreds of files. Not ws: the fault tests kill the
      // scheduler inside calls of its package. Not pino: it starts a thread from a file of its package.
      externalizeDeps: {
        exclude: [
          'bonjour-service',
          'eventsource-parser',
          'fastify',
          'pino-pretty',
          'pino-roll',
          'prom-client',
          'toml-eslint-parser',
          'zod',
        ],
      },
      rolldownOptions: {
        input: {
          index: resolve(here, 'src/main/index.ts'),
          cli: resolve(here, 'src/main/cli.ts'),
          'hardware-probe': resolve(here, 'src/main/hardware/probe/probe-child.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      sourcemap: true,
      // A sandboxed preload can require only `electron`, so all other modules are bundled into the preload.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve(here, 'src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(here, 'src/renderer'),
    plugins: [react(), pageOfTheWindow],
    // The window loads the renderer from app://, a browser over HTTP, perhaps under a path. So all references are relative.
    base: './',
    build: {
      sourcemap: true,
      minify: true,
      // One file of styles. Vite takes a styles file whose load failed once as loaded, so a page loaded later would have no styles. Nine tenths
      // of the styles are needed at the start anyway.
      cssCodeSplit: false,
      // The renderer is read from disk or loaded once over a LAN, so one large file is acceptable.
      chunkSizeWarningLimit: 1000,
      // The Content-Security-Policy allows 'self' only: no data: URLs, no inline polyfill.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: { index: resolve(here, 'src/renderer/index.html') },
        output: {
          // A window reads each file through the main process, so few files start faster: one for the start, one for the texts of both
          // languages, one for all that pages share. With finer groups two files can import each other, and then no page is drawn.
          codeSplitting: {
            groups: [
              { name: 'start', tags: ['$initial'], priority: 2 },
              { name: 'texts', test: /src[\\/](shared[\\/]reasons|renderer[\\/]i18n)[\\/]/, minShareCount: 2, priority: 1 },
              { name: 'shared', minShareCount: 2 },
            ],
          },
        },
      },
    },
  },
});
