// The arguments that electron-builder passes to fpm, as a description of the package. Pure.

/**
 * @typedef {'deb' | 'rpm' | 'pacman'} PackageTarget
 * @typedef {{ readonly from: string, readonly to: string }} FileMapping
 * @typedef {object} PackageDescription
 * @property {PackageTarget} target
 * @property {string} name
 * @property {string} version
 * @property {string} iteration the release of the package; empty: the first one
 * @property {string} architecture as the target names it
 * @property {string} maintainer
 * @property {string} vendor
 * @property {string} url
 * @property {string} license
 * @property {string} category
 * @property {string} priority
 * @property {string} summary one line
 * @property {readonly string[]} description lines
 * @property {string} compression
 * @property {string} output the file to write
 * @property {readonly string[]} depends
 * @property {readonly string[]} recommends
 * @property {Readonly<Record<string, string>>} scripts the file of each maintainer script, by its name in Debian
 * @property {readonly FileMapping[]} files
 */

/** @type {Readonly<Record<string, string>>} */
const VALUE_FLAGS = {
  '-t': 'target',
  '--name': 'name',
  '--version': 'version',
  '--iteration': 'iteration',
  '--architecture': 'architecture',
  '--maintainer': 'maintainer',
  '--vendor': 'vendor',
  '--url': 'url',
  '--license': 'license',
  '--category': 'category',
  '--deb-priority': 'priority',
  '--rpm-summary': 'summary',
  '--description': 'description',
  '--deb-compression': 'compression',
  '--rpm-compression': 'compression',
  '--pacman-compression': 'compression',
  '--package': 'output',
};
/** @type {Readonly<Record<string, string>>} */
const SCRIPT_FLAGS = { '--after-install': 'postinst', '--before-remove': 'prerm', '--after-remove': 'postrm' };
/** @type {Readonly<Record<string, 'depends' | 'recommends'>>} */
const LIST_FLAGS = { '-d': 'depends', '--depends': 'depends', '--deb-recommends': 'recommends' };
/** They say what is always so here: the input is a list of files, and an existing package is replaced. */
const IGNORED_FLAGS = new Map([
  ['-s', 1],
  ['--log', 1],
  ['--rpm-os', 1],
  ['--force', 0],
  ['--debug', 0],
]);
const TARGETS = /** @type {const} */ (['deb', 'rpm', 'pacman']);
const REQUIRED = ['name', 'version', 'architecture', 'maintainer', 'url', 'output'];

/**
 * @param {readonly string[]} args
 * @returns {PackageDescription} throws an Error that names the argument
 */
export function parseFpmArguments(args) {
  /** @type {Record<string, string>} */
  const values = {};
  /** @type {{ depends: string[], recommends: string[] }} */
  const lists = { depends: [], recommends: [] };
  /** @type {Record<string, string>} */
  const scripts = {};
  /** @type {FileMapping[]} */
  const files = [];
  const rest = [...args];
  const valueOf = (/** @type {string} */ flag) => {
    const value = rest.shift();
    if (value === undefined) throw new Error(`${flag} has no value`);
    return value;
  };
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [value, script, list, ignored] = [
      VALUE_FLAGS[argument],
      SCRIPT_FLAGS[argument],
      LIST_FLAGS[argument],
      IGNORED_FLAGS.get(argument),
    ];
    if (value !== undefined) values[value] = valueOf(argument);
    else if (script !== undefined) scripts[script] = valueOf(argument);
    else if (list !== undefined) lists[list].push(valueOf(argument));
    else if (ignored !== undefined) rest.splice(0, ignored);
    else files.push(fileMapping(argument));
  }
  const missing = REQUIRED.filter((name) => values[name] === undefined);
  if (missing.length > 0) throw new Error(`not given: ${missing.join(', ')}`);
  const target = TARGETS.find((one) => one === values['target']);
  if (target === undefined) throw new Error(`the target ${values['target'] ?? ''} is not known`);
  const description = linesOf(values['description'] ?? '');
  const text = (/** @type {string} */ name, fallback = '') => values[name] ?? fallback;
  return {
    target,
    name: text('name'),
    version: text('version'),
    iteration: text('iteration'),
    architecture: text('architecture'),
    maintainer: text('maintainer'),
    vendor: text('vendor'),
    url: text('url'),
    license: text('license', 'unknown'),
    category: text('category', 'default'),
    priority: text('priority', 'optional'),
    summary: text('summary', description[0] ?? ''),
    description,
    compression: text('compression', 'xz'),
    output: text('output'),
    ...lists,
    scripts,
    files,
  };
}

/**
 * `FROM=TO`, or an error.
 * @param {string} argument
 * @returns {FileMapping}
 */
function fileMapping(argument) {
  const [, from, to] = /^([^-=][^=]*)=(\/.*)$/.exec(argument) ?? [];
  if (from === undefined || to === undefined) throw new Error(`unknown argument ${argument}`);
  return { from, to };
}

/** @param {string} text */
const linesOf = (text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
