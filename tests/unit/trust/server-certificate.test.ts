// The CA in the data folder, and the watched certificate of a scheduler.
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyAndCertificate } from '../../../src/main/trust/certificates';
import type { NameSources } from '../../../src/main/trust/core/certificate-plan';
import { openServerCertificate, type ServerCertificate, type ServerCertificateOptions } from '../../../src/main/trust/server-certificate';
import { ManualClock } from '../../support/manual-clock';
import { KeptLog, temporaryDir } from '../../support/test-scheduler';
import { until } from '../../support/until';

const DAY_MS = 86_400_000;
let folder: ReturnType<typeof temporaryDir>;
let clock: ManualClock;
let log: KeptLog;
let names: NameSources;
beforeEach(() => {
  folder = temporaryDir();
  clock = new ManualClock();
  log = new KeptLog();
  names = { hostname: 'annas-pc', allowedHosts: [], interfaces: {} };
});
afterEach(() => {
  folder.remove();
});

const inFolder = (name: string): string => path.join(folder.dir, name);
const open = (ownFiles: ServerCertificateOptions['ownFiles'] = null) =>
  openServerCertificate({ folder: folder.dir, ownFiles, names: () => names, clock, logger: log });
async function opened(ownFiles: ServerCertificateOptions['ownFiles'] = null): Promise<ServerCertificate> {
  const certificate = await open(ownFiles);
  if (!certificate.ok) throw new Error(JSON.stringify(certificate.error));
  return certificate.value;
}

describe('CA of the pool', () => {
  it('first start -> key with mode 0600, ca.pem; next start -> the same pin', async () => {
    const first = await opened();
    expect(statSync(inFolder('ca-key.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(inFolder('ca.pem'), 'utf8')).toBe(first.ca);
    expect((await opened()).pin).toBe(first.pin);
    expect(log.of('pool_ca_created')).toHaveLength(1);
  });

  it('key readable by others -> narrowed, warning', async () => {
    await opened();
    chmodSync(inFolder('ca-key.pem'), 0o644);
    await opened();
    expect(statSync(inFolder('ca-key.pem')).mode & 0o777).toBe(0o600);
    expect(log.of('token_file_was_readable_by_others')).toHaveLength(1);
  });

  it('ca.pem with other text and the key -> the CA that others get has the certificate only', async () => {
    const first = await opened();
    writeFileSync(inFolder('ca.pem'), `# 池\n${String(first.ca)}${readFileSync(inFolder('ca-key.pem'), 'utf8')}`);
    expect(await opened()).toMatchObject({ pin: first.pin, ca: first.ca });
  });

  it('ca.pem lost -> created with the same key', async () => {
    const { pin } = await opened();
    rmSync(inFolder('ca.pem'));
    expect((await opened()).pin).toBe(pin);
  });

  it('near the end of the CA -> new ca.pem with the same key', async () => {
    const first = await opened();
    clock.sleep(3400 * DAY_MS);
    const second = await opened();
    expect(second.pin).toBe(first.pin);
    expect(second.ca).not.toBe(first.ca);
  });

  it.each([
    ['ca-key.pem', 'not a key', 'ca-key.pem'],
    ['ca.pem', 'not a certificate', 'ca.pem'],
  ])('%s damaged -> refused, file unchanged', async (name, text, named) => {
    await opened();
    writeFileSync(inFolder(name), text);
    expect(await open()).toMatchObject({ ok: false, error: { file: inFolder(named) } });
    expect(readFileSync(inFolder(name), 'utf8')).toBe(text);
  });

  it('key lost -> refused', async () => {
    await opened();
    rmSync(inFolder('ca-key.pem'));
    expect(await open()).toMatchObject({ ok: false, error: { file: inFolder('ca-key.pem') } });
  });
});

describe('renewal', () => {
  async function renewedAfter(change: () => void, certificate: ServerCertificate): Promise<readonly KeyAndCertificate[]> {
    const renewed: KeyAndCertificate[] = [];
    const stop = certificate.watch((next) => renewed.push(next));
    clock.advance(5000);
    await until('the next check is set', () => clock.pending === 1);
    expect(renewed).toEqual([]);
    change();
    clock.advance(5000);
    await until('the check after the change', () => clock.pending === 1);
    stop();
    expect(clock.pending).toBe(0);
    return renewed;
  }

  it('new address -> new certificate from the same CA, logged', async () => {
    const certificate = await opened();
    const renewed = await renewedAfter(() => {
      names = { ...names, interfaces: { eth0: [{ address: '10.0.0.7' }] } };
    }, certificate);
    expect(renewed).toHaveLength(1);
    expect(renewed[0]?.cert.endsWith(certificate.ca ?? '?')).toBe(true);
    expect(log.of('certificate_renewed')).toEqual([{ reason: 'names' }]);
  });

  it('near the end -> new certificate', async () => {
    const renewed = await renewedAfter(
      () => {
        clock.sleep(370 * DAY_MS);
      },
      await opened(),
    );
    expect(renewed).toHaveLength(1);
    expect(log.of('certificate_renewed')).toEqual([{ reason: 'expiry' }]);
  });

  it('files of the owner replaced -> taken; broken for a moment -> not taken', async () => {
    const write = ({ cert, key }: KeyAndCertificate): void => {
      writeFileSync(inFolder('own.pem'), cert);
      writeFileSync(inFolder('own.key'), key);
    };
    write((await opened()).current);
    const certificate = await opened({ certFile: inFolder('own.pem'), keyFile: inFolder('own.key') });
    expect(certificate).toMatchObject({ pin: null, ca: null, publicName: 'annas-pc' });
    const { current: next } = await opened();
    expect(await renewedAfter(() => writeFileSync(inFolder('own.key'), ''), certificate)).toEqual([]);
    expect(
      await renewedAfter(() => {
        write(next);
      }, certificate),
    ).toEqual([{ cert: next.cert, key: next.key }]);
  });

  it('files of the owner missing or not a pair -> refused with the file', async () => {
    const files = { certFile: inFolder('own.pem'), keyFile: inFolder('own.key') };
    expect(await open(files)).toMatchObject({ ok: false, error: { file: files.certFile, reason: 'ENOENT' } });
    const [one, other] = [await opened(), await opened()];
    writeFileSync(files.certFile, one.current.cert);
    writeFileSync(files.keyFile, other.current.key);
    expect(await open(files)).toMatchObject({ ok: false, error: { file: files.certFile } });
  });
});
