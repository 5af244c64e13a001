// The pure folders of src, and the allowed imports of each folder. ESLint, dependency-cruiser and tests/architecture read this file.

const { clusterLayers } = require('./architecture-cluster.cjs');

/**
 * The names of the folders whose code is pure: no I/O, timers, clock or randomness. The rule holds at any depth of src/main, and
 * for src/shared. Pure code gets time and randomness as parameters. tsconfig.pure.json repeats the list; a test compares them.
 */
const pureFolders = ['core', 'parse', 'decide', 'lifecycle', 'dispatch', 'machine', 'session'];

/** What every page may import. */
const pageImports = [
  'renderer/clock',
  'renderer/store',
  'renderer/queries',
  'renderer/i18n',
  'renderer/labels',
  'renderer/components',
  'renderer/routes.ts',
];

/** What both front ends may import: they compose the services of this computer. */
const frontEndImports = [
  'main/platform',
  'main/contracts',
  'main/trust',
  'main/joining',
  'main/hardware',
  'main/system-events',
  'main/agent',
  'main/hosting',
  'main/app-api',
  'main/scheduler-client',
  'main/settings',
  'main/diagnostics',
];

/**
 * Every folder of src with the folders and files that it may import, besides itself and the folders inside it. Every folder outside
 * of `src/shared` may import `src/shared`; every folder inside may import the files that lie directly in `src/shared`.
 * When a folder inside another one has its own row (scheduler/jobs), that row applies.
 * @type {readonly { readonly folder: string, readonly may: readonly string[], readonly because: string }[]}
 */
