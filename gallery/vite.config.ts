// The gallery: the pages of the renderer over the fixtures of the tests. It is not part of the product build.
import { readFile } from 'node:fs/promises';
import { join, normalize, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const projectRoot = resolve(import.meta.dirname, '..');

/** The film strips that `npm run test:long` keeps. */
const diaries: Plugin = {
  name: 'diaries',
  configureServer({ middlewares }) {
    const folder = resolve(projectRoot, 'artifacts/gallery/diaries');
    middlewares.use('/diaries', ({ url = '/', originalUrl = '' }, response, next) => {
      // The path also matches the module `diaries.ts`.
      if (!originalUrl.startsWith('/diaries/')) {
        next();
        return;
      }
      const file = normalize(decodeURI(new URL(url, 'http://localhost').pathname));
      readFile(join(folder, file)).then(
        (content) => response.writeHead(200, { 'content-type': file.endsWith('.png') ? 'image/png' : 'text/html' }).end(content),
        () => response.writeHead(404).end('The film strips are made by: npm run test:long -- tests/diaries/'),
      );
    });
  },
};

export default defineConfig({
  root: import.meta.dirname,
  publicDir: resolve(projectRoot, 'src/renderer/public'),
  base: './',
  plugins: [react(), diaries],
  server: { fs: { allow: [projectRoot] } },
  // The tests serve the build under the Content-Security-Policy of the product, which allows 'self' only.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 2000 },
});
