// The table of allowed imports. tests/architecture/imports.test.ts checks the source against the table, and shows for each rule
// that a file can break it.
const { layers, pureFolders } = require('./architecture.cjs');

const pure = ['^src/shared/', `^src/main/.*/(${pureFolders.join('|')})/`];
const electronFiles = '^src/(main/index\\.ts$|main/desktop/|preload/)';
const electron = '(^|/)node_modules/electron/|^electron(/|$)';
const zod = '(^|/)node_modules/zod/';
// A parser without dependencies, I/O or state outside itself.
const eventSourceParser = '(^|/)node_modules/eventsource-parser/';

/** @param {string} name a folder, or a file with its suffix */
const within = (name) => (name.endsWith('.ts') ? `^src/${name.replaceAll('.', '\\.')}$` : `^src/${name}/`);
/** @param {string} dir */
const ownRows = (dir) => layers.map(({ folder }) => folder).filter((folder) => folder.startsWith(`${dir}/`));

/** Shared folders have rows among themselves. @param {string} folder */
const sharedFor = (folder) => (folder.startsWith('shared/') ? '^src/shared/[^/]+$' : '^src/shared/');

const layerRules = layers.map(({ folder, may, because }) => ({
  name: `layer-${folder.replace(/^main\//, '').replaceAll('/', '-')}`,
  comment: because,
  // A file directly in a folder with inner rows (scheduler/open-scheduler.ts) joins them.
  from: { path: within(folder), pathNot: ownRows(folder).map(within) },
  to: { path: '^src/', pathNot: [within(folder), sharedFor(folder), ...may.map(within)] },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'electron-in-the-shell',
      comment: 'Electron is a thin shell: the same services run headless under plain Node.',
      from: { path: '^src/', pathNot: electronFiles },
      to: { path: electron },
    },
    {
      name: 'pure-imports-pure',
      comment:
        'A decision that imports I/O, a service or a library cannot be tested by a table or replayed. (zod describes data, eventsource-parser ' +
        'parses text, types vanish.)',
      from: { path: pure },
      to: { pathNot: [...pure, zod, eventSourceParser], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pages-apart',
      comment:
        'What two pages share is a component. Only the page of this computer and the first run show parts of other pages; their rows name the pages.',
      from: { path: '^src/renderer/pages/([^/]+)/', pathNot: [within('renderer/pages/computer'), within('renderer/pages/setup')] },
      to: { path: within('renderer/pages'), pathNot: within('renderer/pages/$1') },
    },
    {
      name: 'renderer-without-node',
      comment: 'A sandboxed renderer and a browser have no Node.',
      from: { path: '^src/renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'preload-without-node',
      comment: 'A sandboxed preload has no Node.',
      from: { path: '^src/preload/' },
      to: { pathNot: ['^src/', electron, zod] },
    },
    {
      name: 'shared-without-packages',
      comment: 'Code that every program shares must run in each of them: in Node, in a browser and in a preload.',
      from: { path: '^src/shared/' },
      to: { pathNot: ['^src/', zod, eventSourceParser] },
    },
    {
      name: 'product-without-tests',
      comment: 'Shipped code does not depend on code that is not shipped.',
      from: { path: '^src/' },
      to: { path: '^(tests|bench|gallery|scripts)/' },
    },
    {
      name: 'main-runs-on-dependencies',
      comment: 'Main loads its packages at run time: a devDependency is missing in the packaged app.',
      from: { path: '^src/main/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: electron },
    },
    {
      name: 'no-cycles',
      comment: 'No file of a cycle can be read, tested or replaced without the other files.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      comment: 'No other rule detects an import that cannot be resolved.',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'],
      conditionNames: ['import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
