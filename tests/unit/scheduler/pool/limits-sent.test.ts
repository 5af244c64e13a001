// The limits of the load in the messages to a node: in the acknowledgement, and as soon as they change (protocol §3).
import { describe, expect, it } from 'vitest';
import { nodeHeartbeatSchema, nodeRegisterSchema } from '../../../../src/shared/protocol/node-messages';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { type MemoryLink, memoryScheduler } from '../../../support/memory-scheduler';
import { heartbeat, registration } from '../../../support/test-node';

const OTHER = { cpu_percent: 25, gpu_percent: 25, mem_percent: 90 };
const MEASURED = { ...OTHER, cpu_percent: 60 };
const usage = { cpu_percent: 5, mem_percent: 5, gpu_percent: 0, running_jobs: 0 };
const measuredUsage = { ...usage, owner_cpu_percent: null, owner_gpu_percent: null };

const limitsIn = ({ sent }: MemoryLink) =>
  sent.flatMap((message) => (message.type === 'node_register_ack' || message.type === 'node_status' ? [message.limits] : []));

async function join(nodeToken?: string, parts = memoryScheduler()) {
  const { link, session } = parts.open();
  const register = (changes: object = {}) =>
    session.receive(nodeRegisterSchema.parse(registration({ node_id: 'desk', node_token: nodeToken, ...changes })));
  const beat = (changes: object) => session.receive(nodeHeartbeatSchema.parse(heartbeat('desk', changes)));
  await register();
  return { parts, link, session, register, beat };
}

describe('limits sent to a node', () => {
  it('new node that measures -> acknowledgement and every status have the limits that hold', async () => {
    const { link, beat } = await join();
    await beat({ resource_usage: measuredUsage });
    await beat({ resource_usage: measuredUsage });
    expect(limitsIn(link)).toMatchObject([MEASURED, MEASURED, MEASURED, MEASURED]);
  });

  it('new node that does not measure -> each status after the first heartbeat has its limits', async () => {
    const { link, beat } = await join();
    await beat({ resource_usage: usage });
    await beat({ resource_usage: usage });
    expect(limitsIn(link)).toMatchObject([MEASURED, MEASURED, OTHER, OTHER]);
    expect(link.sent.at(-1)).toMatchObject({ type: 'node_status', status: 'registering', periodic: true });
  });

  it('known node that does not measure -> the acknowledgement has its limits', async () => {
    const { link, beat, register } = await join();
    await beat({ resource_usage: usage });
    link.sent.length = 0;
    await register();
    expect(limitsIn(link)).toMatchObject([OTHER, OTHER]);
  });

  it('owner changes a limit in a heartbeat -> a status with the new limit', async () => {
    const { link, beat } = await join();
    await beat({ resource_usage: measuredUsage });
    link.sent.length = 0;
    await beat({ resource_usage: measuredUsage, limits: { cpu_percent: 40 } });
    await beat({ resource_usage: measuredUsage, limits: { cpu_percent: 40 } });
    expect(limitsIn(link).map((limits) => limits?.cpu_percent)).toEqual([40, 40]);
  });

  it('operator changes a limit -> a status with the new limit; the same settings again -> nothing', async () => {
    const { parts, link, beat } = await join();
    await beat({ resource_usage: measuredUsage });
    link.sent.length = 0;
    const settings = { ...DEFAULT_DISPATCH_POLICY, limits: { cpuPercent: null, gpuPercent: 40, memoryPercent: null } };
    const { strategy, holdsJobs, limits } = settings;
    parts.scheduler.configure({ strategy, holdsJobs, limits });
    parts.scheduler.configure({ strategy, holdsJobs, limits: { ...limits } });
    expect(limitsIn(link)).toMatchObject([{ ...MEASURED, gpu_percent: 40, set_by: { gpu: 'scheduler' } }]);
  });

  it('limits and status change with the same heartbeat -> one message', async () => {
    const { link, beat } = await join();
    await beat({ resource_usage: measuredUsage });
    await beat({ resource_usage: measuredUsage });
    link.sent.length = 0;
    await beat({ resource_usage: usage });
    expect(limitsIn(link)).toMatchObject([OTHER]);
    expect(link.sent[0]).toMatchObject({ status: 'ready' });
  });
});
