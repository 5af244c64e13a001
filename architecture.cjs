// The folders of src: which are pure, and what each may import. ESLint, dependency-cruiser and tests/architecture read this file.

/**
 * The names of the folders whose code is pure: no I/O, timers, clock or randomness. The rule holds at any depth of src/main, and
 * for src/shared. Pure code gets time and randomness as parameters. tsconfig.pure.json repeats the list; a test compares them.
 */
const pureFolders = ['core', 'parse', 'decide', 'lifecycle', 'dispatch', 'machine', 'session'];

/**
 * Every folder of src with the folders that it may import, beside itself and the folders inside it. Every folder may import `src/shared`.
 * A folder inside another one that has its own row (scheduler/jobs) is governed by that row.
 * @type {readonly { readonly folder: string, readonly may: readonly string[], readonly because: string }[]}
 */
const layers = [
  { folder: 'shared', may: [], because: 'The agent, the scheduler and the renderer agree on it, so it belongs to none of them.' },
  { folder: 'preload', may: [], because: 'The sandboxed preload exposes the AppApi of src/shared and nothing else.' },
  { folder: 'renderer', may: [], because: 'One renderer runs in the window and in browsers. It reaches main through the AppApi alone.' },
  { folder: 'main/platform', may: [], because: 'Clock, logger, configuration and paths know no service.' },
  { folder: 'main/contracts', may: [], because: 'Interfaces between services import none of the services.' },
  { folder: 'main/hardware', may: ['main/platform'], because: 'Reading hardware needs neither models nor a pool.' },
  { folder: 'main/runtimes', may: ['main/platform'], because: 'Running tasks on models needs no pool and no GPU probe.' },
  {
    folder: 'main/agent',
    may: ['main/platform', 'main/contracts', 'main/hardware', 'main/runtimes'],
    because: 'The agent and the scheduler are two programs. They meet on the wire (src/shared/protocol).',
  },
  {
    folder: 'main/scheduler',
    may: ['main/platform', 'main/contracts'],
    because: 'The scheduler and the agent are two programs. They meet on the wire (src/shared/protocol).',
  },
  { folder: 'main/scheduler/lifecycle', may: [], because: 'The lifecycle decides from records and events alone.' },
  { folder: 'main/scheduler/dispatch', may: ['main/scheduler/lifecycle'], because: 'Dispatch decides from node records and jobs alone.' },
  { folder: 'main/scheduler/database', may: [], because: 'Opening and migrating a file needs no knowledge of its rows.' },
  {
    folder: 'main/scheduler/nodes',
    may: ['main/platform', 'main/scheduler/lifecycle', 'main/scheduler/dispatch', 'main/scheduler/database'],
    because: 'What the pool keeps of its nodes knows neither jobs nor sockets.',
  },
  {
    folder: 'main/scheduler/jobs',
    may: ['main/platform', 'main/scheduler/lifecycle', 'main/scheduler/dispatch', 'main/scheduler/nodes'],
    because: 'Jobs reach nodes through the interface NodePool, which the pool implements.',
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
    because: 'The pool joins nodes and jobs. It knows neither sockets nor HTTP.',
  },
  {
    folder: 'main/scheduler/access',
    may: [],
    because: 'Who may connect is decided before anything of the pool is touched.',
  },
  {
    folder: 'main/scheduler/node-socket',
    may: ['main/platform', 'main/scheduler/access', 'main/scheduler/lifecycle', 'main/scheduler/nodes', 'main/scheduler/pool'],
    because: 'The node socket decodes messages and calls the pool. It does not know the HTTP API.',
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
    because: 'The HTTP API decodes requests and calls the pool and its jobs. It does not know the node socket.',
  },
  {
    folder: 'main/scheduler-client',
    may: ['main/platform', 'main/contracts'],
    because: 'A client of a scheduler speaks HTTP and must work against any scheduler, not the one in this program.',
  },
  {
    folder: 'main/hosting',
    may: ['main/platform', 'main/contracts'],
    because: 'Supervising a scheduler process needs its log and its exit code, not its code.',
  },
  {
    folder: 'main/app-api',
    may: ['main/platform', 'main/contracts', 'main/scheduler-client'],
    because: 'The AppApi joins agent, host and pool through the interfaces of main/contracts.',
  },
  {
    folder: 'main/desktop',
    may: ['main/platform', 'main/contracts', 'main/hardware', 'main/agent', 'main/hosting', 'main/app-api', 'main/scheduler-client'],
    because: 'The Electron shell starts the scheduler as a child process and never in its own.',
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
    because: 'The command line starts every service under plain Node: it does not know Electron.',
  },
];

module.exports = { layers, pureFolders };
