// `muster cluster`: the schedulers of a cluster, the end of the leadership of one of them, and the copy of a pool into its database and back.
import { z } from 'zod';
import type { Outcome } from '../../shared/api/app-api';
import { clusterSchema } from '../../shared/api/cluster';
import { ok } from '../../shared/result';
import { HttpClient } from '../scheduler-client/http-client';
import type { Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { clusterText } from './core/cluster-text';
import { EXIT } from './exit-code';
import { type SchedulerSession, withScheduler } from './with-scheduler';

const ACTIONS = ['status', 'step-down', 'import', 'export'] as const;

export const clusterCommand: Command = {
  name: 'cluster',
  summary:
    'status: the schedulers of the cluster and the leader. step-down: let another scheduler lead. import, export FOLDER: copy the pool of this computer into the database of the cluster, and back.',
  operands: [ACTIONS.join('|'), '[FOLDER]'],
  options: { 'dry-run': { value: null, doc: 'import, export: print what would be copied, and change nothing.' }, ...CLIENT_OPTIONS },
  run: runCluster,
};

async function runCluster(invocation: Invocation): Promise<number> {
  const { io, operands } = invocation;
  const [action = '', folder] = operands;
  if ((action === 'export') !== (folder !== undefined)) {
    io.err(action === 'export' ? 'muster: cluster: export needs a FOLDER\n' : `muster: cluster: unexpected argument ${folder ?? ''}\n`);
    return EXIT.usage;
  }
  // Loaded on demand, because they use the databases.
  if (action === 'import') return (await import('./run-cluster-copy')).runClusterImport(invocation);
  if (action === 'export') return (await import('./run-cluster-copy')).runClusterExport(invocation);
  if (action === 'status') return withScheduler(invocation, (session) => showStatus(invocation, session));
  if (action === 'step-down') return withScheduler(invocation, (session) => stepDown(invocation, session));
  io.err(`muster: cluster: the first argument is one of ${ACTIONS.join(', ')}\n`);
  return EXIT.usage;
}

async function showStatus({ io, options }: Invocation, session: SchedulerSession): Promise<Outcome<number>> {
  const asked = await atLeader(session, (client) => client.ask({ method: 'GET', path: '/api/v1/cluster' }, clusterSchema));
  if (!asked.ok) return asked;
  io.out(options.isSet('json') ? `${JSON.stringify(asked.value, null, 2)}\n` : clusterText(asked.value, Date.now()));
  return ok(EXIT.ok);
}

async function stepDown({ io }: Invocation, session: SchedulerSession): Promise<Outcome<number>> {
  const asked = await atLeader(session, (client) =>
    client.ask({ method: 'POST', path: '/api/v1/cluster/step-down', body: {} }, z.looseObject({})),
  );
  if (!asked.ok) return asked;
  io.err('The leader ends its leadership. Another scheduler of the cluster leads in a moment.\n');
  return ok(EXIT.ok);
}

/** A scheduler that does not lead names the leader, which has the same CA and the same keys. */
async function atLeader<Value>(
  { client, baseUrl, token, pin, context }: SchedulerSession,
  ask: (client: HttpClient) => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  const asked = await ask(client);
  const leader = !asked.ok && asked.error.code === 'NOT_LEADER' ? asked.error.details?.['leader'] : null;
  if (typeof leader !== 'string') return asked;
  const { protocol } = new URL(baseUrl);
  return ask(new HttpClient({ baseUrl: `${protocol}//${leader}`, token, pin, language: context.language }));
}
