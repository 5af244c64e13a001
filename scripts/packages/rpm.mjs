// A package of Fedora and openSUSE, made by rpmbuild.
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bodyOf, machineOf } from './common.mjs';
import { run } from './tool.mjs';

/** @typedef {import('./fpm-arguments.mjs').PackageDescription} PackageDescription */

/** The folder of the program: all folders below it belong to the package. The folders above belong to the system. */
const OWN_FOLDER = '/opt/';
/** The sections of a spec file for the maintainer scripts of Debian. */
const SECTIONS = /** @type {const} */ ([
  ['postinst', 'post'],
  ['prerm', 'preun'],
  ['postrm', 'postun'],
]);

/**
 * @param {PackageDescription} description
 * @param {string} root
 * @param {string} work
 */
export function buildRpm(description, root, work) {
  const scripts = Object.fromEntries(Object.entries(description.scripts).map(([name, file]) => [name, readFileSync(file, 'utf8')]));
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).map((entry) => ({
    path: join(entry.parentPath, entry.name).slice(root.length),
    isFolder: entry.isDirectory(),
  }));
  const spec = join(work, 'package.spec');
  writeFileSync(spec, specFile(description, root, entries, scripts));
  const output = join(work, 'output');
  const macros = {
    _topdir: join(work, 'rpm'),
    _rpmdir: output,
    _binary_payload: payloadOf(description.compression),
    _build_id_links: 'none',
    // The files are packed as they are: stripped programs of Electron would no longer be those that its makers tested.
    __os_install_post: '%{nil}',
    debug_package: '%{nil}',
  };
  const defines = Object.entries(macros).flatMap(([name, value]) => ['-D', `${name} ${value}`]);
  run('rpmbuild', ['-bb', '--quiet', '--target', `${machineOf(description)}-linux`, ...defines, spec]);
  const [made] = readdirSync(output, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.rpm'));
  if (made === undefined) throw new Error('rpmbuild has made no package');
  copyFileSync(join(output, made), description.output);
}

/** @param {string} compression */
function payloadOf(compression) {
  if (compression.startsWith('zst')) return 'w3T0.zstdio';
  return compression.startsWith('gz') ? 'w6.gzdio' : 'w6T0.xzdio';
}

/**
 * The spec file of a package. Pure.
 * @param {PackageDescription} description
 * @param {string} root
 * @param {readonly { readonly path: string, readonly isFolder: boolean }[]} entries
 * @param {Readonly<Record<string, string>>} scripts
 */
export function specFile(description, root, entries, scripts) {
  return `${[
    `Name: ${description.name}`,
    `Version: ${description.version}`,
    `Release: ${description.iteration === '' ? '1' : description.iteration}`,
    `Summary: ${description.summary}`,
    `License: ${description.license}`,
    `URL: ${description.url}`,
    `Vendor: ${description.vendor}`,
    `Packager: ${description.maintainer}`,
    `Group: ${description.category}`,
    'AutoReqProv: no',
    ...description.depends.map((name) => `Requires: ${name}`),
    '%description',
    ...description.description,
    '%install',
    `cp -a '${root}/.' '%{buildroot}/'`,
    ...SECTIONS.flatMap(([script, section]) => (scripts[script] === undefined ? [] : [`%${section}`, bodyOf(scripts[script])])),
    '%files',
    '%defattr(-,root,root,-)',
    ...entries.flatMap(({ path, isFolder }) => {
      if (!isFolder) return [`"${path}"`];
      return path.startsWith(OWN_FOLDER) ? [`%dir "${path}"`] : [];
    }),
  ].join('\n')}\n`;
}
