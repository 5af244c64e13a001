// What nodes report of attempts that the scheduler does not know yet.
import { expect, it } from 'vitest';
import { MAX_END_BYTES, UnknownAttempts } from '../../../../src/main/scheduler/jobs/unknown-attempts';

const KEY = { jobId: 'job-1', attempt: 1 };

function opened() {
  const [slots, stopped, reported]: [string[], string[], string[]] = [[], [], []];
  const unknown = new UnknownAttempts({ apply: (nodeId, event) => slots.push(`${nodeId} ${event.type}`) }, (nodeId, { jobId }) =>
    stopped.push(`${nodeId} ${jobId}`),
  );
  unknown.open();
  const report = (name: string) => () => void reported.push(name);
  return { unknown, slots, stopped, reported, report };
}

it('reports wait in order until the attempt is known', () => {
  const { unknown, slots, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  expect(['first', 'second'].map((name) => unknown.keep('node-a', KEY, null, report(name)))).toEqual([true, true]);
  expect([unknown.keep('node-b', KEY, null, report('other')), unknown.has('node-b', KEY)]).toEqual([false, false]);
  expect(reported).toEqual([]);
  for (const each of unknown.take('node-a', KEY)) each.report();
  expect(reported).toEqual(['first', 'second']);
  expect(slots).toEqual(['node-a job_assigned', 'node-a job_released']);
  expect([unknown.take('node-a', KEY), unknown.keep('node-a', KEY, null, report('later'))]).toEqual([[], false]);
});

it('the attempt ends on its node -> its slot is free, and what it has reported waits', () => {
  const { unknown, slots, stopped, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  unknown.keep('node-a', KEY, null, report('result'));
  unknown.ended('node-a', KEY);
  expect(slots).toEqual(['node-a job_assigned', 'node-a job_released']);
  for (const end of unknown.close()) end();
  expect([stopped, reported, unknown.isOpen, slots.length]).toEqual([[], ['result'], false, 2]);
});

it('the node registers again -> it repeats its reports, and those of attempts that it does not name are dropped', () => {
  const { unknown, slots, reported, report } = opened();
  const other = { jobId: 'job-2', attempt: 1 };
  unknown.registered('node-a', [KEY, other]);
  for (const key of [KEY, other]) unknown.keep('node-a', key, null, report(key.jobId));
  unknown.registered('node-a', [KEY]);
  unknown.keep('node-a', KEY, null, report('again'));
  expect([unknown.has('node-a', other), slots.at(-1)]).toEqual([false, 'node-a job_released']);
  for (const each of unknown.take('node-a', KEY)) each.report();
  expect(reported).toEqual(['again']);
});

it('the node restarts without an attempt whose end it has reported -> the end waits for the client, and the slot is free', () => {
  const { unknown, slots, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  unknown.keep('node-a', KEY, null, report('part'));
  unknown.keep('node-a', KEY, null, report('end'), 'end');
  unknown.registered('node-a', []);
  expect([unknown.has('node-a', KEY), slots]).toEqual([true, ['node-a job_assigned', 'node-a job_released']]);
  for (const each of unknown.take('node-a', KEY)) each.report();
  expect([reported, slots.length]).toEqual([['part', 'end'], 2]);
});

it('the node names an attempt whose end waits, and restarts before it repeats the end -> neither end nor parts are lost', () => {
  const { unknown, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  unknown.keep('node-a', KEY, null, report('part'));
  unknown.keep('node-a', KEY, null, report('end'), 'end');
  unknown.registered('node-a', [KEY]);
  unknown.registered('node-a', []);
  expect(unknown.has('node-a', KEY)).toBe(true);
  for (const each of unknown.take('node-a', KEY)) each.report();
  expect(reported).toEqual(['part', 'end']);
});

const MB = 1_000_000;

it('the end of an attempt that its node no longer has is lost -> the attempt is lost', () => {
  const { unknown, reported, report } = opened();
  const other = { jobId: 'job-2', attempt: 1 };
  unknown.registered('node-a', [KEY]);
  for (let part = 0; part < 5; part++) unknown.keep('node-a', KEY, 'x'.repeat(MB), report('part'));
  unknown.keep('node-a', KEY, null, report('end'), 'end');
  unknown.registered('node-a', []);
  unknown.registered('node-b', [other]);
  for (let part = 0; part < 4; part++) unknown.keep('node-b', other, 'x'.repeat(MB), report('other'));
  expect([unknown.has('node-a', KEY), unknown.has('node-b', other)]).toEqual([false, true]);
  for (const end of unknown.close()) end();
  expect(reported).toEqual(['other', 'other', 'other', 'other']);
});

it('a part of a stream with a picture waits; a result of that size does not, because its node repeats it', () => {
  const { unknown, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  unknown.keep('node-a', KEY, 'x'.repeat(4 * MB), report('part'));
  unknown.keep('node-a', KEY, 'x'.repeat(MB), report('result'), 'end');
  unknown.keep('node-a', KEY, 'x'.repeat(MAX_END_BYTES / 4), report('small result'), 'end');
  for (const end of unknown.close()) end();
  expect(reported).toEqual(['part', 'small result']);
});

it('the node repeats its result -> it waits once, and what has arrived before stays', () => {
  const { unknown, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  unknown.keep('node-a', KEY, null, report('part'));
  for (let sent = 0; sent < 100_000; sent++) unknown.keep('node-a', KEY, null, report('result'), 'end');
  unknown.registered('node-a', [KEY]);
  unknown.keep('node-a', KEY, null, report('part again'));
  for (let sent = 0; sent < 100_000; sent++) unknown.keep('node-a', KEY, null, report('result again'), 'end');
  for (const end of unknown.close()) end();
  expect(reported).toEqual(['part', 'result']);
});

it('too much waits -> the attempt with the most loses it, and no other', () => {
  const { unknown, reported, report } = opened();
  const [small, large] = [KEY, { jobId: 'job-2', attempt: 1 }];
  unknown.registered('node-a', [small]);
  unknown.registered('node-b', [large]);
  unknown.keep('node-a', small, 'x'.repeat(MB), report('small 1'));
  for (const name of ['large 1', 'large 2', 'large 3']) unknown.keep('node-b', large, 'x'.repeat(2 * MB), report(name));
  unknown.keep('node-a', small, 'x'.repeat(MB), report('small 2'));
  unknown.keep('node-b', large, 'x'.repeat(2 * MB), report('large 4'));
  for (const key of [small, large]) for (const each of unknown.take(key === small ? 'node-a' : 'node-b', key)) each.report();
  expect(reported).toEqual(['small 1', 'small 2']);
});

it('an attempt that has lost its reports collects its end only', () => {
  const { unknown, reported, report } = opened();
  const [lost, other] = [KEY, { jobId: 'job-2', attempt: 1 }];
  unknown.registered('node-a', [lost, other]);
  for (const name of ['lost 1', 'lost 2', 'lost 3', 'lost 4', 'lost 5']) unknown.keep('node-a', lost, 'x'.repeat(2 * MB), report(name));
  for (let i = 0; i < 2; i++) expect(unknown.keep('node-a', lost, 'x'.repeat(2 * MB), report('later'))).toBe(true);
  // All fit only if the first holds nothing.
  for (const name of ['other 1', 'other 2', 'other 3']) unknown.keep('node-a', other, 'x'.repeat(2 * MB), report(name));
  expect(unknown.keep('node-a', lost, null, report('end'), 'end')).toBe(true);
  for (const key of [other, lost]) for (const each of unknown.take('node-a', key)) each.report();
  expect(reported).toEqual(['other 1', 'other 2', 'other 3', 'end']);
});

it('an attempt loses its reports and is named again -> it collects what its node repeats', () => {
  const { unknown, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  for (const name of ['lost 1', 'lost 2', 'lost 3', 'lost 4', 'lost 5', 'lost 6'])
    unknown.keep('node-a', KEY, 'x'.repeat(2 * MB), report(name));
  unknown.registered('node-a', [KEY]);
  unknown.keep('node-a', KEY, null, report('again'));
  for (const end of unknown.close()) end();
  expect(reported).toEqual(['again']);
});

it('a part larger than all that may wait -> its attempt has lost a part, so nothing of it waits', () => {
  const { unknown, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  unknown.keep('node-a', KEY, 'x', report('before'));
  unknown.keep('node-a', KEY, 'x'.repeat(9 * MB), report('part'));
  unknown.keep('node-a', KEY, 'x', report('after'));
  for (const end of unknown.close()) end();
  expect(reported).toEqual([]);
});

it.each([
  [10_000, 10_000],
  [100_000, 0],
])('%i reports without data: %i wait, because each takes memory', (count, waiting) => {
  const { unknown, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  for (let i = 0; i < count; i++) unknown.keep('node-a', KEY, null, report('chunk'));
  for (const end of unknown.close()) end();
  expect(reported.length).toBe(waiting);
});

it('the node names an attempt whose end waits, and is lost before it repeats the end -> the end waits for the client', () => {
  const { unknown, slots, stopped, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  unknown.keep('node-a', KEY, null, report('result'), 'end');
  unknown.ended('node-a', KEY);
  unknown.registered('node-a', [KEY]);
  unknown.stopOn('node-a');
  expect([stopped, reported, slots.at(-1)]).toEqual([[], [], 'node-a job_released']);
  for (const each of unknown.take('node-a', KEY)) each.report();
  expect(reported).toEqual(['result']);
});

it('the node is lost -> its attempts are stopped', () => {
  const { unknown, stopped, slots } = opened();
  unknown.expect('node-a', KEY);
  unknown.registered('node-b', [KEY]);
  unknown.stopOn('node-a');
  expect([stopped, unknown.has('node-b', KEY)]).toEqual([['node-a job-1'], true]);
  expect(slots).toEqual(['node-a job_assigned', 'node-b job_assigned', 'node-a job_released']);
});

it('the node is lost -> the end that it has reported waits for the client', () => {
  const { unknown, stopped, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  unknown.keep('node-a', KEY, 'x', report('end'), 'end');
  unknown.ended('node-a', KEY);
  unknown.stopOn('node-a');
  expect([stopped, reported, unknown.has('node-a', KEY)]).toEqual([[], [], true]);
  for (const end of unknown.close()) end();
  expect([stopped, reported, unknown.has('node-a', KEY)]).toEqual([[], ['end'], false]);
});
