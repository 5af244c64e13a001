// The link to the dashboard that a daemon prints when it has started.
import type { CliIo } from './command';

/**
 * The link signs a browser in as the owner, so it is shown to a person only. A service manager keeps the output of a service, and so do the
 * app that supervises a scheduler and a container (MUSTER_NO_DASHBOARD_LINK): `muster dashboard` prints a new link.
 */
export function showDashboardLink(io: CliIo, { dashboardLink }: { readonly dashboardLink: string }): void {
  const isKept = io.serviceManager !== null || io.env['MUSTER_SUPERVISED'] === '1' || io.env['MUSTER_NO_DASHBOARD_LINK'] === '1';
  if (!isKept) io.err(`Dashboard: ${dashboardLink}\n`);
}
