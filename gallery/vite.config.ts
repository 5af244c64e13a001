// The gallery: the pages of the renderer over the fixtures of the tests. It is not part of the product build.
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const projectRoot = resolve(import.meta.dirname, '..');

export default defineConfig({
  root: import.meta.dirname,
  publicDir: resolve(projectRoot, 'src/renderer/public'),
  base: './',
  plugins: [react()],
  server: { fs: { allow: [projectRoot] } },
  // The tests serve the build under the Content-Security-Policy of the product, which allows 'self' only.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 2000 },
});
