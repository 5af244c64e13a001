// The files of a release from small packages, and what a record of their build says about them.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordBuild } from '../../../scripts/packages/build-record.mjs';
import { publicKeyText, temporaryKey } from '../../../scripts/release/signing.mjs';
import { signRelease } from '../../../scripts/release/sign.mjs';
import { builtPackages, writeRelease } from '../../../scripts/release/write-release.mjs';
import { isSignedBy, readPublicKey } from '../../../src/main/updates/signature';
import { parseRelease } from '../../../src/main/updates/signed-release';

const DEB = 'muster_1.2.3_amd64.deb';
const EXE = 'Muster-Setup-1.2.3.exe';
const RUNTIMES = { electron: '45.4.1', node: '24.21.0' };
const hash = (algorithm: string, content: string, form: 'hex' | 'base64'): string => createHash(algorithm).update(content).digest(form);

let root: string;
let built: string;
let output: string;
beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'muster-write-release-'));
  [built, output] = [path.join(root, 'built'), path.join(root, 'release')];
  // As a workflow collects them: a folder for each system.
  for (const folder of ['linux', 'windows/win-unpacked']) mkdirSync(path.join(built, folder), { recursive: true });
  write('linux', DEB, 'deb');
  write('linux', 'muster_1.2.2_amd64.deb', 'old deb');
  write('linux', 'latest-linux.yml', metadata(DEB, 'deb'));
  write('windows', EXE, 'exe');
  write('windows', 'latest.yml', metadata(EXE, 'exe'));
  write('windows', 'win-unpacked/Muster-1.2.3.exe', 'no package');
  await recordBuild(path.join(built, 'linux'), [DEB, 'linux-unpacked'], RUNTIMES);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});
const write = (folder: string, name: string, content: string): void => {
  writeFileSync(path.join(built, folder, name), content);
};
const metadata = (name: string, content: string): string =>
  `version: 1.2.3\nfiles:\n  - url: ${name}\n    sha512: ${hash('sha512', content, 'base64')}\n    size: ${String(content.length)}\n`;
const FACTS = { version: '1.2.3', changelog: '## [1.2.3]\n\n- Tray.\n', releasedAt: '2026-12-01T00:00:00.000Z', key: temporaryKey() };
const written = (name: string): string => readFileSync(path.join(output, name), 'utf8');

describe('files of a release', () => {
  test('packages of two systems -> copied, checksums and metadata signed, a bill of materials, notes; nothing of another version', async () => {
    const names = await writeRelease(output, built, await builtPackages(built, '1.2.3'), FACTS);
    const [bom, sums] = ['muster-1.2.3.cdx.json', 'SHA256SUMS'];
    const signed = ['latest-linux.yml', 'latest.yml', sums];
    expect(names).toEqual([DEB, EXE, bom, 'NOTES.md', ...signed, ...signed.map((name) => `${name}.sig`)].toSorted());
    expect(written(sums)).toBe(
      `${hash('sha256', 'exe', 'hex')}  ${EXE}\n${hash('sha256', written(bom), 'hex')}  ${bom}\n${hash('sha256', 'deb', 'hex')}  ${DEB}\n`,
    );
    const key = readPublicKey(publicKeyText(FACTS.key));
    if (!key.ok) throw new Error(key.error);
    for (const name of signed) expect(isSignedBy(key.value, name, Buffer.from(written(name)), written(`${name}.sig`)), name).toBe(true);
    expect(parseRelease(written('latest-linux.yml'), 'deb')).toMatchObject({ ok: true, value: { version: '1.2.3', file: { size: 3 } } });
    expect(written('NOTES.md')).toBe('- Tray.\n');
    const { components, metadata: of } = JSON.parse(written(bom)) as {
      readonly components: readonly { readonly 'bom-ref': string }[];
      readonly metadata: object;
    };
    expect(of).toMatchObject({ timestamp: FACTS.releasedAt, component: { name: 'muster', version: '1.2.3' } });
    const refs = components.map((one) => one['bom-ref']);
    expect(refs.slice(0, 2)).toEqual(['electron@45.4.1', 'node@24.21.0']);
    expect(refs.some((ref) => ref.startsWith('fastify@'))).toBe(true);
    expect(refs.some((ref) => ref.startsWith('vitest@'))).toBe(false);
  }, 60_000);

  test('package changed after its metadata -> no release', async () => {
    write('linux', DEB, 'other deb');
    await expect(writeRelease(output, built, await builtPackages(built, '1.2.3'), FACTS)).rejects.toThrow(/another hash/);
  });

  test('package or metadata that is a link -> no release', async () => {
    symlinkSync('/etc/passwd', path.join(built, 'linux', 'muster-1.2.3.pacman'));
    await expect(builtPackages(built, '1.2.3')).rejects.toThrow('linux/muster-1.2.3.pacman is not a plain file');
  });

  test('package of Linux from the build of Windows -> no release', async () => {
    write('windows', 'muster-1.2.3.x86_64.rpm', 'foreign');
    await expect(builtPackages(built, '1.2.3')).rejects.toThrow('windows/muster-1.2.3.x86_64.rpm is not a file of windows');
  });

  test('metadata that lists the package of another system -> no release', async () => {
    write('windows', 'latest.yml', metadata(DEB, 'deb'));
    await expect(writeRelease(output, built, await builtPackages(built, '1.2.3'), FACTS)).rejects.toThrow(/which is not in the release/);
  });

  test('without a key -> the same files without signatures, which the step with the key accepts', async () => {
    await writeRelease(output, built, await builtPackages(built, '1.2.3'), { ...FACTS, key: null });
    expect(readdirSync(output).filter((name) => name.endsWith('.sig'))).toEqual([]);
    const keyText = FACTS.key.export({ format: 'pem', type: 'pkcs8' }).toString();
    const signed = signRelease(output, { version: '1.2.3', publicKey: publicKeyText(FACTS.key), keyText });
    expect(signed).toEqual(['SHA256SUMS.sig', 'latest-linux.yml.sig', 'latest.yml.sig']);
  });

  test('no package of the version -> error with folder and version', async () => {
    await expect(builtPackages(built, '9.9.9')).rejects.toThrow(`${built} has no packages of version 9.9.9`);
  });
});

describe('record of a build', () => {
  const electronOf = async (name: string) => (await builtPackages(built, '1.2.3')).get(name)?.runtimes?.electron;

  test('package of the record -> its Electron; package without a record, or changed after it -> none', async () => {
    expect([await electronOf(DEB), await electronOf(EXE)]).toEqual(['45.4.1', undefined]);
    write('linux', DEB, 'other deb');
    expect(await electronOf(DEB)).toBeUndefined();
  });

  test('second build into the folder -> the packages of the first stay in the record', async () => {
    write('linux', 'muster-1.2.3.x86_64.rpm', 'rpm');
    await recordBuild(path.join(built, 'linux'), ['muster-1.2.3.x86_64.rpm'], { ...RUNTIMES, electron: '33.2.1' });
    expect([await electronOf(DEB), await electronOf('muster-1.2.3.x86_64.rpm')]).toEqual(['45.4.1', '33.2.1']);
  });

  test.each(['', '[]', '{"a":{"electron":"x"}}'])('record that is damaged (%j) -> no package is known', async (content) => {
    write('linux', `built-${process.platform}-${process.arch}.json`, content);
    expect(await electronOf(DEB)).toBeUndefined();
  });
});
