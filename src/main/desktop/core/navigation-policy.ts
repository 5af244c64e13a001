// Where a page of ours may lead, what it may be permitted, and which links open in the owner's browser. Pure; default is no.
import { isOwnPage } from './own-pages';

/** Hosts whose https pages may be opened in the browser: where drivers come from. */
const EXTERNAL_HOSTS = ['www.nvidia.com', 'www.amd.com', 'www.intel.com', 'docs.nvidia.com'];

/** True for an https address on a listed host, without user name or port. */
export function opensOutside(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && EXTERNAL_HOSTS.includes(host);
}

/** The page itself never goes elsewhere. */
export const mayNavigate = (url: string): boolean => isOwnPage(url);

/** Copying the join link is all that the window asks of the system. */
export const mayHavePermission = (permission: string, pageUrl: string): boolean =>
  permission === 'clipboard-sanitized-write' && isOwnPage(pageUrl);
