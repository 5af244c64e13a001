// The gallery, built once for a run and served on a loopback port with the headers of the scheduler's own server; and a visit to it.
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { type GalleryCase, type Look, searchOf } from '../../gallery/gallery-case';
import { SECURITY_HEADERS } from '../../src/main/scheduler/api/security-headers';
import { madeOnce } from './made-once';

const CONFIG_FILE = resolve(import.meta.dirname, '../../gallery/vite.config.ts');
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

export interface GallerySite {
  readonly url: string;
  close(): Promise<void>;
}

/** `production`: as the dashboard is delivered. `development`: React also warns about faults, such as a missing key, and takes twice the time. */
export type GalleryBuild = 'production' | 'development';

async function buildGallery(kind: GalleryBuild, outDir: string): Promise<void> {
  const { NODE_ENV = 'test' } = process.env;
  process.env['NODE_ENV'] = kind;
  try {
    await build({ configFile: CONFIG_FILE, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  } finally {
    process.env['NODE_ENV'] = NODE_ENV;
  }
}

export async function serveGallery(kind: GalleryBuild): Promise<GallerySite> {
  const folder = await madeOnce(`gallery-${kind}`, (made) => buildGallery(kind, made));
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(folder, normalize(path === '/' ? '/index.html' : path));
    readFile(file).then(
      (content) =>
        response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}/`, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}

export interface Visit {
  readonly page: Page;
  /** Errors and warnings of the page since the last call, including violations of the Content-Security-Policy. */
  takeProblems(): string[];
  show(shown: GalleryCase, look: Look): Promise<void>;
  /** Keeps a PNG of what is visible. */
  picture(file: string): Promise<void>;
  close(): Promise<void>;
}

export interface VisitOptions {
  readonly viewport: { readonly width: number; readonly height: number };
  /** The case in the URL; absent: the index. */
  readonly search?: string;
  /** The language and the colour scheme of the system. */
  readonly locale?: string;
  readonly colorScheme?: 'light' | 'dark';
}

export async function visitGallery(browser: Browser, site: GallerySite, options: VisitOptions): Promise<Visit> {
  const { viewport, search = '', locale = 'en-US', colorScheme = 'light' } = options;
  const context = await browser.newContext({ locale, colorScheme, viewport, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' });
  const page = await context.newPage();
  // Only the tools of a developer show these tasks, and React of a development build creates one for each element.
  await page.addInitScript(() => Reflect.deleteProperty(console, 'createTask'));
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  const devTools = await context.newCDPSession(page);
  await page.goto(`${site.url}${search}`);
  await page.getByRole('main').waitFor();
  return {
    page,
    takeProblems: () => problems.splice(0),
    async show(shown, look) {
      await page.evaluate((wanted) => window.gallery.show(wanted), searchOf(shown, look));
      // The code of some pages loads when they open.
      await page.locator('[data-page-loading]').waitFor({ state: 'detached' });
    },
    async picture(path) {
      // The screenshots of Playwright have the smallest PNG, which takes twice the time.
      const { data } = await devTools.send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: true });
      await writeFile(path, data, 'base64');
    },
    close: () => context.close(),
  };
}
