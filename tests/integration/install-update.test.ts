// `muster install-update` as a process, with a stand-in for dpkg: what another program of the user can make root install.
import { spawn, spawnSync } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { version as VERSION } from '../../package.json';
import { publicKeyText, temporaryKey } from '../../scripts/release/signing.mjs';
import { INSTALL_REFUSALS } from '../../src/main/updates/core/install-refusal';
import type { InstallSettings } from '../../src/main/updates/install-update';
import { buildInstallUpdateProgram } from '../support/install-update-program';
import { updateFilesIn, writeUpdateFiles } from '../support/update-files';
import { metadataOf, releaseOf, type TestRelease } from '../support/release-server';
import { until } from '../support/until';

const key = temporaryKey();
const RELEASE = releaseOf('1.0.1', '.deb', Buffer.alloc(2_500_000, 'muster'));

let [folder, script] = ['', ''];
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-install-update-'));
  script = await buildInstallUpdateProgram(folder);
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let [cacheDir, dpkg, seen] = ['', '', ''];
let files = updateFilesIn('');
let count = 0;
beforeEach(() => {
  const own = path.join(folder, String((count += 1)));
  [cacheDir, seen] = [path.join(own, 'cache'), path.join(own, 'seen')];
  for (const one of [cacheDir, seen]) mkdirSync(one, { recursive: true });
  dpkg = path.join(own, 'dpkg');
  writeFileSync(dpkg, SEEN_BY_DPKG.replaceAll('SEEN', seen), { mode: 0o755 });
  files = updateFilesIn(own);
  give(RELEASE);
});

/** What dpkg gets and sees. It ends with 0. */
const SEEN_BY_DPKG = `#!/bin/sh
printf '%s\\n' "$@" > 'SEEN/args'
cat "$2" > 'SEEN/content'
stat -c '%a %u' "$(dirname "$2")" "$2" > 'SEEN/stat'
env > 'SEEN/env'
umask > 'SEEN/umask'
echo 'dpkg: warning' >&2
`;

const give = (release: TestRelease, options: { readonly signer?: KeyObject; readonly name?: string } = {}): void => {
  writeUpdateFiles(files, release, { signer: key, ...options });
};
/** `isRoot`: a test can run as any user. */
const settings = (): InstallSettings => ({
  isRoot: true,
  publicKey: publicKeyText(key),
  version: '1.0.0',
  arch: process.arch,
  cacheDir,
  dpkg,
});
const argv = (changed: Partial<InstallSettings> = {}): string[] => [
  script,
  JSON.stringify({ ...settings(), ...changed }),
  'install-update',
  ...[files.metadata, files.signature, files.package],
];
const run = (changed: Partial<InstallSettings> = {}) => {
  const options = { encoding: 'utf8', env: { SECRET_OF_THE_CALLER: 'x' }, timeout: 20_000, killSignal: 'SIGKILL' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, argv(changed), options);
  return { status, stdout, stderr };
};
const refused = (kind: keyof typeof INSTALL_REFUSALS, sentence: string) => ({
  status: INSTALL_REFUSALS[kind],
  stdout: '',
  stderr: `muster install-update: ${sentence}\n`,
});
const results = () => readdirSync(seen);

