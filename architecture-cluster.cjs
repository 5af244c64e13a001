// The allowed imports of the folders for a cluster of schedulers: a part of architecture.cjs.

/** @type {readonly { readonly folder: string, readonly may: readonly string[], readonly because: string }[]} */
const clusterLayers = [
  { folder: 'main/scheduler/cluster/bus', may: ['main/platform'], because: 'The bus carries bytes. It knows neither nodes nor jobs.' },
  {
    folder: 'main/scheduler/cluster/channel',
    may: ['main/platform', 'main/scheduler/cluster/bus'],
    because: 'It carries records of any kind.',
  },
  { folder: 'main/scheduler/cluster', may: ['main/platform', 'main/contracts', 'main/scheduler/database'], because: 'A row decides.' },
  {
    folder: 'main/scheduler/response-copies',
    may: ['main/platform', 'main/scheduler/cluster/channel', 'main/scheduler/api'],
    because: 'It copies what the API has in memory.',
  },
  {
    folder: 'main/scheduler/replica',
    may: [
      'main/platform',
      'main/joining',
      'main/scheduler/cluster/bus',
      'main/scheduler/cluster/channel',
      'main/scheduler/access',
      'main/scheduler/members/core',
      'main/scheduler/nodes',
      'main/scheduler/jobs',
      'main/scheduler/node-socket',
      'main/scheduler/join-socket',
      'main/scheduler/api',
      'main/scheduler/response-copies',
    ],
    because: 'A replica holds connections and forwards them. It has neither the nodes nor the members of the pool.',
  },
  {
    folder: 'main/scheduler/forwarded',
    may: [
      'main/platform',
      'main/joining',
      'main/scheduler/cluster/bus',
      'main/scheduler/cluster/channel',
      'main/scheduler/replica/core',
      'main/scheduler/access',
      'main/scheduler/members',
      'main/scheduler/nodes',
      'main/scheduler/jobs',
      'main/scheduler/node-socket',
      'main/scheduler/join-socket',
      'main/scheduler/api',
    ],
    because: 'It gives the parts of the scheduler what replicas forward. Those parts do not know of it.',
  },
];

module.exports = { clusterLayers };
