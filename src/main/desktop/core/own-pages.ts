// Which pages are ours: those of the app:// protocol, which the app itself serves from its own files. Pure.

export const APP_SCHEME = 'app';
export const APP_HOST = 'muster';
export const START_PAGE = `${APP_SCHEME}://${APP_HOST}/index.html`;

/** True for pages of ours and nothing else; a text that is no URL is not. */
export function isOwnPage(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, username, password } = new URL(text);
  return protocol === `${APP_SCHEME}:` && host === APP_HOST && username === '' && password === '';
}
