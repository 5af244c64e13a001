// Serves app://muster/: the files of the built renderer and no others, each with the security headers.
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { RENDERER_HEADERS, rendererContentType, rendererSecurityPolicy } from '../../shared/renderer-files';
import { isOwnPage } from './core/own-pages';

/** No network, no inline script, no frame, no form: the window reaches its program over IPC only. */
export const CONTENT_SECURITY_POLICY = rendererSecurityPolicy(["frame-src 'none'", "object-src 'none'"]);

const HEADERS = { 'content-security-policy': CONTENT_SECURITY_POLICY, ...RENDERER_HEADERS };

/** Serves a GET of a file in the folder. Anything else is 404, also a link to a file outside the folder. */
export async function serveFile(folder: string, request: { readonly method: string; readonly url: string }): Promise<Response> {
  const file = request.method === 'GET' && isOwnPage(request.url) ? fileOf(folder, new URL(request.url).pathname) : null;
  const type = file === null ? null : rendererContentType(file);
  if (file === null || type === null || !(await isInside(folder, file))) return notFound();
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
