// The simulator of the routing benchmark, by hand: its clock, its nodes, its figures.
import { describe, expect, test } from 'vitest';
import { figuresOf, type Outcome } from '../../../bench/routing/figures';
import { simulate } from '../../../bench/routing/simulate';
import { type Served, VirtualNode } from '../../../bench/routing/virtual-node';
import { VirtualTime } from '../../../bench/routing/virtual-time';
import { aRequest, aSpeed } from './bench-requests';

describe('virtual time', () => {
  test('virtual time: timers fire by time, and at one time in the order in which they were set', () => {
    const time = new VirtualTime();
    const fired: string[] = [];
    const set = (name: string, delayMs: number) => time.setTimer(delayMs, () => fired.push(`${name} at ${String(time.monotonicMs())}`));
    set('late', 20);
    set('first', 10);
    set('second', 10);
    set('cancelled', 15).cancel();
    time.setTimer(10, () => set('set by a timer', 0));
    set('past', -5);
    time.run();
    expect(fired).toEqual(['past at 0', 'first at 10', 'second at 10', 'set by a timer at 10', 'late at 20']);
  });

  test('virtual time: a thousand timers in mixed order fire in the order of time', () => {
    const time = new VirtualTime();
    const fired: number[] = [];
    for (let i = 0; i < 1000; i++) time.setTimer((i * 7919) % 1009, () => fired.push(time.monotonicMs()));
    time.run();
    expect(fired).toHaveLength(1000);
    expect(fired).toEqual(fired.toSorted((a, b) => a - b));
  });
});

describe('virtual node', () => {
  interface Answer {
    readonly firstMs: number;
    readonly endMs: number;
    readonly served: Served;
  }

  /** Sends each request at its time, and returns the answers by id. */
  function answersOf(speed: ReturnType<typeof aSpeed>, requests: readonly ReturnType<typeof aRequest>[]): Answer[] {
    const time = new VirtualTime();
    const node = new VirtualNode(0, speed, time);
    const answers: Answer[] = [];
    for (const request of requests)
      time.setTimer((request.atSeconds ?? 0) * 1000, () => {
        let firstMs = NaN;
        node.serve(
          request,
          () => {
            firstMs = time.monotonicMs();
          },
          (served) => {
            answers[request.id] = { firstMs, endMs: time.monotonicMs(), served };
          },
        );
      });
    time.run();
    return answers;
  }

  test('virtual node: the first request loads the model; its prompt and its answer follow', () => {
    const [answer] = answersOf(aSpeed(), [aRequest()]);
    const served = { queueMs: 0, loadMs: 5000, promptMs: 1024, cachedTokens: 0, outputMs: 2000 };
    expect(answer).toEqual({ firstMs: 6024, endMs: 8024, served });
  });

  test('virtual node: cached blocks at the beginning of a prompt take no time', () => {
    const longer = aRequest({ id: 1, atSeconds: 100, promptTokens: 1536, blocks: [1, 2, 3] });
    const [, answer] = answersOf(aSpeed(), [aRequest(), longer]);
    expect(answer?.served).toEqual({ queueMs: 0, loadMs: 0, promptMs: 512, cachedTokens: 1024, outputMs: 2000 });
    expect(answer?.firstMs).toBe(100_512);
  });

  test('virtual node: a prompt that is cached whole has one token left', () => {
    const [, answer] = answersOf(aSpeed(), [aRequest(), aRequest({ id: 1, atSeconds: 100 })]);
    expect(answer?.served.cachedTokens).toBe(1023);
  });

  test('virtual node: a full cache drops the end of the oldest prompt first', () => {
    const other = aRequest({ id: 1, atSeconds: 50, blocks: [8, 9] });
    const again = aRequest({ id: 2, atSeconds: 100 });
    const [, , answer] = answersOf(aSpeed({ blocks: 3 }), [aRequest(), other, again]);
    expect(answer?.served.cachedTokens).toBe(512);
  });

  test('virtual node: a request waits while all slots are busy, and a second slot takes it at once', () => {
    const requests = [aRequest(), aRequest({ id: 1, atSeconds: 6, blocks: [8, 9] })];
    expect(answersOf(aSpeed(), requests)[1]?.served.queueMs).toBe(2024);
    expect(answersOf(aSpeed({ slots: 2 }), requests)[1]?.served.queueMs).toBe(0);
  });
});

describe('figures', () => {
  const outcome = (ttftSeconds: number, tpotSeconds = 0.02): Outcome => ({
    ttftSeconds,
    tpotSeconds,
    endSeconds: ttftSeconds + 1,
    promptTokens: 100,
    cachedTokens: 25,
  });

  test('figures: quantiles of the sorted times, the share of good answers, and what is lost', () => {
    const outcomes = Array.from({ length: 100 }, (_, i) => outcome(100 - i));
    const figures = figuresOf(outcomes, 104);
    expect(figures).toEqual({
      ttftP50: 51,
      ttftP90: 91,
      ttftP99: 100,
      tpotP50: 0.02,
      endP90: 92,
      goodput: 2 / 104,
      cached: 0.25,
      lost: 4,
    });
  });

  test('figures: a slow token is not good, although the first one came early', () => {
    expect(figuresOf([outcome(1, 0.051), outcome(2, 0.05)], 2).goodput).toBe(0.5);
  });
});

describe('simulate', () => {
  test('simulate: of two nodes one is ten times faster and has a job: predicted answers earlier than least_connections', () => {
    const speeds = [aSpeed({ slots: 2 }), aSpeed({ slots: 2, promptPerSecond: 10_000, outputPerSecond: 100 })];
    const trace = Array.from({ length: 200 }, (_, id) => aRequest({ id, atSeconds: id, blocks: [2 * id, 2 * id + 1] }));
    const endOf = (strategy: 'predicted' | 'least_connections') => simulate([trace], speeds, { muster: { strategy } });
    const [predicted, least] = [endOf('predicted'), endOf('least_connections')];
    expect([predicted.lost, least.lost]).toEqual([0, 0]);
    expect(predicted.endP90).toBeLessThan(least.endP90 / 5);
  });

  test('simulate: the next request of a session is sent after the answer and the pause', () => {
    const next = aRequest({ id: 1, atSeconds: null });
    const trace = [aRequest({ thinkSeconds: 0, next: { ...next, thinkSeconds: 3 } }), next];
    const { ttftP50, ttftP99, lost } = simulate([trace], [aSpeed()], { muster: {} });
    expect([lost, ttftP99, ttftP50]).toEqual([0, 6.024, 6.024]);
  });
});
