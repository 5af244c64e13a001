// The names of the files of a release. electron-builder makes them from electron-builder.yml. Pure.

/** @typedef {{ readonly system: string, readonly name: string, readonly isMetadata: boolean }} ReleaseFile */

export const CHECKSUMS = 'SHA256SUMS';
export const NOTES = 'NOTES.md';
/** @param {string} version */
export const bomName = (version) => `muster-${version}.cdx.json`;

/**
 * The packages of each system, and the metadata that names those which update themselves. The names of the systems are those of the
 * artifacts in release.yml.
 * @param {string} version
 * @returns {Readonly<Record<string, { readonly packages: readonly string[], readonly metadata: string }>>}
 */
export const namesBySystem = (version) => ({
  linux: {
    packages: [
      `muster_${version}_amd64.deb`,
      `muster-${version}.x86_64.rpm`,
      `muster-${version}.pacman`,
      `muster-${version}.tar.gz`,
      `Muster-${version}.AppImage`,
    ],
    metadata: 'latest-linux.yml',
  },
  windows: { packages: [`Muster-Setup-${version}.exe`], metadata: 'latest.yml' },
  macos: { packages: [`Muster-${version}-arm64.dmg`, `Muster-${version}-arm64-mac.zip`], metadata: 'latest-mac.yml' },
});

/**
 * The release files among the files of a folder: in the folder itself, as `npm run package` leaves them, or in one folder for each system.
 * A system may give its own names only: it could replace the packages of another one, which are then signed.
 * @param {readonly string[]} files relative, with `/`
 * @param {string} version
 * @returns {{ readonly found: ReadonlyMap<string, ReleaseFile>, readonly faults: readonly string[] }} `found`: by path
 */
export function releaseFilesIn(files, version) {
  const systems = Object.entries(namesBySystem(version));
  const known = systems.flatMap(([system, { packages, metadata }]) => [
    ...packages.map((name) => ({ system, name, isMetadata: false })),
    { system, name: metadata, isMetadata: true },
  ]);
  /** @type {Map<string, ReleaseFile>} */
  const found = new Map();
  /** @type {string[]} */
  const faults = [];
  for (const file of files) {
    const end = file.lastIndexOf('/');
    const [folder, name] = [file.slice(0, Math.max(end, 0)), file.slice(end + 1)];
    const one = known.find((candidate) => candidate.name === name);
    if (one === undefined || (folder !== '' && systems.every(([system]) => system !== folder))) continue;
    if (folder !== '' && folder !== one.system) faults.push(`${file} is not a file of ${folder}.`);
    else if ([...found.values()].includes(one)) faults.push(`${name} is there twice.`);
    else found.set(file, one);
  }
  return { found, faults };
}

/**
 * Every name that a release may have before it is signed.
 * @param {string} version
 */
export const unsignedNames = (version) => [
  ...Object.values(namesBySystem(version)).flatMap(({ packages, metadata }) => [...packages, metadata]),
  bomName(version),
  CHECKSUMS,
  NOTES,
];

/** Which of these files are signed: the metadata and the checksums, which have the hashes of all others. @param {string} name */
export const isSigned = (name) => name === CHECKSUMS || /^latest[a-z-]*\.yml$/.test(name);
