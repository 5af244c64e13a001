// Applies the navigation policy to every web contents, and denies every permission that is not listed.
import { app, type Session, shell, type WebContents } from 'electron';
import { mayHavePermission, mayNavigate, opensOutside } from './core/navigation-policy';

export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    answer(mayHavePermission(permission, details.requestingUrl, media));
  });
  session.setPermissionCheckHandler((contents, permission, _origin, { mediaType }) =>
    mayHavePermission(permission, contents?.getURL() ?? '', mediaType === undefined ? [] : [mediaType]),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => {
    event.preventDefault();
  });
}

/** Call this before the first window is created. */
export function guardWebContents(): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    // Fires for every frame, including the main one, before `will-navigate`.
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !mayNavigate(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      if (!mayNavigate(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
    contents.setWindowOpenHandler(({ url }) => {
      if (opensOutside(url)) void shell.openExternal(url);
      return { action: 'deny' };
    });
  });
}
