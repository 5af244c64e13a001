// Which navigations and permissions are allowed, and which links open in the system browser. Pure. The default is to deny.
import { isOwnPage } from './own-pages';

/** Hosts whose https pages may be opened in the system browser: driver downloads. */
const EXTERNAL_HOSTS = ['www.nvidia.com', 'www.amd.com', 'www.intel.com', 'docs.nvidia.com'];

/** True for an https address on a listed host, without user name or port. */
export function opensOutside(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && EXTERNAL_HOSTS.includes(host);
}

/** The window never navigates to other pages. */
export const mayNavigate = (url: string): boolean => isOwnPage(url);

/** Copying text to the clipboard, and the microphone for a recording on the page Try it. `media`: the requested devices. */
export const mayHavePermission = (permission: string, pageUrl: string, media: readonly string[] = []): boolean =>
  isOwnPage(pageUrl) && (permission === 'clipboard-sanitized-write' || (permission === 'media' && isMicrophone(media)));

const isMicrophone = (media: readonly string[]): boolean => media.length > 0 && media.every((type) => type === 'audio');
