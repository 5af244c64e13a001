// The table of forbidden imports and why (tests/architecture/imports.test.ts holds the code to it, and holds that each rule can fail).
const pure = '^src/(shared|main/scheduler/(lifecycle|dispatch|jobs/machine)|main/agent/session)/';
const electronRooms = '^src/(main/index\\.ts$|main/desktop/|preload/)';
const electron = '(^|/)node_modules/electron/|^electron(/|$)';
const zod = '(^|/)node_modules/zod/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'electron-in-its-rooms',
      comment: 'Electron is a thin shell: the same services run headless under plain Node.',
      from: { path: '^src/', pathNot: electronRooms },
      to: { path: electron },
    },
    {
      name: 'pure-imports-pure',
      comment:
        'A decision that reaches for I/O, a service or a library cannot be tested by a table nor replayed. (zod describes data; types vanish.)',
      from: { path: pure },
      to: { pathNot: [pure, zod], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'mapping-is-pure',
      comment: 'A mapping turns a recording into a value; who records is somebody else.',
      from: { path: '-mapping\\.ts$' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'], dependencyTypesNot: ['type-only'], pathNot: zod },
    },
    {
      name: 'shared-stands-alone',
      comment: 'What two programs must agree on may belong to neither of them.',
      from: { path: '^src/shared/' },
      to: { pathNot: ['^src/shared/', zod] },
    },
    {
      name: 'renderer-knows-only-shared',
      comment: 'The same renderer runs in the window and in any browser: it meets main through the AppApi of src/shared alone.',
      from: { path: '^src/renderer/' },
      to: { path: '^src/', pathNot: '^src/(renderer|shared)/' },
    },
    {
      name: 'renderer-without-node',
      comment: 'A sandboxed renderer and a browser have no Node.',
      from: { path: '^src/renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'preload-knows-only-shared',
      comment: 'The preload exposes exactly the AppApi; it is sandboxed and has nothing else.',
      from: { path: '^src/preload/' },
      to: { pathNot: ['^src/(preload|shared)/', electron, zod] },
    },
    {
      name: 'main-without-renderer',
      comment: 'Main serves the built renderer as files; importing it would pull the DOM into Node.',
      from: { path: '^src/main/' },
      to: { path: '^src/(renderer|preload)/' },
    },
    {
      name: 'agent-without-scheduler',
      comment: 'They are two programs that meet on the wire: src/shared is all they share.',
      from: { path: '^src/main/(agent|hardware|runtimes)/' },
      to: { path: '^src/main/scheduler/' },
    },
    {
      name: 'scheduler-without-agent',
      comment: 'They are two programs that meet on the wire: src/shared is all they share.',
      from: { path: '^src/main/scheduler/' },
      to: { path: '^src/main/(agent|hardware|runtimes)/' },
    },
    {
      name: 'platform-knows-no-service',
      comment: 'Clock, logger, config and paths are what services stand on.',
      from: { path: '^src/main/platform/' },
      to: { path: '^src/main/(agent|hardware|runtimes|scheduler|desktop)/' },
    },
    {
      name: 'product-without-tests',
      comment: 'What ships does not lean on what does not.',
      from: { path: '^src/' },
      to: { path: '^(tests|bench|scripts)/' },
    },
    {
      name: 'main-runs-on-dependencies',
      comment: 'Main loads its packages at run time: a devDependency is missing in the packaged app.',
      from: { path: '^src/main/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: electron },
    },
    {
      name: 'no-cycles',
      comment: 'In a circle no file can be read, tested or replaced without the others.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      comment: 'An import that leads nowhere is held by no other rule.',
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
    },
  },
};
