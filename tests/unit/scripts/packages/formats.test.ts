// The descriptions of packages for dpkg-deb, rpmbuild and pacman, from the arguments that electron-builder passes to fpm.
import { describe, expect, test } from 'vitest';
import { controlFile } from '../../../../scripts/packages/deb.mjs';
import { parseFpmArguments } from '../../../../scripts/packages/fpm-arguments.mjs';
import { installFile, pacmanInfo } from '../../../../scripts/packages/pacman.mjs';
import { specFile } from '../../../../scripts/packages/rpm.mjs';

/** As electron-builder calls fpm. */
const GIVEN = [
  ...['-s', 'dir', '--force', '-t', 'deb', '-d', 'libc6', '-d', 'libgtk-3-0t64 | libgtk-3-0', '--deb-compression', 'xz'],
  ...['--architecture', 'amd64', '--after-install', '/tmp/i', '--after-remove', '/tmp/r', '--description', 'One pool\n Joins the GPUs'],
  ...['--version', '0.1.0', '--package', 'dist/muster.deb', '--name', 'muster', '--maintainer', 'M <m@muster.invalid>'],
  ...['--vendor', 'M', '--url', 'https://muster.example/', '--category', 'utils', '--deb-priority', 'optional', '--license', 'MIT'],
  ...['--before-remove', 'build/b', 'build/muster=/usr/bin/muster', 'dist/linux-unpacked/=/opt/Muster'],
];
const description = parseFpmArguments(GIVEN);

describe('arguments of fpm', () => {
  test('arguments: those of electron-builder -> description of the package', () => {
    expect(description).toEqual({
      target: 'deb',
      name: 'muster',
      version: '0.1.0',
      iteration: '',
      architecture: 'amd64',
      maintainer: 'M <m@muster.invalid>',
      vendor: 'M',
      url: 'https://muster.example/',
      license: 'MIT',
      category: 'utils',
      priority: 'optional',
      summary: 'One pool',
      description: ['One pool', 'Joins the GPUs'],
      compression: 'xz',
      output: 'dist/muster.deb',
      depends: ['libc6', 'libgtk-3-0t64 | libgtk-3-0'],
      recommends: [],
      scripts: { postinst: '/tmp/i', postrm: '/tmp/r', prerm: 'build/b' },
      files: [
        { from: 'build/muster', to: '/usr/bin/muster' },
        { from: 'dist/linux-unpacked/', to: '/opt/Muster' },
      ],
    });
  });

  test.each<[string, readonly string[], string]>([
    ['an unknown flag', [...GIVEN, '--deb-systemd', 'x'], 'unknown argument --deb-systemd'],
    ['a file without its place', [...GIVEN, 'build/muster'], 'unknown argument build/muster'],
    ['a place that is not absolute', [...GIVEN, 'build/muster=usr/bin'], 'unknown argument build/muster=usr/bin'],
    ['a flag without its value', [...GIVEN, '--name'], '--name has no value'],
    ['another target', [...GIVEN, '-t', 'freebsd'], 'the target freebsd is not known'],
    ['no name, no output', ['-t', 'deb'], 'not given: name, version, architecture, maintainer, url, output'],
  ])('arguments: %s -> error that names it', (_what, args, message) => {
    expect(() => parseFpmArguments(args)).toThrow(message);
  });
});

test('deb: control file -> fields of Debian, empty ones left out', () => {
  expect(controlFile(description, 412)).toBe(`Package: muster
Version: 0.1.0
Architecture: amd64
Maintainer: M <m@muster.invalid>
Installed-Size: 412
Depends: libc6, libgtk-3-0t64 | libgtk-3-0
Section: utils
Priority: optional
Homepage: https://muster.example/
Description: One pool
 Joins the GPUs
`);
  expect(controlFile({ ...description, iteration: '2', recommends: ['a', 'b'] }, 1)).toMatch(/^Version: 0.1.0-2$[^]*^Recommends: a, b$/m);
});

test('rpm: spec file -> own folders and all files listed, scripts without their first line', () => {
  const entries = [
    { path: '/opt', isFolder: true },
    { path: '/opt/Muster', isFolder: true },
    { path: '/opt/Muster/muster-desktop', isFolder: false },
    { path: '/usr/bin', isFolder: true },
    { path: '/usr/bin/muster', isFolder: false },
  ];
  const spec = specFile(description, '/tmp/root', entries, { postinst: '#!/bin/sh\nset -e\n', postrm: '#!/bin/sh\ntrue\n' });
  expect(spec).toContain('Requires: libc6\n');
  expect(spec).toContain('%post\nset -e\n%postun\ntrue\n%files\n');
  expect(spec.slice(spec.indexOf('%defattr'))).toBe(
    '%defattr(-,root,root,-)\n%dir "/opt/Muster"\n"/opt/Muster/muster-desktop"\n"/usr/bin/muster"\n',
  );
});

test('pacman: .PKGINFO and .INSTALL -> names of Arch Linux; each script in a shell of its own, with the word of what happens', () => {
  expect(pacmanInfo(description, 2, 1_700_000_000).split('\n')).toEqual(
    expect.arrayContaining(['pkgver = 0.1.0-1', 'size = 2048', 'arch = x86_64', 'builddate = 1700000000', 'depend = libc6']),
  );
  expect(installFile({ postinst: '#!/bin/sh\necho $1\n', prerm: '#!/bin/sh\nexit 0\n' })).toBe(
    'post_install() (\nset -- install\necho $1\n)\npost_upgrade() (\nset -- upgrade\necho $1\n)\npre_remove() (\nset -- remove\nexit 0\n)\n',
  );
});
