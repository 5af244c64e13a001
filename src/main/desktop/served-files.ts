// Serves app://muster/: the files of the built renderer and no others, each with the security headers.
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isOwnPage } from './core/own-pages';

/** No network, inline script, frame or form: the window uses IPC only. The UI library sets inline styles at run time. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
};

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Serves a GET of a file in the folder. Anything else is 404, also a link to a file outside the folder. */
export async function serveFile(folder: string, request: { readonly method: string; readonly url: string }): Promise<Response> {
  const file = request.method === 'GET' && isOwnPage(request.url) ? fileOf(folder, new URL(request.url).pathname) : null;
  const type = file === null ? undefined : TYPES[path.extname(file)];
  if (file === null || type === undefined || !(await isInside(folder, file))) return notFound();
  try {
    return new Response(new Uint8Array(await readFile(file)), { headers: { ...HEADERS, 'content-type': type } });
  } catch {
    return notFound();
  }
}

const notFound = (): Response => new Response(null, { status: 404, headers: HEADERS });

function fileOf(folder: string, pathname: string): string | null {
  let name: string;
  try {
    name = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (name.includes('\0') || name.includes('\\')) return null;
  return path.join(folder, name === '/' ? 'index.html' : name);
}

async function isInside(folder: string, file: string): Promise<boolean> {
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(file)]);
    return real.startsWith(root + path.sep);
  } catch {
    return false;
  }
}
