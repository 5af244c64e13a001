// The certificate of a scheduler that is open to the network: its renewal, one of the owner, and other programs that trust the CA.
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createAuthority, createAuthorityKey, createServerCertificate } from '../../src/main/trust/certificates';
import { pinnedTls } from '../../src/main/trust/first-contact';
import { bearer } from '../support/http-api';
import { requireProgram, skipNote } from '../support/requirements';
import { caOf, openTls, shared, type SharedScheduler } from '../support/shared-scheduler';
import { temporaryDir } from '../support/test-scheduler';
import { until } from '../support/until';

const curl = requireProgram('curl', 'curl');

let scheduler: SharedScheduler;
beforeAll(async () => {
  scheduler = await shared();
});
afterAll(async () => {
  await scheduler.stop();
});

describe('rotation', () => {
  it('new certificate for new connections; open connections go on', async () => {
    // The node says nothing until the renewal.
    const own = await shared({ firstMessageTimeoutSeconds: 60 });
    onTestFinished(() => own.stop());
    const before = await openTls(own.port, caOf(own));
    const serialOf = (socket: TLSSocket): string => socket.getPeerCertificate().serialNumber;
    const ws = new WebSocket(`wss://127.0.0.1:${String(own.port)}/ws/node`, { ...pinnedTls(caOf(own)), headers: bearer(own.invitation) });
    await new Promise((resolve) => ws.once('open', resolve));
    own.clock.sleep(370 * 86_400_000);
    own.clock.advance(5000);
    await until('the renewal', () => own.log.of('certificate_renewed').length > 0);
    const after = connectTls({ port: own.port, host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise((resolve) => after.once('secureConnect', resolve));
    expect(serialOf(after)).not.toBe(serialOf(before));
    expect(after.getProtocol()).toBe('TLSv1.3');
    after.destroy();
    const answer = new Promise<string>((resolve) =>
      before.once('data', (data: Buffer) => {
        resolve(data.toString());
      }),
    );
    before.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await answer).toContain('200 OK');
    const pong = new Promise((resolve) => ws.once('pong', resolve));
    ws.ping();
    await pong;
    ws.terminate();
    before.destroy();
    const old = connectTls({ port: own.port, host: '127.0.0.1', rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
    await expect(new Promise((resolve, reject) => old.once('secureConnect', resolve).once('error', reject))).rejects.toThrow();
  });
});

describe('certificate of the owner', () => {
  it('served without a pin; its name in the log; no CA is created', async () => {
    const authority = await createAuthority(await createAuthorityKey(), Date.now());
    const issued = await createServerCertificate(authority, ['pool.example'], Date.now());
    const { dir, remove } = temporaryDir();
    onTestFinished(remove);
    const tlsFiles = { certFile: path.join(dir, 'cert.pem'), keyFile: path.join(dir, 'key.pem') };
    writeFileSync(tlsFiles.certFile, issued.cert);
    writeFileSync(tlsFiles.keyFile, issued.key);
    const own = await shared({ tlsFiles });
    onTestFinished(() => own.stop());
    expect(own.log.of('scheduler_listening')).toMatchObject([{ pin: null, secure: true, certificate_name: 'pool.example' }]);
    expect(existsSync(path.join(path.dirname(own.databaseFile), 'ca.pem'))).toBe(false);
    const ordinary = connectTls({ port: own.port, host: '127.0.0.1', servername: 'pool.example', ca: [authority.cert] });
    await new Promise((resolve, reject) => ordinary.once('secureConnect', resolve).once('error', reject));
    expect(ordinary.authorized).toBe(true);
    ordinary.destroy();
  });

  it('file missing -> start refused with the file', async () => {
    const tlsFiles = { certFile: '/nonexistent/cert.pem', keyFile: '/nonexistent/key.pem' };
    await expect(shared({ tlsFiles })).rejects.toThrow('CERTIFICATE_UNUSABLE {"file":"/nonexistent/cert.pem","reason":"ENOENT"}');
  });
});

describe('other programs', () => {
  it.skipIf(curl.missing !== undefined)(`curl --cacert -> served${skipNote(curl)}`, async () => {
    const run = promisify(execFile);
    const ca = path.join(path.dirname(scheduler.databaseFile), 'ca.pem');
    const url = `https://127.0.0.1:${String(scheduler.port)}/healthz`;
    const { stdout } = await run(curl.path ?? '', ['-sS', '--noproxy', '*', '--cacert', ca, url]);
    expect(JSON.parse(stdout)).toMatchObject({ status: expect.any(String) as string });
    await expect(run(curl.path ?? '', ['-sS', '--noproxy', '*', url])).rejects.toThrow();
  });

  it('Node with the CA -> name check passes, too', async () => {
    const status = await new Promise((resolve, reject) => {
      request({ port: scheduler.port, host: 'localhost', path: '/healthz', ca: [caOf(scheduler)], agent: false, family: 4 }, (response) => {
        resolve(response.statusCode);
        response.resume();
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });
});
