// `muster dashboard`: links to the dashboard of the pool.
import { networkInterfaces } from 'node:os';
import { sessionCodeSchema } from '../../shared/api/members';
import { ok } from '../../shared/result';
import { lanHosts } from '../hosting/core/lan-urls';
import type { Command } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { dashboardLinksOf, lanLinkText } from './dashboard-link';
import { EXIT } from './exit-code';
import { withScheduler } from './with-scheduler';

export const dashboardCommand: Command = {
  name: 'dashboard',
  summary: 'Print a link to the dashboard that signs a browser in, once. A shared pool has one for other computers, too.',
  operands: [],
  options: CLIENT_OPTIONS,
  run: (invocation) =>
    withScheduler(invocation, async ({ client, baseUrl }) => {
      const { io, options } = invocation;
      const answer = await client.ask({ method: 'POST', path: '/api/v1/session/codes', body: {} }, sessionCodeSchema);
      if (!answer.ok) return answer;
      // An earlier version of the scheduler does not say where it listens.
      const { code, expires_at, address = null, ca_fingerprint = null } = answer.value;
      const place = { baseUrl, address, caFingerprint: ca_fingerprint, lanHosts: lanHosts(networkInterfaces()) };
      const links = dashboardLinksOf(place, code);
      const { link, lanLinks, caFingerprint } = links;
      if (options.isSet('json'))
        io.out(`${JSON.stringify({ link, lan_links: lanLinks ?? [], ca_fingerprint: caFingerprint, expires_at })}\n`);
      else {
        io.out(`${link}\n`);
        io.err(lanLinkText(links, expires_at - Date.now()));
      }
      return ok(EXIT.ok);
    }),
};