describe('accepted', () => {
  test('signed and newer -> dpkg gets a copy in a folder that only root can open, and a minimal environment; the copy is removed', () => {
    expect(run()).toEqual({ status: 0, stdout: '', stderr: 'dpkg: warning\n' });
    const read = (name: string): string => readFileSync(path.join(seen, name), 'utf8');
    const [option, copy = '', ...others] = read('args').trimEnd().split('\n');
    expect([option, others, path.basename(copy), path.dirname(path.dirname(copy))]).toEqual(['-i', [], RELEASE.name, cacheDir]);
    expect(readFileSync(path.join(seen, 'content')).equals(RELEASE.content)).toBe(true);
    const user = String(process.getuid?.());
    expect([read('stat'), read('umask')]).toEqual([`700 ${user}\n600 ${user}\n`, '0022\n']);
    const names = read('env').match(/^\w+(?==)/gm);
    // The shell of the stand-in adds PWD and _.
    expect(names?.filter((name) => !['PWD', '_', 'OLDPWD', 'SHLVL'].includes(name)).toSorted()).toEqual([
      'DEBIAN_FRONTEND',
      'HOME',
      'LC_ALL',
      'PATH',
    ]);
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  test.each([
    ['exit 2', 2],
    ['kill -9 $$', 137],
  ])('dpkg ends with "%s" -> code %i, and the copy is removed', (end, code) => {
    writeFileSync(dpkg, `#!/bin/sh\n${end}\n`);
    expect(run().status).toBe(code);
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  test('package replaced while dpkg runs -> dpkg still reads the copy', async () => {
    writeFileSync(
      dpkg,
      `#!/bin/sh\ntouch '${seen}/started'\nuntil [ -e '${seen}/go' ]; do sleep 0.05; done\ncat "$2" > '${seen}/content'\n`,
    );
    const child = spawn(process.execPath, argv(), { stdio: 'ignore' });
    const closed = once(child, 'close');
    await until('dpkg', () => existsSync(path.join(seen, 'started')));
    writeFileSync(files.package, 'evil');
    // pkexec sends this signal when the user kills the app.
    child.kill('SIGTERM');
    writeFileSync(path.join(seen, 'go'), '');
    expect(await closed).toEqual([0, null]);
    expect(readFileSync(path.join(seen, 'content')).equals(RELEASE.content)).toBe(true);
    expect(readdirSync(cacheDir)).toEqual([]);
  });
});

describe('refused with a sentence: dpkg does not run, and nothing stays in the folder of root', () => {
  const evil = releaseOf('1.0.1', '.deb', Buffer.alloc(2_500_000, 'muster'));
  evil.content[1_000_000] = 0;
  const swap = (file: string, make: (file: string) => void): void => {
    rmSync(file);
    make(file);
  };
  const fifo = (file: string): void => void spawnSync('mkfifo', [file]);

  test.each<[string, () => void, ReturnType<typeof refused>]>([
    [
      'package swapped after the start of the dialog, same length',
      () => {
        writeFileSync(`${files.package}.new`, evil.content);
        renameSync(`${files.package}.new`, files.package);
      },
      refused('changed', 'The package is not the signed one.'),
    ],
    [
      'package swapped, longer',
      () => writeFileSync(files.package, Buffer.concat([RELEASE.content, Buffer.from('x')])),
      refused('changed', 'The package has 2500001 bytes; the signed size is 2500000.'),
    ],
    [
      'all three swapped, signed by another key',
      () => give(evil, { signer: temporaryKey() }),
      refused('unsigned', 'The metadata is refused: the signature is not valid.'),
    ],
    [
      'metadata changed by one byte',
      () => writeFileSync(files.metadata, metadataOf(RELEASE).replace('1.0.1', '1.0.2')),
      refused('unsigned', 'The metadata is refused: the signature is not valid.'),
    ],
    [
      'signed metadata of another system',
      () => give(RELEASE, { name: 'latest.yml' }),
      refused('unsigned', 'The metadata is refused: the signature is not valid.'),
    ],
    [
      'signed release of another format',
      () => give(releaseOf('1.0.1', '.AppImage')),
      refused('invalid', 'The metadata is refused: no file ends with .deb.'),
    ],
    [
      'older version with its valid signature',
      () => give(releaseOf('0.9.0', '.deb')),
      refused('not_newer', 'Version 0.9.0 is not newer than the installed version 1.0.0.'),
    ],
    [
      'same version with its valid signature',
      () => give(releaseOf('1.0.0', '.deb')),
      refused('not_newer', 'Version 1.0.0 is not newer than the installed version 1.0.0.'),
    ],
    [
      'package is a link to the signed package',
      () => {
        renameSync(files.package, `${files.package}.signed`);
        symlinkSync(`${files.package}.signed`, files.package);
      },
      refused('unreadable', 'The package is a symbolic link.'),
    ],
    [
      'metadata is a link to a file of root',
      () => {
        swap(files.metadata, (file) => {
          symlinkSync('/etc/shadow', file);
        });
      },
      refused('unreadable', 'The metadata is a symbolic link.'),
    ],
    [
      'package is a pipe without a writer',
      () => {
        swap(files.package, fifo);
      },
      refused('unreadable', 'The package is not a regular file.'),
    ],
    [
      'signature is a pipe without a writer',
      () => {
        swap(files.signature, fifo);
      },
      refused('unreadable', 'The signature is not a regular file.'),
    ],
    [
      'metadata is a device without an end',
      () => {
        files = { ...files, metadata: '/dev/zero' };
      },
      refused('unreadable', 'The metadata is not a regular file.'),
    ],
    ['package is absent', () => rmSync(files.package), refused('unreadable', 'The package cannot be read: ENOENT.')],
    ['huge metadata', () => truncateSync(files.metadata, 65_537), refused('too_large', 'The metadata has more than 65536 bytes.')],
    ['huge signature', () => truncateSync(files.signature, 1025), refused('too_large', 'The signature has more than 1024 bytes.')],
    [
      'huge package (a sparse file)',
      () => truncateSync(files.package, 4_294_967_297),
      refused('too_large', 'The package has more than 4294967296 bytes.'),
    ],
  ])('%s', (_situation, change, expected) => {
    change();
    expect(run()).toEqual(expected);
    expect([results(), readdirSync(cacheDir)]).toEqual([[], []]);
  });

  test('package is a socket', async () => {
    rmSync(files.package);
    const server = createServer().listen(files.package);
    await once(server, 'listening');
    try {
      expect(run()).toEqual(refused('unreadable', 'The package cannot be read: ENXIO.'));
    } finally {
      server.close();
    }
  });

  test.each<[string, () => Partial<InstallSettings>, ReturnType<typeof refused>]>([
    ['not root', () => ({ isRoot: false }), refused('not_root', 'Only root can install an update.')],
    ['build without a key', () => ({ publicKey: null }), refused('no_key', 'This build has no public key for updates.')],
    ['no folder for the copy', () => ({ cacheDir: `${cacheDir}/absent` }), refused('not_copied', 'The package cannot be copied: ENOENT.')],
    ['no dpkg', () => ({ dpkg: '/nowhere/dpkg' }), refused('not_started', 'dpkg cannot be started: ENOENT.')],
  ])('%s', (_situation, changed, expected) => {
    expect(run(changed())).toEqual(expected);
    expect([results(), readdirSync(cacheDir)]).toEqual([[], []]);
  });
});

describe('built program', () => {
  const built = (env: NodeJS.ProcessEnv, uid?: number) => {
    const program = path.join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.js');
    const options = { encoding: 'utf8', env, ...(uid === undefined ? {} : { uid }) } as const;
    const { status, stderr } = spawnSync(process.execPath, [program, 'install-update', ...Object.values(files)], options);
    return { status, stderr };
  };
  const isRoot = process.getuid?.() === 0;

  test('not root -> refused', () => {
    expect(built({}, isRoot ? 65_534 : undefined)).toMatchObject(refusedAs('not_root', 'Only root can install an update.'));
  });

  test.runIf(isRoot)('from files: the key of the environment verifies; an own version is refused', () => {
    give(releaseOf(VERSION, '.deb'));
    expect(built({ MUSTER_UPDATE_KEY: publicKeyText(key) })).toEqual(
      refusedAs('not_newer', `Version ${VERSION} is not newer than the installed version ${VERSION}.`),
    );
    expect(built({ MUSTER_UPDATE_KEY: publicKeyText(temporaryKey()) })).toEqual(
      refusedAs('unsigned', 'The metadata is refused: the signature is not valid.'),
    );
  });

  const refusedAs = (kind: keyof typeof INSTALL_REFUSALS, sentence: string) => {
    const { status, stderr } = refused(kind, sentence);
    return { status, stderr };
  };
});
