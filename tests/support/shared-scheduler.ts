// A scheduler that is open to the network, for tests of TLS, and a verified connection to it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { ServerConfig } from '../../src/main/platform/config/config';
import { pinnedTls } from '../../src/main/trust/first-contact';
import { CertificateClock, startTestScheduler, type TestScheduler } from './test-scheduler';

export const TOKENS = { join: 'the-join-token', admin: 'the-admin-token', submit: 'the-submit-token' };
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
export const shared = (server: Partial<ServerConfig> = {}): Promise<TestScheduler> =>
  startTestScheduler({
    server: { host: '0.0.0.0', allowedHosts: ['pool.example'], ...server },
    tokens: TOKENS,
    clock: new CertificateClock(),
  });
export const caOf = ({ databaseFile }: TestScheduler): string => readFileSync(path.join(path.dirname(databaseFile), 'ca.pem'), 'utf8');

export function openTls(port: number, ca: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', ...pinnedTls(ca) }, () => {
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
