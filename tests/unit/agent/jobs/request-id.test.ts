import { expect, test } from 'vitest';
import { requestIdOf } from '../../../../src/main/agent/jobs/running-job';

test.each([
  ['req-1', 'job-7', 'req-1:job-7:2'],
  ['a\r\nx: y', 'job-7', 'a__x:_y:job-7:2'],
  ['编号', '', '__::2'],
])('id of a request for the model server: %j of %j -> %j', (traceId, jobId, id) => {
  expect(requestIdOf({ traceId, jobId, attempt: 2 })).toBe(id);
});

test('id of a request for the model server: long ids -> 256 characters', () => {
  expect(requestIdOf({ traceId: 'x'.repeat(400), jobId: 'job-7', attempt: 1 })).toBe('x'.repeat(256));
});
