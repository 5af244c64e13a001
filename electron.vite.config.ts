// Builds everything that runs into out/: main (ESM), preload (one sandboxed CommonJS file) and renderer.
// The three main entries are three programs; what they share lands in chunks, and a test holds `electron` out of all but the first.
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

// The oldest Electron that this build must run in: the one the tests start (scripts/electron-runtime.mjs). One build serves all of them.
process.env['ELECTRON_MAJOR_VER'] ??= '33';

const here = import.meta.dirname;

export default defineConfig({
  main: {
    build: {
      sourcemap: true,
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
      // A sandboxed preload can require nothing but `electron`: everything else is bundled into it.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve(here, 'src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(here, 'src/renderer'),
    plugins: [react()],
    // The window loads it from app://, the dashboard over HTTP, perhaps under a path: every reference is relative.
    base: './',
    build: {
      sourcemap: true,
      minify: true,
      // Read from disk or served in a LAN, once: one file is no fault.
      chunkSizeWarningLimit: 1000,
      // The CSP knows 'self' only: no data: URLs, no inline polyfill.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { index: resolve(here, 'src/renderer/index.html') } },
    },
  },
});