const layers = [
  { folder: 'shared', may: [], because: 'The agent, the scheduler and the renderer use shared code, so it depends on none of them.' },
  {
    folder: 'shared/protocol',
    may: ['shared/reasons'],
    because: 'The protocol is the contract between agent and scheduler. Its codes have texts; the views of the API do not concern it.',
  },
  {
    folder: 'shared/reasons',
    may: ['shared/protocol'],
    because: 'The texts of a code follow the codes and statuses of the protocol. They depend on no view of the API.',
  },
  {
    folder: 'shared/api',
    may: ['shared/protocol'],
    because: 'Views contain parts of messages. A client of the API chooses its own texts.',
  },
  {
    folder: 'shared/ask',
    may: ['shared/api', 'shared/protocol'],
    because: 'A question to a model is an HTTP request of the API. Its parts are the same in the main process and in a browser.',
  },
  { folder: 'preload', may: [], because: 'The sandboxed preload exposes the AppApi of src/shared and nothing else.' },
  { folder: 'renderer', may: [], because: 'One renderer runs in the window and in browsers. It calls main through AppApi only.' },
  { folder: 'renderer/api', may: [], because: 'The transports (IPC and HTTP) implement AppApi and know nothing of React or the screen.' },
  { folder: 'renderer/clock', may: [], because: 'The clock renders the current time again. It needs no other state.' },
  { folder: 'renderer/theme', may: [], because: 'Colours and sizes depend on no data.' },
  {
    folder: 'renderer/store',
    may: ['renderer/api', 'renderer/routes.ts'],
    because: 'The store keeps what the transports deliver, and the route. It knows no texts and no components.',
  },
  {
    folder: 'renderer/queries',
    may: ['renderer/store'],
    because: 'Queries and operations call the AppApi of the store. They know no texts and no components.',
  },
  { folder: 'renderer/i18n', may: ['renderer/store'], because: 'The language is a preference of the store. Texts know no components.' },
  { folder: 'renderer/labels', may: ['renderer/i18n'], because: 'Labels turn a code or value into a text or a shape, without React.' },
  {
    folder: 'renderer/components',
    may: ['renderer/clock', 'renderer/store', 'renderer/i18n', 'renderer/labels', 'renderer/routes.ts'],
    because: 'Components serve every page, so they import no page. Pages run the queries and pass the data.',
  },
  {
    folder: 'renderer/components/sharing',
    may: ['renderer/components', 'renderer/labels', 'renderer/clock', 'renderer/queries', 'renderer/store', 'renderer/i18n'],
    because: 'The control of the owner is on every page and in the shell, so it runs its operations itself.',
  },
  {
    folder: 'renderer/components/own',
    may: [
      'renderer/components',
      'renderer/components/charts',
      'renderer/labels',
      'renderer/clock',
      'renderer/queries',
      'renderer/store',
      'renderer/i18n',
      'renderer/routes.ts',
    ],
    because:
      'The slots, missed jobs and contribution of this computer, and the first steps of a pool, are on several pages, so these cards ask for their figures themselves.',
  },
  {
    folder: 'renderer/pages',
    may: pageImports,
    because: 'Pages join data, texts and components. They do not know the shell around them, nor each other (rule pages-apart).',
  },
  {
    folder: 'renderer/pages/computer',
    may: [...pageImports, 'renderer/pages/gpus', 'renderer/pages/models'],
    because: 'The overview of this computer summarises the GPUs and Models pages with their own cards, so that both show the same facts.',
  },
  {
    folder: 'renderer/pages/setup',
    may: [...pageImports.filter((folder) => folder !== 'renderer/clock'), 'renderer/pages/pool', 'renderer/pages/try'],
    because:
      'The first run joins a pool with the cards of the Pool page, and its prompt is the chat of the page Try it, which goes on there.',
  },
  {
    folder: 'renderer/shell',
    may: [
      'renderer/clock',
      'renderer/store',
      'renderer/i18n',
      'renderer/labels',
      'renderer/components',
      'renderer/pages',
      'renderer/routes.ts',
    ],
    because: 'The shell places the pages. It shows the state of the store and runs no queries of its own.',
  },
  { folder: 'main/platform', may: [], because: 'Clock, logger, configuration and paths depend on no service.' },
  { folder: 'main/contracts', may: [], because: 'Interfaces between services import none of the services.' },
  {
    folder: 'main/trust',
    may: ['main/platform'],
    because: 'Certificates and their check depend on no service: the scheduler, the agent and every client use them.',
  },
  {
    folder: 'main/joining',
    may: ['main/platform', 'main/contracts', 'main/trust'],
    because: 'The host and the newcomer share the protocol of joining. It needs neither a pool nor an agent.',
  },
  {
    folder: 'main/settings',
    may: ['main/platform', 'main/contracts', 'main/hardware'],
    because:
      'Settings are read, written and handed on here. The parts that use them are callbacks. Simulated GPUs are checked as the probe does.',
  },
  { folder: 'main/hardware', may: ['main/platform'], because: 'Reading hardware needs neither models nor a pool.' },
  {
    folder: 'main/diagnostics',
    may: ['main/platform', 'main/contracts'],
    because: 'Logs and archives are read and written here. The facts of a report come from the services through an interface.',
  },
  { folder: 'main/runtimes', may: ['main/platform'], because: 'Running tasks on models needs no pool and no GPU probe.' },
  {
    folder: 'main/system-events',
    may: ['main/platform'],
    because: 'Observing sleep, power supply and full-screen programs needs no agent. The agent judges the facts.',
  },
  {
    folder: 'main/agent',
    may: ['main/platform', 'main/contracts', 'main/trust', 'main/hardware', 'main/runtimes', 'main/system-events'],
    because: 'The agent and the scheduler are two programs. They share only the protocol (src/shared/protocol).',
  },
  {
    folder: 'main/scheduler',
    may: ['main/platform', 'main/contracts', 'main/trust', 'main/joining'],
    because: 'The scheduler and the agent are two programs. They share only the protocol (src/shared/protocol).',
  },
  { folder: 'main/scheduler/lifecycle', may: [], because: 'The lifecycle decides from records and events alone.' },
  { folder: 'main/scheduler/dispatch', may: ['main/scheduler/lifecycle'], because: 'Dispatch decides from node records and jobs alone.' },
  { folder: 'main/scheduler/database', may: [], because: 'Opening and migrating a file does not depend on the content of its rows.' },
  ...clusterLayers,
  { folder: 'main/scheduler/database/postgres', may: ['main/platform', 'main/scheduler/database'], because: 'It waits by a clock.' },
  {
    folder: 'main/scheduler/nodes',
    may: ['main/platform', 'main/trust', 'main/scheduler/lifecycle', 'main/scheduler/dispatch', 'main/scheduler/database'],
    because: 'The records and stores of nodes depend neither on jobs nor on sockets.',
  },
  {
    folder: 'main/scheduler/jobs',
    may: ['main/platform', 'main/scheduler/lifecycle', 'main/scheduler/dispatch', 'main/scheduler/nodes', 'main/scheduler/database'],
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
    folder: 'main/scheduler/history',
    may: [
      'main/platform',
      'main/contracts',
      'main/scheduler/lifecycle',
      'main/scheduler/database',
      'main/scheduler/nodes',
      'main/scheduler/jobs',
      'main/scheduler/pool',
    ],
    because: 'The history reads the pool and its jobs. It depends neither on sockets nor on HTTP.',
  },
  {
    folder: 'main/scheduler/usage',
    may: ['main/platform', 'main/contracts', 'main/scheduler/dispatch', 'main/scheduler/database', 'main/scheduler/jobs'],
    because: 'Usage is counted from the ends of jobs. It depends on no node, no socket and no HTTP.',
  },
  { folder: 'main/scheduler/access', may: ['main/platform'], because: 'Access is decided before any code of the pool runs.' },
  {
    folder: 'main/scheduler/members',
    may: ['main/platform', 'main/trust', 'main/scheduler/database'],
    because: 'Who may use the pool depends neither on nodes nor on jobs, sockets or HTTP. The proof of a secret is shared with clients.',
  },
  {
    folder: 'main/scheduler/node-socket',
    may: [
      'main/platform',
      'main/trust',
      'main/scheduler/access',
      'main/scheduler/members',
      'main/scheduler/lifecycle',
      'main/scheduler/nodes',
      'main/scheduler/pool',
    ],
    because: 'The node socket decodes messages and calls the pool. It does not use the HTTP API.',
  },
  {
    folder: 'main/scheduler/join-socket',
    may: ['main/joining', 'main/scheduler/access'],
    because: 'The join socket checks access and passes messages to the host of joining. It uses neither the pool nor the HTTP API.',
  },
  {
    folder: 'main/scheduler/api',
    may: [
      'main/platform',
      'main/contracts',
      'main/trust',
      'main/joining',
      'main/scheduler/access',
      'main/scheduler/members',
      'main/scheduler/dispatch',
      'main/scheduler/jobs',
      'main/scheduler/pool',
    ],
    because: 'The HTTP API decodes requests and calls the pool and its jobs. It does not use the node socket.',
  },
  {
    folder: 'main/scheduler-client',
    may: ['main/platform', 'main/contracts', 'main/trust'],
    because: 'A client of a scheduler uses HTTP and must work with any scheduler, not only with the one in this program.',
  },
  {
    folder: 'main/hosting',
    may: ['main/platform', 'main/contracts'],
    because: 'The supervisor of a scheduler process reads its log and its exit code, and imports no code of the scheduler.',
  },
  {
    folder: 'main/updates',
    may: ['main/platform', 'main/contracts', 'main/scheduler-client'],
    because:
      'The feed of updates is read within limits, as every answer. The installer is an interface, which the Electron shell implements.',
  },
  {
    folder: 'main/app-api',
    may: ['main/platform', 'main/contracts', 'main/joining', 'main/scheduler-client'],
    because: 'The AppApi joins agent, host and pool through the interfaces of main/contracts, and keeps the agent with a joined pool.',
  },
  {
    folder: 'main/desktop',
    may: [...frontEndImports, 'main/updates'],
    because: 'The Electron shell starts the scheduler as a child process, never in its own process.',
  },
  {
    folder: 'main/cli',
    may: [...frontEndImports, 'main/runtimes', 'main/scheduler', 'main/updates'],
    because: 'The command line starts every service under plain Node, so it must not import Electron.',
  },
];

module.exports = { layers, pureFolders };
