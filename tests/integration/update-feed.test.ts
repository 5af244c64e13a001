// The feed of updates over a real socket: what a forged, damaged or hostile server can make the app believe.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signatureOf, temporaryKey } from '../../scripts/release/signing.mjs';
import { readFeedUrl, ReleaseFeed } from '../../src/main/updates/release-feed';
import { readPublicKey } from '../../src/main/updates/signature';
import { endless, METADATA, metadataOf, ReleaseServer, releaseOf, truncated } from '../support/release-server';

let server: ReleaseServer;
beforeEach(async () => {
  server = new ReleaseServer();
  await server.listen();
});
afterEach(() => server.close());

const RELEASE = releaseOf('1.2.3', '.deb');

async function newest(timeoutMs = 5000) {
  const [url, publicKey] = [readFeedUrl(server.url), readPublicKey(server.publicKey)];
  if (!url.ok || !publicKey.ok) throw new Error('feed');
  const feed = new ReleaseFeed({ url: url.value, publicKey: publicKey.value, metadata: METADATA, format: 'deb', fetch, timeoutMs });
  const release = await feed.newest();
  return release.ok ? release.value : `${release.error.fault}: ${release.error.reason}`;
}

describe('feed', () => {
  test('signed release -> version and package; the package is not requested', async () => {
    server.publish(RELEASE);
    expect(await newest()).toMatchObject({ version: '1.2.3', file: { url: 'muster-1.2.3.deb', size: 12 } });
    expect(server.requests.toSorted()).toEqual([METADATA, `${METADATA}.sig`]);
  });

  test('exact bytes of metadata and signature -> kept, as proof for the program that installs', async () => {
    server.publish(RELEASE);
    const release = await newest();
    if (typeof release === 'string') throw new Error(release);
    const { content, signature } = release.signed;
    expect(content.toString()).toBe(metadataOf(RELEASE));
    expect(signature.toString()).toBe(signatureOf(server.key, METADATA, content));
  });

  test('signed by another key -> unsigned', async () => {
    server.publish(RELEASE, temporaryKey());
    expect(await newest()).toBe('unsigned: the signature is not valid');
  });

  test('content changed after the signature, by one byte -> unsigned', async () => {
    server.publish(RELEASE);
    server.set(METADATA, metadataOf(RELEASE).replace('1.2.3', '1.2.4'));
    expect(await newest()).toBe('unsigned: the signature is not valid');
  });

  test('truncated metadata, truncated or missing signature -> nothing is believed', async () => {
    server.publish(RELEASE);
    server.set(METADATA, metadataOf(RELEASE).slice(0, 40));
    expect(await newest()).toBe('unsigned: the signature is not valid');
    server.publish(RELEASE);
    server.set(METADATA, truncated(Buffer.from(metadataOf(RELEASE))));
    expect(await newest()).toMatch(/^unreachable: /);
    server.publish(RELEASE);
    server.set(`${METADATA}.sig`, 'AAAA');
    expect(await newest()).toBe('unsigned: the signature is not valid');
    server.remove(`${METADATA}.sig`);
    expect(await newest()).toBe('unsigned: no signature');
  });

  test('signed, but no release -> invalid with the field', async () => {
    server.publishText('version: 1.2.3\nfiles: []\n');
    expect(await newest()).toMatch(/^invalid: files: /);
  });

  test('redirect -> followed; the signature decides', async () => {
    server.publish(RELEASE);
    server.set('elsewhere.yml', metadataOf(RELEASE));
    server.set(METADATA, (response) => response.writeHead(302, { location: '/elsewhere.yml' }).end());
    expect(await newest()).toMatchObject({ version: '1.2.3' });
  });

  test('no metadata, or an error of the server -> unreachable with the status', async () => {
    expect(await newest()).toBe('unreachable: status 404');
    server.publish(RELEASE);
    server.set(METADATA, (response) => response.writeHead(500).end());
    expect(await newest()).toBe('unreachable: status 500');
  });

  test('endless answer -> stopped at its limit', async () => {
    server.publish(RELEASE);
    server.set(METADATA, endless);
    expect(await newest()).toBe('unreachable: answer_too_large');
    server.publish(RELEASE);
    server.set(`${METADATA}.sig`, endless);
    expect(await newest()).toBe('unreachable: answer_too_large');
  });

  test('silent server -> ends at the timeout', async () => {
    server.publish(RELEASE);
    server.set(METADATA, () => undefined);
    expect(await newest(100)).toMatch(/^unreachable: /);
  });

  test('no server -> unreachable with the cause', async () => {
    server.publish(RELEASE);
    const { url } = server;
    await server.close();
    const publicKey = readPublicKey(server.publicKey);
    if (!publicKey.ok) throw new Error('key');
    const feed = new ReleaseFeed({ url: new URL(url), publicKey: publicKey.value, metadata: METADATA, format: 'deb', fetch });
    expect(await feed.newest()).toEqual({ ok: false, error: { fault: 'unreachable', reason: 'ECONNREFUSED' } });
    await server.listen();
  });
});

describe('address of a feed', () => {
  test.each([
    ['https://example.org/muster/', 'https://example.org/muster/'],
    ['https://example.org/muster', 'https://example.org/muster/'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/'],
    ['http://example.org/', 'must begin with https://'],
    ['http://127.0.0.1.example.org/', 'must begin with https://'],
    ['file:///etc/', 'must begin with https://'],
    ['https://me:secret@example.org/', 'must have no user, query or fragment'],
    ['https://example.org/?a=b', 'must have no user, query or fragment'],
    ['example.org', 'is not an address'],
  ])('%s -> %s', (text, expected) => {
    const url = readFeedUrl(text);
    expect(url.ok ? url.value.href : url.error).toBe(expected);
  });
});
