// The renderer's built files, read once: what is asked for is looked up in a map, so that no path can lead anywhere else.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface StaticFile {
  readonly body: Buffer;
  readonly contentType: string;
  readonly etag: string;
  readonly cacheControl: string;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

const INDEX = '/index.html';
/** The build puts a hash of the content into these names. */
const HASHED = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

const NOT_BUILT = `The dashboard is not built here. Build it with "npm run build" and start again; the API is at /openapi.json.\n`;

export class StaticFiles {
  readonly #files: ReadonlyMap<string, StaticFile>;

  constructor(files: ReadonlyMap<string, StaticFile>) {
    this.#files = files;
  }

  /** The file at a URL path, and for a path of the renderer's own (a screen) its page; null: there is none. */
  find(urlPath: string): StaticFile | null {
    const exact = this.#files.get(urlPath);
    if (exact !== undefined) return exact;
    return path.posix.extname(urlPath) === '' ? (this.#files.get(INDEX) ?? notBuilt(urlPath)) : null;
  }
}

/** Without a folder, or one that holds no build, `/` says how to make one. */
export function loadStaticFiles(dir: string | null): StaticFiles {
  const files = new Map<string, StaticFile>();
  if (dir === null || !existsSync(path.join(dir, 'index.html'))) return new StaticFiles(files);
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const urlPath = `/${path.relative(dir, file).split(path.sep).join('/')}`;
    files.set(urlPath, staticFile(urlPath, readFileSync(file)));
  }
  return new StaticFiles(files);
}

function staticFile(urlPath: string, body: Buffer): StaticFile {
  return {
    body,
    contentType: CONTENT_TYPES[path.posix.extname(urlPath)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    cacheControl: HASHED.test(urlPath) ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}

const notBuilt = (urlPath: string): StaticFile | null => (urlPath === '/' ? staticFile('/not-built.txt', Buffer.from(NOT_BUILT)) : null);
