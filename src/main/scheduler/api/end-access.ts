// Ends the access of a revoked credential: its node sockets, its event streams, its answers of the OpenAI API, and its jobs. Ends also what a
// credential loses when its roles change.
import type { JobList, JobStatus } from '../../../shared/api/job';
import { CLOSE_CODES, type CloseCode } from '../../../shared/protocol/codes';
import type { LostAccess } from '../members/core/permissions';
import type { JobsPort } from '../jobs/jobs-port';
import type { OpenStreams } from './open-streams';
import type { EndOfAccess } from './route';

const LIVE: readonly JobStatus[] = ['queued', 'assigned', 'running'];
/** Jobs that are cancelled before other work gets a turn. */
const JOBS_AT_ONCE = 100;

interface ConnectionOwners {
  readonly nodes: { isConnected(memberId: string): boolean; closeHolder(holder: string, code: CloseCode): void };
  readonly streams: OpenStreams;
  /** Those that this scheduler writes, and those that replicas write. */
  readonly answers: readonly { closeOf(holder: string, why: EndOfAccess): void }[];
}

/** The connections of one credential. A holder is the id of a key or member, or of the owner. */
export class HolderConnections {
  readonly #owners: ConnectionOwners;

  constructor(owners: ConnectionOwners) {
    this.#owners = owners;
  }

  isConnected(memberId: string): boolean {
    return this.#owners.nodes.isConnected(memberId);
  }

  closeHolder(holder: string): void {
    const { nodes, streams, answers } = this.#owners;
    nodes.closeHolder(holder, CLOSE_CODES.revoked);
    for (const each of [streams.pool, streams.members, streams.jobs]) each.closeOf(holder);
    for (const each of answers) each.closeOf(holder, 'REVOKED');
  }

  /** Its roles changed. */
  closeLost(holder: string, { isNodeLost, areJobsLost }: LostAccess): void {
    const { nodes, streams, answers } = this.#owners;
    if (isNodeLost) nodes.closeHolder(holder, CLOSE_CODES.notANode);
    if (areJobsLost) for (const each of answers) each.closeOf(holder, 'FORBIDDEN');
    for (const each of [streams.pool, streams.members, streams.jobs]) each.endOf(holder);
  }
}

export interface EndAccessOptions {
  readonly connections: HolderConnections;
  readonly jobs: Pick<JobsPort, 'list' | 'cancel'>;
}

/** Resolves when the cancellations are durable, or the disk refuses them. `holder`: the id of the key or member. */
export async function endAccessOf(holder: string, { connections, jobs }: EndAccessOptions): Promise<void> {
  connections.closeHolder(holder);
  await cancelJobsOf(holder, jobs);
}

/** As `endAccessOf`, for a credential that stays valid with other roles. */
export async function endLostAccessOf(holder: string, lost: LostAccess, { connections, jobs }: EndAccessOptions): Promise<void> {
  connections.closeLost(holder, lost);
  if (lost.areJobsLost) await cancelJobsOf(holder, jobs);
}

async function cancelJobsOf(holder: string, jobs: EndAccessOptions['jobs']): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: JobList = await jobs.list({ statuses: LIVE, limit: JOBS_AT_ONCE, cursor, visibleTo: { id: holder, nodeId: null } });
    await Promise.all(page.jobs.map(({ job_id: jobId }) => jobs.cancel(jobId, 'revoked')));
    cursor = page.next_cursor;
  } while (cursor !== null);
}
