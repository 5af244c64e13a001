// `node scripts/release/sign.mjs FOLDER`: signs the files that `npm run release -- --unsigned` made. It runs where the release key is, so it
// imports nothing but Node.js and files of this folder: no dependency ever runs beside the key. The key is the content of the variable
// MUSTER_RELEASE_KEY. docs/releasing.md explains the steps.
import { createHash, createPrivateKey } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot, say, SetupError } from '../paths.mjs';
import { CHECKSUMS, isSigned, NOTES, unsignedNames } from './release-names.mjs';
import { publicKeyText, signatureOf, SIGNATURE_ENDING } from './signing.mjs';

/**
 * Signs each file that needs it, or throws and signs nothing.
 * @param {string} folder
 * @param {{ readonly version: string, readonly publicKey: string | null, readonly keyText: string }} facts `publicKey`: of the app
 * @returns {string[]} the names of the signatures
 */
export function signRelease(folder, { version, publicKey, keyText }) {
  const names = readdirSync(folder).toSorted();
  const unknown = names.filter((name) => !unsignedNames(version).includes(name) || !lstatSync(join(folder, name)).isFile());
  if (unknown.length > 0) throw new SetupError(`${unknown.join(', ')}: not a file of the release ${version}.`);
  const sums = readFileSync(join(folder, CHECKSUMS), 'utf8');
  const hashed = names.filter((name) => !isSigned(name) && name !== NOTES);
  const found = hashed.map(
    (name) =>
      `${createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex')}  ${name}\n`,
  );
  if (sums !== found.join('')) throw new SetupError(`${CHECKSUMS} is not that of the files in ${folder}.`);
  const key = keyOf(keyText);
  if (publicKeyText(key) !== publicKey) throw new SetupError('build/updates.json has another public key than the release key.');
  return names.filter(isSigned).map((name) => {
    const signature = `${name}${SIGNATURE_ENDING}`;
    writeFileSync(join(folder, signature), signatureOf(key, name, readFileSync(join(folder, name))));
    return signature;
  });
}

/** @param {string} text */
function keyOf(text) {
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // The error could quote the text.
  }
  throw new SetupError('MUSTER_RELEASE_KEY is not a private Ed25519 key in PEM.');
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { MUSTER_RELEASE_KEY: keyText = '' } = process.env;
  delete process.env['MUSTER_RELEASE_KEY'];
  try {
    /** @param {string} file */
    const read = (file) => JSON.parse(readFileSync(join(projectRoot, file), 'utf8'));
    const facts = { version: read('package.json').version, publicKey: read('build/updates.json').public_key, keyText };
    for (const name of signRelease(process.argv[2] ?? '', facts)) say(`signed ${name}`);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
