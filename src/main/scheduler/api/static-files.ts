// The files of the built renderer, read once at the start. A request is looked up in a map, so no path can lead out of the folder.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rendererContentType } from '../../../shared/renderer-files';

export interface StaticFile {
  readonly body: Buffer;
  readonly contentType: string;
  readonly etag: string;
  readonly cacheControl: string;
}

const INDEX = '/index.html';
/** The build puts a hash of the content into these names. */
const HASHED = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

const NOT_BUILT = `The dashboard is not built. Run "npm run build" and start Muster again. The API is described at /openapi.json.\n`;

export class StaticFiles {
  readonly #files: ReadonlyMap<string, StaticFile>;

  constructor(files: ReadonlyMap<string, StaticFile>) {
    this.#files = files;
  }

  /** The file at a URL path. A path without an extension is a page of the dashboard and gets index.html. Null: no such file. */
  find(urlPath: string): StaticFile | null {
    const exact = this.#files.get(urlPath);
    if (exact !== undefined) return exact;
    return path.posix.extname(urlPath) === '' ? (this.#files.get(INDEX) ?? notBuilt(urlPath)) : null;
  }
}

/** Without a folder, or without a build in the folder, `/` answers how to build the renderer. */
export function loadStaticFiles(dir: string | null): StaticFiles {
  const files = new Map<string, StaticFile>();
  if (dir === null || !existsSync(path.join(dir, 'index.html'))) return new StaticFiles(files);
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    // A symbolic link is not a file here, so it cannot lead out of the folder either.
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const urlPath = `/${path.relative(dir, file).split(path.sep).join('/')}`;
    files.set(urlPath, staticFile(urlPath, readFileSync(file), rendererContentType(urlPath) ?? 'application/octet-stream'));
  }
  return new StaticFiles(files);
}

function staticFile(urlPath: string, body: Buffer, contentType: string): StaticFile {
  return {
    body,
    contentType,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    cacheControl: HASHED.test(urlPath) ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}

const notBuilt = (urlPath: string): StaticFile | null =>
  urlPath === '/' ? staticFile(urlPath, Buffer.from(NOT_BUILT), 'text/plain; charset=utf-8') : null;
