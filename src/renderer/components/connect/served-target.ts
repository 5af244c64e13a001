// What programs need to reach the pool of a headless program, whose dashboard a browser shows. Pure.
import type { ServedView } from '../../../shared/api/app-state';
import { isLoopbackUrlHost, portOfUrl } from '../../../shared/loopback';

export interface ServedTarget {
  /** Without `/v1`. */
  readonly url: string;
  readonly needsKey: boolean;
  readonly caFile: string | null;
  /** Whether that path is one of the computer of the browser. */
  readonly isCaHere: boolean;
  readonly pin: string | null;
}

/** `pageUrl`: of the dashboard. */
export function servedTarget(served: ServedView, pageUrl: string): ServedTarget {
  const page = new URL(pageUrl);
  const isHere = isLoopbackUrlHost(page.hostname);
  // The host shows what other computers need, too. The address of another browser works at least on its computer.
  const url = new URL((isHere ? served.lan_urls[0] : undefined) ?? pageUrl);
  const needsKey = served.loopback_needs_key || !isHere;
  // On another port a reverse proxy answers, which has a certificate of its own.
  const isServed = served.lan_urls.some((lan) => portOfUrl(new URL(lan)) === portOfUrl(url));
  const hasCa = served.pin !== null && url.protocol === 'https:' && isServed;
  return { url: url.origin, needsKey, caFile: hasCa ? served.ca_file : null, isCaHere: hasCa && isHere, pin: hasCa ? served.pin : null };
}
