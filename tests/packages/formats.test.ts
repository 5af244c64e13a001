// The content of the packages, and the formats of other systems: in empty roots without their scripts, then in a copy of this system with
// them. Here no package manager of those systems can check the dependencies.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listPackage } from '@electron/asar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { getConfig } from 'app-builder-lib/out/util/config/config.js';
import { fuseFaults } from '../../scripts/packages/fuses.mjs';
import { projectRoot } from '../../scripts/paths.mjs';
import { debOf, pacmanFile, rpmFile, unpackedDir, VERSION } from '../support/packages/package-files';
import { inCopy, SystemCopy } from '../support/packages/system-copy';
import { requirePrograms, skipNote } from '../support/requirements';

const { missing } = requirePrograms(
  'packages',
  ['dpkg-deb', 'rpm', 'pacman', 'lintian', 'desktop-file-validate', 'appstreamcli', 'unshare'],
  'dpkg rpm pacman-package-manager lintian desktop-file-utils appstream',
);
const isRoot = process.getuid?.() === 0;

interface Format {
  readonly name: string;
  readonly file: string;
  /** Each command gets the root as `--root DIR`, an empty folder or `/`. */
  readonly install: (root: string, file: string, withScripts: boolean) => readonly string[];
  readonly verify: (root: string) => readonly string[];
  readonly remove: (root: string, withScripts: boolean) => readonly string[];
  readonly verified: RegExp;
}

const pacman = (root: string, ...args: string[]) => [
  'pacman',
  '--root',
  root,
  '--dbpath',
  path.join(root, 'var/lib/pacman'),
  '--noconfirm',
  ...args,
];
const FORMATS: readonly Format[] = [
  {
    name: 'rpm',
    file: rpmFile,
    install: (root, file, withScripts) => ['rpm', '-i', '--root', root, '--nodeps', ...(withScripts ? [] : ['--noscripts']), file],
    verify: (root) => ['rpm', '-V', '--root', root, '--nodeps', 'muster'],
    remove: (root, withScripts) => ['rpm', '-e', '--root', root, '--nodeps', ...(withScripts ? [] : ['--noscripts']), 'muster'],
    verified: /^$/,
  },
  {
    name: 'pacman',
    file: pacmanFile,
    install: (root, file, withScripts) => pacman(root, '-U', '-dd', ...(withScripts ? [] : ['--noscriptlet']), file),
    verify: (root) => pacman(root, '-Qkk', 'muster'),
    remove: (root, withScripts) => pacman(root, '-Rdd', ...(withScripts ? [] : ['--noscriptlet']), 'muster'),
    verified: /^muster: \d+ total files, 0 altered files$/,
  },
];

/** The files of the deb, without folders. */
const filesOfDeb = (): readonly string[] =>
  execFileSync('sh', ['-c', `dpkg-deb --fsys-tarfile '${debOf(VERSION)}' | tar t`], { encoding: 'utf8', maxBuffer: 16_000_000 })
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith('/'))
    .map((line) => line.slice(1))
    .toSorted();

/** Of lintian. docs/packaging.md has the reason of each. */
const KNOWN_COMPLAINTS = [
  'dir-or-file-in-opt',
  'embedded-library',
  'hardening-no-pie',
  'maintainer-script-calls-systemctl',
  'malformed-deb-archive',
  'no-changelog',
  'shared-library-is-executable',
  'unstripped-binary-or-object',
];

/** Debian's zsh has its completions elsewhere. */
const asElsewhere = (file: string): string => file.replace('/zsh/vendor-completions/', '/zsh/site-functions/');
/** What package managers keep for themselves. */
const OF_THE_MANAGER = /^\/(?:var\/(?:lib\/(?:rpm|pacman)|log|cache)|usr\/lib\/sysimage\/rpm|tmp)\//;

describe.skipIf(missing !== undefined || !isRoot)(`packages of other systems${skipNote({ missing })}`, () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'muster-root-'));
    mkdirSync(path.join(root, 'var/lib/pacman'), { recursive: true });
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const filesIn = (): readonly string[] =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.join(entry.parentPath, entry.name).slice(root.length))
      .filter((file) => !OF_THE_MANAGER.test(file))
      .toSorted();

  test.each(FORMATS)(
    '$name: into an empty root -> the files of the deb; unchanged; removed without leftovers',
    ({ file, install, verify, remove, verified }) => {
      run(install(root, file, false));
      expect(filesIn()).toEqual(filesOfDeb().map(asElsewhere).toSorted());
      expect(run(verify(root))).toMatch(verified);
      run(remove(root, false));
      expect(filesIn()).toEqual([]);
    },
  );

  test.each(FORMATS)(
    '$name: with its scripts -> users of the services and a working command line; removed without leftovers',
    async ({ file, install, remove }) => {
      const system = await SystemCopy.open();
      try {
        system.run('groupadd', '--system', '--force', 'render');
        system.run('mkdir', '-p', '/var/lib/pacman');
        const before = new Set(system.changes());
        system.run(...install('/', inCopy(file), true));
        expect(system.run('getent', 'passwd', 'muster-agent')).toContain(':/var/lib/muster-agent:');
        expect(system.try(['muster', '--version']).stdout).toContain(VERSION);
        expect(system.run('stat', '-c', '%a', '/opt/Muster/chrome-sandbox')).toBe('755\n');
        system.run(...remove('/', true));
        // Neither of them knows a purge: the users of the services stay, as their data does.
        const left = system
          .changes()
          .filter((file) => !before.has(file) && !OF_THE_MANAGER.test(file) && !/^\/etc\/g?(?:passwd|shadow|group)-?$/.test(file));
        expect(left.filter((file) => !/icon-theme\.cache$|mimeinfo\.cache$/.test(file))).toEqual([]);
      } finally {
        await system.close();
      }
    },
  );
});

