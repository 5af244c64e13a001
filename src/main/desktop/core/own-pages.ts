// The pages of the app: those of the app:// protocol, which the app serves from its own files. Pure.

export const APP_SCHEME = 'app';
export const APP_HOST = 'muster';
/** index.html for the window (electron.vite.config.ts). */
export const START_PAGE = `${APP_SCHEME}://${APP_HOST}/app.html`;

/** True for pages of the app only. False for a text that is not a URL. */
export function isOwnPage(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, username, password } = new URL(text);
  return protocol === `${APP_SCHEME}:` && host === APP_HOST && username === '' && password === '';
}
