// A scheduler that is open to the network, for tests of TLS, and a verified connection to it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { ServerConfig } from '../../src/main/platform/config/config';
import { pinnedTls } from '../../src/main/trust/first-contact';
import { sendRequest } from './http-api';
import { CertificateClock, type ConfigChange, startTestScheduler, type TestScheduler } from './test-scheduler';

export interface SharedScheduler extends TestScheduler {
  /** The key of a program: role `client`. */
  readonly programKey: string;
  /** The key of an invitation for many nodes. */
  readonly invitation: string;
}

/** `addresses`: of all schedulers of its pool. */
export async function shared(
  server: Partial<ServerConfig> = {},
  nodeHealth: ConfigChange['nodeHealth'] = {},
  addresses?: () => readonly string[],
): Promise<SharedScheduler> {
  const scheduler = await startTestScheduler({
    ...(addresses === undefined ? {} : { addresses }),
    server: { host: '0.0.0.0', allowedHosts: ['pool.example'], ...server },
    clock: new CertificateClock(),
    nodeHealth,
  });
  const created = async (path: string, body: object): Promise<string> =>
    ((await sendRequest(scheduler.port, { method: 'POST', path, body })).json() as { key: string }).key;
  const programKey = await created('/api/v1/keys', { name: 'program', roles: ['client'] });
  const invitation = await created('/api/v1/invites', { uses: 100 });
  return { ...scheduler, programKey, invitation };
}
export const caOf = ({ databaseFile }: TestScheduler): string => readFileSync(path.join(path.dirname(databaseFile), 'ca.pem'), 'utf8');

export function openTls(port: number, ca: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', ...pinnedTls(ca) }, () => {
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
