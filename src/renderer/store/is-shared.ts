// Whether other computers reach the pool of a headless program.
import { useApp, useScreen } from './Screen';

/** A browser on the host has a loopback address, shared pool or not. */
export function useIsHeadlessShared(): boolean {
  const { endpoint } = useScreen();
  const isShared = useApp(({ app }) => app.served?.shared === true);
  return isShared || endpoint.hasToken();
}
