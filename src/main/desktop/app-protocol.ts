// Serves the pages of the app at app://muster/. This origin replaces file://. In development it forwards requests to the build tool.
import { protocol, type Session } from 'electron';
import { APP_SCHEME, isOwnPage, START_PAGE } from './core/own-pages';
import { serveFile } from './served-files';

/** Call this before the app is ready. Chromium keeps the compiled code of the pages for the next start. */
export function registerAppScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges }]);
}

/** `devServerUrl` null: serves the built files in `folder`. Resolves when a page has all the files that it asked for. */
export function serveApp(session: Session, folder: string, devServerUrl: string | null): Promise<void> {
  let waiting = 0;
  return new Promise((resolve) => {
    session.protocol.handle(APP_SCHEME, async (request) => {
      if (devServerUrl !== null && isOwnPage(request.url)) return fetch(developmentUrl(devServerUrl, request.url));
      waiting++;
      const answer = await serveFile(folder, request);
      waiting--;
      // The page itself asks for others.
      if (waiting === 0 && new URL(request.url).pathname.endsWith('.js')) resolve();
      return answer;
    });
  });
}

/** The build tool has the page of the window under its first name. */
function developmentUrl(devServerUrl: string, pageUrl: string): URL {
  const { pathname, search } = new URL(pageUrl);
  return new URL((pageUrl === START_PAGE ? '/index.html' : pathname) + search, devServerUrl);
}
