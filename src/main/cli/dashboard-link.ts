// The link to the dashboard that a daemon prints when it has started.
import type { CliIo } from './command';

/**
 * The link signs a browser in as the owner, so it is shown to a person only. A service manager keeps the output of a service, and so does the
 * app that supervises a scheduler: `muster dashboard` prints a new link.
 */
export function showDashboardLink(io: CliIo, { dashboardLink }: { readonly dashboardLink: string }): void {
  if (io.env['MUSTER_SUPERVISED'] !== '1' && io.serviceManager === null) io.err(`Dashboard: ${dashboardLink}\n`);
}
