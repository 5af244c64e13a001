// Certificates of a pool, and the check of a chain against a pin.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createAuthority, createAuthorityKey, createServerCertificate, type KeyAndCertificate } from '../../../src/main/trust/certificates';
import { pinOf, verifyChain } from '../../../src/main/trust/verify-chain';
import { requireProgram, skipNote } from '../../support/requirements';
import { temporaryDir } from '../../support/test-scheduler';

const openssl = requireProgram('openssl', 'openssl');
const DAY_MS = 86_400_000;
const nowWallMs = Date.now();
const newAuthority = async (): Promise<KeyAndCertificate> => createAuthority(await createAuthorityKey(), nowWallMs);
const derOf = (pem: string): Buffer => new X509Certificate(pem).raw;
const NAMES = ['localhost', 'annas-pc.local', '127.0.0.1', '::1', '192.168.1.20'];

let authority: KeyAndCertificate;
let server: KeyAndCertificate;
beforeAll(async () => {
  authority = await newAuthority();
  server = await createServerCertificate(authority, NAMES, nowWallMs);
});

describe('certificates', () => {
  it('CA: subject without text of people, valid for ten years from a day back', () => {
    const ca = new X509Certificate(authority.cert);
    expect(ca.subject).toMatch(/^CN=Muster pool [0-9a-f]{8}$/);
    expect(ca.ca).toBe(true);
    expect([ca.validFromDate.getTime(), ca.validToDate.getTime()].map((at) => Math.round((at - nowWallMs) / DAY_MS))).toEqual([-1, 3649]);
  });

  it('server: all names, at most 397 days, the CA along', () => {
    const leaf = new X509Certificate(server.cert);
    for (const name of ['localhost', 'annas-pc.local']) expect(leaf.checkHost(name)).toBe(name);
    for (const address of ['127.0.0.1', '::1', '192.168.1.20']) expect(leaf.checkIP(address)).toBeDefined();
    expect((leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / DAY_MS).toBe(397);
    expect(leaf.ca).toBe(false);
    expect(server.cert.endsWith(authority.cert)).toBe(true);
  });

  it('same key, new certificate of the CA -> same pin', async () => {
    const again = await createAuthority(authority.key, nowWallMs + 3000 * DAY_MS);
    expect(again.cert).not.toBe(authority.cert);
    expect(pinOf(again.cert)).toBe(pinOf(authority.cert));
    expect(pinOf(authority.cert)).toMatch(/^sha256-[\w-]{43}$/);
  });

  it.skipIf(openssl.missing !== undefined)(`openssl verify -x509_strict -> accepted${skipNote(openssl)}`, () => {
    const { dir, remove } = temporaryDir();
    onTestFinished(remove);
    const files = { ca: path.join(dir, 'ca.pem'), leaf: path.join(dir, 'leaf.pem') };
    writeFileSync(files.ca, authority.cert);
    writeFileSync(files.leaf, server.cert);
    const out = execFileSync(openssl.path ?? '', ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', files.ca, files.leaf]);
    expect(out.toString()).toContain('OK');
  });
});

describe('chain against a pin', () => {
  const chain = (): readonly Buffer[] => [derOf(server.cert), derOf(authority.cert)];

  it('signed by the CA with the pin -> the CA', () => {
    const checked = verifyChain(pinOf(authority.cert), chain(), nowWallMs);
    expect(checked.ok && pinOf(checked.value)).toBe(pinOf(authority.cert));
  });

  it('another CA -> not the pool', async () => {
    const other = await newAuthority();
    const theirs = await createServerCertificate(other, NAMES, nowWallMs);
    const pin = pinOf(authority.cert);
    const [theirLeaf, theirCa, ourCa] = [derOf(theirs.cert), derOf(other.cert), derOf(authority.cert)];
    for (const sent of [[theirLeaf, theirCa], [theirLeaf, ourCa], [theirLeaf], [ourCa], [ourCa, ourCa], [], [Buffer.from('x'), ourCa]])
      expect(verifyChain(pin, sent, nowWallMs)).toEqual({ ok: false, error: 'not_the_pool' });
  });

  it('a certificate of the server used as a CA -> not the pool', async () => {
    const below = await createServerCertificate({ key: server.key, cert: server.cert }, NAMES, nowWallMs);
    const sent = [derOf(below.cert), derOf(server.cert)];
    expect(verifyChain(pinOf(new X509Certificate(server.cert)), sent, nowWallMs)).toEqual({ ok: false, error: 'not_the_pool' });
  });

  it.each([
    ['two days before', nowWallMs - 2 * DAY_MS],
    ['after 397 days', nowWallMs + 397 * DAY_MS],
  ])('%s -> not valid now', (_when, atWallMs) => {
    expect(verifyChain(pinOf(authority.cert), chain(), atWallMs)).toEqual({ ok: false, error: 'not_valid_now' });
  });
});
