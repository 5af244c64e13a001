// Availability over real sockets: in the views, in messages to the node, in the log and in metrics; and requests for fresh readings
// (docs/dispatch.md, Availability).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendRequest } from '../support/http-api';
import { beat, submitted } from '../support/job-pool';
import { LoadPool, using } from '../support/load-pool';
import { heartbeat, registration, TestNode } from '../support/test-node';
import { until } from '../support/until';

const pool = new LoadPool();

beforeEach(() => pool.start());
afterEach(() => pool.stop());

describe('fresh readings', () => {
  const requests = (node: TestNode): number => node.received.filter(({ type }) => type === 'load_request').length;

  it('a job waits only for load -> load_request each 2 s; the answer below the limit -> assigned', async () => {
    await pool.joinOther();
    const node = await pool.join('desk', { cpu_percent: 71 });
    const jobId = await submitted(pool.scheduler.port);
    for (let second = 0; second < 6; second++) pool.scheduler.clock.advance(1000);
    await node.settled();
    expect(requests(node)).toBe(3);
    expect(pool.scheduler.log.of('load_requested')).toHaveLength(3);
    node.send(heartbeat('desk', using({ cpu_percent: 24 })));
    expect(await node.until('job_assign')).toMatchObject({ job_id: jobId });
  });

  it('no job waits, or the node lacks the model -> no load_request', async () => {
    const other = await pool.joinOther();
    const node = await pool.join('desk', { cpu_percent: 71 });
    for (let second = 0; second < 6; second++) pool.scheduler.clock.advance(1000);
    await beat(other, 1, using({ cpu_percent: 71 }));
    await submitted(pool.scheduler.port);
    for (let second = 0; second < 6; second++) pool.scheduler.clock.advance(1000);
    await node.settled();
    await other.settled();
    expect([requests(node), requests(other)]).toEqual([3, 0]);
  });
});

describe('availability', () => {
  it('each change -> in the view, in node_status and in the log', async () => {
    await pool.joinOther();
    const node = await pool.join('desk');
    pool.scheduler.clock.advance(500);
    await beat(node, 1, using({ cpu_percent: 71 }));
    pool.scheduler.clock.advance(500);
    await until('the push', () => Promise.resolve(node.status?.availability?.state === 'busy'));
    expect(node.status).toMatchObject({ status: 'ready', periodic: true, availability: { reasons: [{ found: { cpu_percent: 71 } }] } });
    expect(pool.scheduler.log.of('node_availability_changed').filter(({ node_id: id }) => id === 'desk')).toMatchObject([
      { from: null, to: 'available', reasons: [] },
      { from: 'available', to: 'busy', reasons: [{ code: 'resource_threshold_exceeded', found: { cpu_percent: 71 } }] },
    ]);
  });

  it('drained and connected -> paused; connection lost -> disconnected; computer asleep -> asleep; back -> registering', async () => {
    const node = await pool.join('desk');
    node.send({ type: 'node_drain', node_id: 'desk' });
    await until('paused', async () => (await pool.stateOf('desk')) === 'paused');
    node.send({ type: 'node_resume', node_id: 'desk' });
    await until('registering', async () => (await pool.stateOf('desk')) === 'registering');
    node.socket.close(4100);
    await until('asleep', async () => (await pool.stateOf('desk')) === 'asleep');
    const again = await TestNode.connect(pool.scheduler.url);
    again.send(registration({ node_id: 'desk', node_token: node.ack.node_token }));
    await until('registering', async () => (await pool.stateOf('desk')) === 'registering');
    again.close();
    await until('disconnected', async () => (await pool.stateOf('desk')) === 'disconnected');
  });

  it('metrics: nodes by availability', async () => {
    await pool.joinOther();
    await pool.join('desk', { cpu_percent: 71 });
    const { text } = await sendRequest(pool.scheduler.port, { path: '/metrics' });
    expect(text).toContain('muster_nodes_by_availability{availability="available"} 1');
    expect(text).toContain('muster_nodes_by_availability{availability="busy"} 1');
  });
});
