// Whether other computers reach the pool of a headless program.
import { isLoopbackHost } from '../../shared/loopback';
import { useApp, useScreen } from '../store/Screen';
import { SELDOM_MS } from './settings';
import { useAnswer } from './use-answer';

/** A browser on the host has a loopback address, shared pool or not: then the setting decides, for callers that may read it. */
export function useIsHeadlessShared(): boolean {
  const { endpoint } = useScreen();
  const isHeadlessHost = useApp(({ host, pool }) => host === null && pool?.access === 'host');
  const { value: view } = useAnswer('settings.list', {}, { isEnabled: isHeadlessHost && endpoint.url !== null, everyMs: () => SELDOM_MS });
  const host = view?.settings.find(({ key }) => key === 'server.host');
  const listens = host?.running ?? host?.value;
  return endpoint.hasToken() || (isHeadlessHost && typeof listens === 'string' && !isLoopbackHost(listens));
}
