// What each operation of AppApi does, as one table: which part of the app it asks. Params are decoded already.
import type { z } from 'zod';
import type { OPERATIONS, OperationName, OperationResult, Outcome } from '../../shared/api/app-api';
import { ok } from '../../shared/result';
import { notAvailableHere } from '../contracts/app-errors';
import { appJobContentOf, appJobOf, appJobsOf } from './core/job-views';
import type { JoinTester } from '../scheduler-client/connection-test';
import type { AgentPort, Done, PoolPort } from '../contracts/ports';

/** Where this machine works: hosting here, joined elsewhere, or nowhere (`membership.ts`). */
export interface MembershipPort {
  host(scope: 'this_computer' | 'lan'): Promise<Done>;
  stopHosting(): Promise<Done>;
  join(address: { readonly address: string; readonly token?: string | undefined }): Promise<Done>;
  leave(): Done;
}

export interface OperationParts {
  readonly agent: AgentPort | null;
  readonly membership: MembershipPort | null;
  readonly canHost: boolean;
  readonly canJoin: boolean;
  readonly testJoin: JoinTester;
  /** The pool as it is when an operation is called: hosting makes it come and go. */
  pool(): PoolPort | null;
}

export type ParsedParams<Name extends OperationName> = z.output<(typeof OPERATIONS)[Name]['params']>;
export type OperationHandlers = {
  readonly [Name in OperationName]: (
    params: ParsedParams<Name>,
  ) => Outcome<OperationResult<Name>> | Promise<Outcome<OperationResult<Name>>>;
};

export function operationHandlers(parts: OperationParts): OperationHandlers {
  const host = parts.canHost ? parts.membership : null;
  const join = parts.canJoin ? parts.membership : null;
  const { agent } = parts;
  return {
    'agent.recheck': async () => {
      if (agent === null) return notAvailableHere();
      await agent.recheck();
      return ok({});
    },
    'agent.drain': ({ timeout_seconds }) => agent?.drain(timeout_seconds ?? null) ?? notAvailableHere(),
    'agent.resume': () => agent?.resume() ?? notAvailableHere(),
    'agent.measure_model': ({ model_id }) => agent?.measureModel(model_id) ?? notAvailableHere(),
    'agent.dismiss_notice': ({ id }) => {
      if (agent === null) return notAvailableHere();
      agent.dismissNotice(id);
      return ok({});
    },
    'host.start': ({ scope }) => host?.host(scope) ?? notAvailableHere(),
    'host.stop': () => host?.stopHosting() ?? notAvailableHere(),
    'join.test': async (address) => (join === null ? notAvailableHere() : ok({ steps: await parts.testJoin(address) })),
    'join.connect': (address) => join?.join(address) ?? notAvailableHere(),
    'join.leave': () => join?.leave() ?? notAvailableHere(),
    'pool.drain': ({ node_id, ...request }) => parts.pool()?.drain(node_id, request) ?? notAvailableHere(),
    'pool.resume': ({ node_id }) => parts.pool()?.resume(node_id) ?? notAvailableHere(),
    'pool.remove': ({ node_id }) => parts.pool()?.remove(node_id) ?? notAvailableHere(),
    'pool.explain': (requirements) => parts.pool()?.explain(requirements) ?? notAvailableHere(),
    'pool.exclusions': () => parts.pool()?.exclusions() ?? notAvailableHere(),
    'pool.reset_exclusions': () => parts.pool()?.resetExclusions() ?? notAvailableHere(),
    'pool.jobs': async (query) => shown(await parts.pool()?.jobs(query), appJobsOf),
    'pool.job': async ({ job_id }) => shown(await parts.pool()?.job(job_id), appJobOf),
    'pool.job_content': async ({ job_id }) => shown(await parts.pool()?.job(job_id), appJobContentOf),
    'pool.cancel_job': ({ job_id }) => parts.pool()?.cancelJob(job_id) ?? notAvailableHere(),
  };
}

/** What the pool said, as the dashboard is shown it; without a pool there is nothing to say. */
function shown<Said, Shown>(outcome: Outcome<Said> | undefined, show: (said: Said) => Shown): Outcome<Shown> {
  if (outcome === undefined) return notAvailableHere();
  return outcome.ok ? ok(show(outcome.value)) : outcome;
}
