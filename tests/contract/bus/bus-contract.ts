// What every bus does, faults included. Each implementation runs this suite.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Bus } from '../../../src/main/scheduler/cluster/bus/bus';
import { MAX_BODY_BYTES } from '../../../src/main/scheduler/cluster/bus/core/frame';
import { fail, ok } from '../../../src/shared/result';
import { bytesText, RecordedBus, textBytes } from '../../support/recorded-bus';
import { until } from '../../support/until';
import { within } from '../../support/within';

/** Three members of one pool, which are connected. */
export interface OpenBus {
  /** The third may not use subjects that begin with `secret`. */
  readonly members: readonly [Bus, Bus, Bus];
  /** A member of another pool on the same bus. */
  readonly foreign: Bus;
  /** All members lose their connection. */
  interrupt(): Promise<void>;
  /** They are connected again. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

const LONG_MS = 20_000;

export function busContract(name: string, open: () => Promise<OpenBus>): void {
  describe(`bus: ${name}`, () => {
    let bus: OpenBus;
    let one: RecordedBus;
    let two: RecordedBus;
    let third: RecordedBus;
    beforeEach(async () => {
      bus = await open();
      [one, two, third] = bus.members.map((member) => new RecordedBus(member)) as [RecordedBus, RecordedBus, RecordedBus];
    });
    afterEach(() => bus.close());

    /** All that was sent has arrived. */
    const settled = async (): Promise<void> => {
      for (const member of [one, two, third, one]) expect(await member.bus.flush()).toBe(true);
    };
    const ask = (member: RecordedBus, subject: string, timeoutMs = LONG_MS) => member.bus.request(subject, textBytes('?'), timeoutMs);
    const failure = (code: string) => fail(code);

    test('publish: each subscriber gets each message, in order; the publisher too', async () => {
      for (const member of [one, two, third]) member.record('a.b');
      await settled();
      for (let index = 0; index < 100; index++) expect(one.publish('a.b', String(index))).toBe(true);
      await settled();
      const expected = Array.from({ length: 100 }, (_, index) => `a.b: ${String(index)}`);
      expect([one.messages, two.messages, third.messages]).toEqual([expected, expected, expected]);
    });

    test('publish: patterns -> only matching subjects; two subscriptions of one member -> twice', async () => {
      two.record('a.*');
      two.record('a.>');
      await settled();
      for (const subject of ['a', 'a.b', 'a.b.c', 'b.b']) one.publish(subject, '1');
      await settled();
      expect(two.messages.toSorted()).toEqual(['a.b.c: 1', 'a.b: 1', 'a.b: 1']);
    });

    test('publish: body changed afterwards -> the message stays; a handler can keep its body', async () => {
      const kept: Uint8Array[] = [];
      two.bus.subscribe('a', ({ body }) => kept.push(body));
      await settled();
      const body = new Uint8Array(4);
      for (let index = 0; index < 5; index++) one.bus.publish('a', body.fill(index));
      await settled();
      one.bus.publish('a', new Uint8Array(100_000).fill(9));
      await settled();
      expect(kept.slice(0, 5).map((each) => [...each])).toEqual([0, 1, 2, 3, 4].map((each) => [each, each, each, each]));
    });

    test('publish: largest body arrives; a larger one, a wrong subject, a wrong epoch -> defects', async () => {
      const sizes: number[] = [];
      two.bus.subscribe('a', ({ body }) => sizes.push(body.length));
      await settled();
      one.bus.publish('a', new Uint8Array(MAX_BODY_BYTES));
      one.bus.publish('a', new Uint8Array(0));
      await settled();
      expect(sizes).toEqual([MAX_BODY_BYTES, 0]);
      expect(() => one.bus.publish('a', new Uint8Array(MAX_BODY_BYTES + 1))).toThrow(RangeError);
      expect(() => one.publish('a.*', '')).toThrow(RangeError);
      expect(() => one.publish('a', '', -1)).toThrow(RangeError);
      expect(() => one.bus.subscribe('a..b', () => undefined)).toThrow(RangeError);
    });

    test('subscription ended -> no more messages; others of the member go on', async () => {
      const stop = two.record('a');
      two.record('b');
      await settled();
      stop();
      await settled();
      one.publish('a', '1');
      one.publish('b', '2');
      await settled();
      expect(two.messages).toEqual(['b: 2']);
    });

    test('pools: a member of another pool neither hears nor answers', async () => {
      const heard = new RecordedBus(bus.foreign);
      heard.record('>');
      await bus.foreign.flush();
      one.publish('a', '1');
      expect(await ask(one, 'a')).toEqual(failure('no_responder'));
      await settled();
      await bus.foreign.flush();
      expect(heard.messages).toEqual([]);
    });

    test('request: answered, by the first of two; many at once keep their own answers', async () => {
      const answers = (member: RecordedBus) =>
        member.bus.subscribe('double', ({ body, reply }) => reply(textBytes(bytesText(body).repeat(2))));
      answers(two);
      answers(third);
      await settled();
      const asked = Array.from({ length: 50 }, (_, index) => one.bus.request('double', textBytes(`${String(index)}.`), LONG_MS));
      const values = (await Promise.all(asked)).map((answer) => (answer.ok ? bytesText(answer.value) : answer.error));
      expect(values).toEqual(Array.from({ length: 50 }, (_, index) => `${String(index)}.`.repeat(2)));
    });

    test('request: no member listens -> no_responder, at once', async () => {
      expect(await within('the refusal', ask(one, 'none'), 2000)).toEqual(failure('no_responder'));
    });

