// Content types and headers of the built renderer's files, for both of their servers: the scheduler over HTTP, the app over app://.

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['css', 'text/css; charset=utf-8'],
  ['html', 'text/html; charset=utf-8'],
  ['ico', 'image/x-icon'],
  ['jpg', 'image/jpeg'],
  ['js', 'text/javascript; charset=utf-8'],
  ['json', 'application/json; charset=utf-8'],
  ['map', 'application/json; charset=utf-8'],
  ['png', 'image/png'],
  ['svg', 'image/svg+xml'],
  ['webmanifest', 'application/manifest+json'],
  ['woff', 'font/woff'],
  ['woff2', 'font/woff2'],
]);

/** By the file name extension. Null: the build of the renderer contains no such files. */
export const rendererContentType = (fileName: string): string | null =>
  CONTENT_TYPES.get(/\.([^./\\]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '') ?? null;

/** The headers of every file, in addition to the content security policy. */
export const RENDERER_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/**
 * The content security policy of the page: scripts, styles and fonts of its origin, and no embedding. Mantine writes its variables into a
 * style element, which requires `unsafe-inline` for styles. Pictures that the user attaches to a message are data URLs. `more`: further
 * directives.
 */
export const rendererSecurityPolicy = (more: readonly string[] = []): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    ...more,
  ].join('; ');
