// The pure folders of src, and the allowed imports of each folder. ESLint, dependency-cruiser and tests/architecture read this file.

/**
 * The names of the folders whose code is pure: no I/O, timers, clock or randomness. The rule holds at any depth of src/main, and
 * for src/shared. Pure code gets time and randomness as parameters. tsconfig.pure.json repeats the list; a test compares them.
 */
const pureFolders = ['core', 'parse', 'decide', 'lifecycle', 'dispatch', 'machine', 'session'];

/**
 * Every folder of src with the folders that it may import, besides itself and the folders inside it. Every folder may import `src/shared`.
 * When a folder inside another one has its own row (scheduler/jobs), that row applies.
 * @type {readonly { readonly folder: string, readonly may: readonly string[], readonly because: string }[]}
 */
const layers = [
  { folder: 'shared', may: [], because: 'The agent, the scheduler and the renderer use shared code, so it depends on none of them.' },
  { folder: 'preload', may: [], because: 'The sandboxed preload exposes the AppApi of src/shared and nothing else.' },
  { folder: 'renderer', may: [], because: 'One renderer runs in the window and in browsers. It calls main through AppApi only.' },
  { folder: 'main/platform', may: [], because: 'Clock, logger, configuration and paths depend on no service.' },
  { folder: 'main/contracts', may: [], because: 'Interfaces between services import none of the services.' },
  { folder: 'main/hardware', may: ['main/platform'], because: 'Reading hardware needs neither models nor a pool.' },
  { folder: 'main/runtimes', may: ['main/platform'], because: 'Running tasks on models needs no pool and no GPU probe.' },
  {
    folder: 'main/agent',
    may: ['main/platform', 'main/contracts', 'main/hardware', 'main/runtimes'],
    because: 'The agent and the scheduler are two programs. They share only the protocol (src/shared/protocol).',
  },
  {
    folder: 'main/scheduler',
    may: ['main/platform', 'main/contracts'],
    because: 'The scheduler and the agent are two programs. They share only the protocol (src/shared/protocol).',
  },
  { folder: 'main/scheduler/lifecycle', may: [], because: 'The lifecycle decides from records and events alone.' },
  { folder: 'main/scheduler/dispatch', may: ['main/scheduler/lifecycle'], because: 'Dispatch decides from node records and jobs alone.' },
  { folder: 'main/scheduler/database', may: [], because: 'Opening and migrating a file does not depend on the content of its rows.' },
  {
    folder: 'main/scheduler/nodes',
    may: ['main/platform', 'main/scheduler/lifecycle', 'main/scheduler/dispatch', 'main/scheduler/database'],
    because: 'The records and stores of nodes depend neither on jobs nor on sockets.',
  },
  {
    folder: 'main/scheduler/jobs',
    may: ['main/platform', 'main/scheduler/lifecycle', 'main/scheduler/dispatch', 'main/scheduler/nodes'],
    because: 'Jobs use nodes through the interface NodePool, which the pool implements.',
  },
  {
    folder: 'main/scheduler/pool',
    may: [
      'main/platform',
      'main/contracts',
      'main/scheduler/lifecycle',
      'main/scheduler/dispatch',
      'main/scheduler/database',
      'main/scheduler/nodes',
      'main/scheduler/jobs',
    ],
    because: 'The pool joins nodes and jobs. It depends neither on sockets nor on HTTP.',
  },
  {
    folder: 'main/scheduler/access',
    may: [],
    because: 'Access is decided before any code of the pool runs.',
  },
  {
    folder: 'main/scheduler/node-socket',
    may: ['main/platform', 'main/scheduler/access', 'main/scheduler/lifecycle', 'main/scheduler/nodes', 'main/scheduler/pool'],
    because: 'The node socket decodes messages and calls the pool. It does not use the HTTP API.',
  },
  {
    folder: 'main/scheduler/api',
    may: [
      'main/platform',
      'main/contracts',
      'main/scheduler/access',
      'main/scheduler/lifecycle',
      'main/scheduler/dispatch',
      'main/scheduler/jobs',
      'main/scheduler/pool',
    ],
    because: 'The HTTP API decodes requests and calls the pool and its jobs. It does not use the node socket.',
  },
  {
    folder: 'main/scheduler-client',
    may: ['main/platform', 'main/contracts'],
    because: 'A client of a scheduler uses HTTP and must work with any scheduler, not only with the one in this program.',
  },
  {
    folder: 'main/hosting',
    may: ['main/platform', 'main/contracts'],
    because: 'The supervisor of a scheduler process reads its log and its exit code, and imports no code of the scheduler.',
  },
  {
    folder: 'main/app-api',
    may: ['main/platform', 'main/contracts', 'main/scheduler-client'],
    because: 'The AppApi joins agent, host and pool through the interfaces of main/contracts.',
  },
  {
    folder: 'main/desktop',
    may: ['main/platform', 'main/contracts', 'main/hardware', 'main/agent', 'main/hosting', 'main/app-api', 'main/scheduler-client'],
    because: 'The Electron shell starts the scheduler as a child process, never in its own process.',
  },
  {
    folder: 'main/cli',
    may: [
      'main/platform',
      'main/contracts',
      'main/hardware',
      'main/runtimes',
      'main/agent',
      'main/scheduler',
      'main/scheduler-client',
      'main/hosting',
      'main/app-api',
    ],
    because: 'The command line starts every service under plain Node, so it must not import Electron.',
  },
];

module.exports = { layers, pureFolders };