    test('request: no answer -> timeout; a late answer has no effect', async () => {
      let late: (() => boolean) | undefined;
      two.bus.subscribe('slow', ({ reply }) => {
        late = () => reply(textBytes('late'));
      });
      await settled();
      expect(await ask(one, 'slow', 50)).toEqual(failure('timeout'));
      expect(late?.()).toBe(true);
      await settled();
      expect(await ask(one, 'none')).toEqual(failure('no_responder'));
    });

    test('reply to a message that is no request -> does nothing', async () => {
      const replies: boolean[] = [];
      two.bus.subscribe('a', ({ reply }) => replies.push(reply(textBytes('x'))));
      await settled();
      one.publish('a', '1');
      await settled();
      expect(replies).toEqual([false]);
    });

    test('epoch: a higher one is learned and reported; lower messages are dropped and counted', async () => {
      two.record('a');
      await settled();
      one.publish('a', 'old', 0);
      one.publish('a', 'new leader', 7);
      one.publish('a', 'deposed leader', 6);
      one.publish('a', 'again', 7);
      await settled();
      expect(two.messages).toEqual(['a: old', 'a: new leader', 'a: again']);
      expect([two.bus.epoch, one.bus.epoch, two.bus.counts.stale]).toEqual([7, 0, 1]);
      expect(two.statuses.filter(({ type }) => type === 'epoch_raised')).toEqual([{ type: 'epoch_raised', epoch: 7 }]);
    });

    test('epoch: a member sends the highest that it knows; a leader sends its own', async () => {
      const epochs: number[] = [];
      third.bus.subscribe('a', ({ epoch }) => epochs.push(epoch));
      await settled();
      one.bus.raiseEpoch(5);
      one.bus.raiseEpoch(4);
      one.publish('a', 'x');
      await settled();
      two.bus.raiseEpoch(6);
      two.publish('a', 'x', 5);
      two.publish('a', 'x');
      await settled();
      expect(epochs).toEqual([5, 5, 6]);
    });

    test('epoch: answer of a lower epoch -> the request waits for a current one', async () => {
      one.bus.raiseEpoch(3);
      two.bus.subscribe('who', ({ reply }) => {
        reply(textBytes('deposed'), { epoch: 2 });
        reply(textBytes('leader'), { epoch: 3 });
      });
      await settled();
      expect(await ask(one, 'who')).toEqual(ok(textBytes('leader')));
      expect(one.bus.counts.stale).toBe(1);
    });

    test('handler throws -> a fault; the other handlers and the next messages are served', async () => {
      two.bus.subscribe('a', () => {
        throw new Error('broken handler');
      });
      two.record('a');
      await settled();
      one.publish('a', '1');
      one.publish('a', '2');
      await settled();
      expect(two.messages).toEqual(['a: 1', 'a: 2']);
      const fault = { type: 'handler', subject: 'a', reason: 'broken handler' };
      expect(two.faults()).toEqual([fault, fault]);
    });

    test('refused subject -> a fault, and the request ends; other subjects work', async () => {
      third.record('secret.plans');
      third.record('a');
      await until('the refused subscription', () => third.faults().length === 1);
      expect(third.publish('secret.plans', 'x')).toBe(true);
      const answer = await within('the refused request', ask(third, 'secret.key'));
      expect(answer).toEqual(failure('refused'));
      await until('the refused messages', () => third.faults().length === 3);
      expect(third.faults()).toEqual([
        { type: 'permission', operation: 'subscribe', subject: 'secret.plans' },
        { type: 'permission', operation: 'publish', subject: 'secret.plans' },
        { type: 'permission', operation: 'publish', subject: 'secret.key' },
      ]);
      one.publish('secret.plans', 'x');
      one.publish('a', '1');
      await settled();
      expect(third.messages).toEqual(['a: 1']);
    });

    test('interruption: nothing is sent or kept; requests end; subscriptions work again', async () => {
      two.record('a');
      two.bus.subscribe('never', () => undefined);
      await settled();
      const waiting = ask(one, 'never');
      await bus.interrupt();
      await until('all to notice', () => [one, two, third].every(({ bus: { isConnected } }) => !isConnected));
      expect(await within('the end of the request', waiting)).toEqual(failure('disconnected'));
      expect([one.publish('a', 'lost'), await one.bus.flush(), one.bus.counts.unsent]).toEqual([false, false, 1]);
      expect(await ask(one, 'a')).toEqual(failure('disconnected'));
      const stop = two.record('b');
      two.record('c');
      stop();
      await bus.restore();
      await until('all to be connected', () => [one, two, third].every(({ bus: { isConnected } }) => isConnected));
      await settled();
      for (const subject of ['a', 'b', 'c']) expect(one.publish(subject, 'after')).toBe(true);
      await settled();
      expect(two.messages).toEqual(['a: after', 'c: after']);
      expect(one.changes().filter((type) => type !== 'connected')).toEqual(['disconnected', 'reconnected']);
    });

    test('close: a request that has arrived is answered', async () => {
      two.bus.subscribe('last', ({ reply }) => reply(textBytes('answered')));
      await settled();
      const asked = ask(one, 'last');
      await one.bus.flush();
      await two.bus.close();
      expect(await within('the answer', asked)).toEqual(ok(textBytes('answered')));
    });

    test('close: what was sent arrives; then nothing is sent, and waiting requests end', async () => {
      two.record('a');
      two.bus.subscribe('never', () => undefined);
      await settled();
      const waiting = ask(one, 'never');
      for (let index = 0; index < 1000; index++) one.publish('a', String(index));
      await one.bus.close();
      expect(await within('the end of the request', waiting)).toEqual(failure('disconnected'));
      expect([one.bus.isConnected, one.publish('a', 'late'), await one.bus.flush()]).toEqual([false, false, false]);
      expect(await ask(one, 'a')).toEqual(failure('disconnected'));
      await until('the messages of before', () => two.messages.length === 1000);
      await one.bus.close();
    });
  });
}