describe.skipIf(missing)(`content of the packages${skipNote({ missing })}`, () => {
  test('menu entry and AppStream metadata: no complaint of their validators', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'muster-deb-'));
    try {
      run(['dpkg-deb', '-x', debOf(VERSION), folder]);
      expect(run(['desktop-file-validate', path.join(folder, 'usr/share/applications/app.muster.desktop.desktop')])).toBe('');
      expect(run(['appstreamcli', 'validate-tree', '--no-net', '--no-color', folder])).toContain('Validation was successful');
      expect(readFileSync(path.join(folder, 'usr/share/metainfo/app.muster.desktop.metainfo.xml'), 'utf8')).toContain(
        `version="${VERSION}"`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('lintian: only the known complaints', () => {
    const { stdout } = spawnSync('lintian', ['--no-tag-display-limit', debOf(VERSION)], { encoding: 'utf8', maxBuffer: 16_000_000 });
    const tags = [...stdout.matchAll(/^[EW]: muster(?: \w+)?: (\S+)/gm)].map(([, tag]) => tag);
    expect([...new Set(tags)].toSorted()).toEqual(KNOWN_COMPLAINTS);
  });

  test('Depends: every shared library of the programs is in a package that the deb needs, directly or not', () => {
    const wanted = run(['dpkg-deb', '-f', debOf(VERSION), 'Depends']);
    const reached = closureOf(packagesIn(wanted));
    const libraries = ['muster-desktop', 'cli/muster'].flatMap((program) => librariesOf(path.join(unpackedDir, program)));
    expect(libraries.length).toBeGreaterThan(50);
    expect([...new Set(libraries.map(packageOf))].filter((name) => !reached.has(name))).toEqual([]);
  });

  test('fuses: read back from the packed app -> those of electron-builder.yml', async () => {
    const { electronFuses } = await getConfig(projectRoot, path.join(projectRoot, 'electron-builder.yml'), null);
    const executable = path.join(unpackedDir, 'muster-desktop');
    expect(await fuseFaults(executable, { ...electronFuses })).toEqual([]);
    expect(await fuseFaults(executable, { ...electronFuses, runAsNode: true })).toEqual(['runAsNode: wanted true, found disable']);
  });

  test('licences: every package in the archive of the app is in LICENSES.dependencies.txt', () => {
    const licences = readFileSync(path.join(unpackedDir, 'LICENSES.dependencies.txt'), 'utf8');
    const packed = listPackage(path.join(unpackedDir, 'resources', 'app.asar'), { isPack: false }).flatMap(
      (file) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(file)?.[1] ?? [],
    );
    expect(packed.length).toBeGreaterThan(50);
    expect([...new Set(packed)].filter((name) => !licences.includes(`\n${name} `))).toEqual([]);
    for (const file of ['LICENSE.txt', 'LICENSE.electron.txt', 'LICENSES.chromium.html']) expect(readdirSync(unpackedDir)).toContain(file);
    for (const language of ['en', 'zh-cn']) expect(readdirSync(path.join(unpackedDir, 'guide', language))).toContain('index.html');
    // The command line contains Node.js with these parts. Its folder has no second copy.
    const ofNode = readFileSync(path.join(unpackedDir, 'LICENSE.node.txt'), 'utf8');
    for (const part of ['Node.js', 'OpenSSL', 'V8', 'ICU']) expect(ofNode).toContain(part);
    expect(readdirSync(path.join(unpackedDir, 'cli')).toSorted()).toEqual(['muster', 'renderer']);
  });
});

/** The names in a list of dependencies, alternatives included. */
const packagesIn = (depends: string): readonly string[] => depends.split(/[,|]/).flatMap((part) => /^\s*([\w.+-]+)/.exec(part)?.[1] ?? []);

/** The packages of this system that a package needs. */
function closureOf(names: readonly string[], found: Set<string> = new Set()): ReadonlySet<string> {
  for (const name of names) {
    if (found.has(name)) continue;
    found.add(name);
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Depends},${Pre-Depends}\n', name], { encoding: 'utf8' });
    closureOf(packagesIn(stdout.replaceAll('\n', ',')), found);
  }
  return found;
}

/** The files of the system that a program loads at its start, and those that these load. */
const librariesOf = (program: string): readonly string[] =>
  [...run(['ldd', program]).matchAll(/=> (\/\S+)/g)].flatMap(([, file = '']) => (file.startsWith(unpackedDir) ? [] : [realpathSync(file)]));

const packageOf = (file: string): string => run(['dpkg', '-S', file]).split(':')[0] ?? '';

function run([program = '', ...args]: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 16_000_000 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: exit code ${String(status)}: ${stderr}${stdout}`);
  return stdout.trim();
}
