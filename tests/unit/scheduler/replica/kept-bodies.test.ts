// Bodies that may be sent to the next leader share one limit.
import { expect, test } from 'vitest';
import { KeptBodies } from '../../../../src/main/scheduler/replica/kept-bodies';

test('a whole body -> kept until it is released', () => {
  const bodies = new KeptBodies(10);
  const body = bodies.keep();
  body.add(Buffer.from('abc'));
  expect(body.whole()).toBeNull();
  body.add(Buffer.from('de'));
  body.end();
  expect([body.whole()?.toString(), bodies.bytes]).toEqual(['abcde', 5]);
  body.release();
  body.release();
  expect([body.whole(), bodies.bytes]).toEqual([null, 0]);
});

test('above the limit -> not kept, and the others stay', () => {
  const bodies = new KeptBodies(10);
  const [first, second] = [bodies.keep(), bodies.keep()];
  first.add(Buffer.from('abcdef'));
  first.end();
  second.add(Buffer.from('ab'));
  second.add(Buffer.from('cdefg'));
  second.end();
  expect([first.whole()?.toString(), second.whole(), bodies.bytes]).toEqual(['abcdef', null, 6]);
});
