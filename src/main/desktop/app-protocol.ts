// Serves our own pages under app://muster/, a proper origin of its own, so that file:// is never needed. In development the
// same origin passes on what the build tool serves.
import { protocol, type Session } from 'electron';
import { APP_SCHEME, isOwnPage } from './core/own-pages';
import { serveFile } from './served-files';

/** Must be called before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

/** `devServerUrl` null: the built files in `folder`. */
export function serveApp(session: Session, folder: string, devServerUrl: string | null): void {
  session.protocol.handle(APP_SCHEME, (request) =>
    devServerUrl === null || !isOwnPage(request.url) ? serveFile(folder, request) : fetch(developmentUrl(devServerUrl, request.url)),
  );
}

function developmentUrl(devServerUrl: string, pageUrl: string): URL {
  const { pathname, search } = new URL(pageUrl);
  return new URL(pathname + search, devServerUrl);
}
