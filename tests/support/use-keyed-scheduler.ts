// A scheduler that needs keys also on loopback, new for each test, and its members. A test can restart it with its database.
import { afterEach, beforeEach } from 'vitest';
import type { MemberView } from '../../src/shared/api/members';
import type { NodeRegisterAck } from '../../src/shared/protocol/scheduler-messages';
import { bearer, sendRequest } from './http-api';
import { type RegisterInput, registration, TestNode } from './test-node';
import { startTestScheduler, temporaryDir, type TestScheduler } from './test-scheduler';

export interface JoinedNode {
  readonly node: TestNode;
  readonly ack: NodeRegisterAck;
}

export function useKeyedScheduler() {
  let scheduler: TestScheduler;
  let folder: ReturnType<typeof temporaryDir>;
  const databaseFile = () => `${folder.dir}/scheduler.db`;
  const start = async (): Promise<void> => {
    scheduler = await startTestScheduler({ server: { loopback: 'keys' }, databaseFile: databaseFile() });
  };
  beforeEach(async () => {
    folder = temporaryDir();
    await start();
  });
  afterEach(async () => {
    await scheduler.stop();
    folder.remove();
  });

  const get = async <Answer>(path: string): Promise<Answer> => (await sendRequest(scheduler.port, { path })).json() as Answer;
  const post = async <Answer>(path: string, body: unknown = {}): Promise<Answer> =>
    (await sendRequest(scheduler.port, { method: 'POST', path, body })).json() as Answer;
  const members = async () => (await get<{ members: MemberView[] }>('/api/v1/members')).members;
  return {
    get scheduler() {
      return scheduler;
    },
    databaseFile,
    start,
    get,
    post,
    members,
    invite: (body: object = {}) => post<{ id: string; key: string }>('/api/v1/invites', body),
    async join(secret: string, change: Partial<RegisterInput> = {}, headers: Readonly<Record<string, string>> = {}): Promise<JoinedNode> {
      const node = await TestNode.connect(scheduler.url, { ...bearer(secret), ...headers });
      node.send(registration(change));
      return { node, ack: await node.next('node_register_ack') };
    },
    async leave(node: TestNode): Promise<void> {
      node.close();
      await node.closed;
      // The scheduler handles the close after the answer to it.
      await members();
    },
  };
}
