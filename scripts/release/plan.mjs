// What keeps a release from being published. Pure.

/**
 * @typedef {object} ReleaseFacts
 * @property {string} version of package.json
 * @property {string} lockVersion of package-lock.json
 * @property {string} changelog
 * @property {readonly string[]} changes files that differ from the commit
 * @property {string | null} tag of the commit
 * @property {{ readonly feed_url: string | null, readonly public_key: string | null }} updates build/updates.json
 * @property {string | null} publicKey of the release key; null: there is no key
 * @property {boolean} isUnsigned the key is used by a later step, which also compares it
 * @property {readonly string[]} standIns packages with the Electron of the tests
 * @property {readonly string[]} unknown packages without a record of their build
 */

/**
 * Each fault with its fix. A dry run prints them and goes on.
 * @param {ReleaseFacts} facts
 * @returns {readonly string[]}
 */
export function releaseFaults({ version, lockVersion, changelog, changes, tag, updates, publicKey, isUnsigned, standIns, unknown }) {
  /** @type {readonly (readonly [isFault: boolean, text: string])[]} */
  const checks = [
    [!/^\d+\.\d+\.\d+$/.test(version), `package.json has version ${version}. A release has three numbers.`],
    [lockVersion !== version, `package-lock.json has version ${lockVersion}, package.json ${version}. Fix: npm install`],
    [changelogOf(changelog, version) === null, `CHANGELOG.md has no section [${version}]. Fix: rename [Unreleased].`],
    [tag !== `v${version}`, `The commit has ${tag === null ? 'no tag' : `the tag ${tag}`}. Fix: git tag v${version}`],
    [changes.length > 0, `${String(changes.length)} files differ from the commit, for example ${changes[0] ?? ''}. Fix: commit them.`],
    [publicKey === null && !isUnsigned, 'There is no release key. Fix: name its file in MUSTER_RELEASE_KEY_FILE or with --key.'],
    [updates.feed_url === null || updates.public_key === null, 'build/updates.json has no feed. The app would never find an update.'],
    [
      publicKey !== null && updates.public_key !== null && publicKey !== updates.public_key,
      'build/updates.json has another public key than the release key.',
    ],
    [standIns.length > 0, `${standIns.join(', ')}: with the Electron of the tests, which is not safe to publish.`],
    [
      unknown.length > 0,
      `${unknown.join(', ')}: no built-*.json beside them records their build. Fix: copy the whole folder that npm run package wrote.`,
    ],
  ];
  return checks.filter(([isFault]) => isFault).map(([, text]) => text);
}

/**
 * The entries of a version. Null: there are none.
 * @param {string} changelog
 * @param {string} version
 */
export function changelogOf(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  const entries = section?.split('\n').slice(1).join('\n').trim() ?? '';
  return entries === '' ? null : entries;
}
