// Serves the pages of the app at app://muster/. This origin replaces file://. In development it forwards requests to the build tool.
import { protocol, type Session } from 'electron';
import { APP_SCHEME, isOwnPage } from './core/own-pages';
import { serveFile } from './served-files';

/** Call this before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

/** `devServerUrl` null: serve the built files in `folder`. */
export function serveApp(session: Session, folder: string, devServerUrl: string | null): void {
  session.protocol.handle(APP_SCHEME, (request) =>
    devServerUrl === null || !isOwnPage(request.url) ? serveFile(folder, request) : fetch(developmentUrl(devServerUrl, request.url)),
  );
}

function developmentUrl(devServerUrl: string, pageUrl: string): URL {
  const { pathname, search } = new URL(pageUrl);
  return new URL(pathname + search, devServerUrl);
}
