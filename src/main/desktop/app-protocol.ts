// Serves the pages of the app at app://muster/. This origin replaces file://. In development it forwards requests to the build tool.
import { protocol, type Session } from 'electron';
import { APP_SCHEME, isOwnPage } from './core/own-pages';
import { serveFile } from './served-files';

/** Call this before the app is ready. Chromium keeps the compiled code of the pages for the next start. */
export function registerAppScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges }]);
}

/** `devServerUrl` null: serves the built files in `folder`. Answers when `connected` resolves: a page calls its API at once. */
export function serveApp(session: Session, folder: string, devServerUrl: string | null, connected: Promise<void>): void {
  session.protocol.handle(APP_SCHEME, async (request) => {
    await connected;
    if (devServerUrl === null || !isOwnPage(request.url)) return serveFile(folder, request);
    return fetch(developmentUrl(devServerUrl, request.url));
  });
}

function developmentUrl(devServerUrl: string, pageUrl: string): URL {
  const { pathname, search } = new URL(pageUrl);
  return new URL(pathname + search, devServerUrl);
}
