// Applies the navigation policy to every web contents there is or will be, and says no to every permission that is not listed.
import { app, type Session, shell, type WebContents } from 'electron';
import { mayHavePermission, mayNavigate, opensOutside } from './core/navigation-policy';

export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    answer(mayHavePermission(permission, requestingUrl));
  });
  session.setPermissionCheckHandler((contents, permission) => mayHavePermission(permission, contents?.getURL() ?? ''));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => {
    event.preventDefault();
  });
}

/** Before the first window is made. */
export function guardWebContents(): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    // Asked for every frame, the main one too, before `will-navigate`.
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
