// Group commit over a slow store: calls that come while a batch is being written, and batches that fail meanwhile. The test answers each commit.
import { describe, expect, it } from 'vitest';
import type { JobStore } from '../../../../src/main/scheduler/jobs/job-store';
import { JobWriter } from '../../../../src/main/scheduler/jobs/job-writer';
import { silentLogger } from '../../../../src/main/platform/logger';
import { fail, ok } from '../../../../src/shared/result';
import { FULL, flights } from '../../../support/writer-flights';
import { assigned, played, success } from './job-records';

const RESULT = { attempt: 1, node_id: 'node-1', success: true, output: 'x', error: null, processing_time_ms: 1 };

const queued = (jobId: string, interactive = false) => played([], { jobId, interactive });
const running = (jobId: string, interactive = false) => played([[0, assigned]], { jobId, interactive });
const ended = (jobId: string, interactive = false) =>
  played(
    [
      [0, assigned],
      [5, success()],
    ],
    { jobId, interactive },
  );

describe('job writer: one batch at a time', () => {
  it('changes during a batch -> all in the next one, with the newest state of each job', async () => {
    const { writer, begun, answer, turn, events, wait } = flights();
    writer.changed(queued('a'), null);
    wait('a', 'queued a');
    await turn();
    writer.changed(running('a'), null);
    wait('a', 'running a');
    await turn();
    writer.changed(ended('a'), RESULT);
    writer.changed(running('b'), null);
    wait('b');
    await turn();
    expect(begun).toEqual(['a queued']);
    await answer();
    // The state for which the first caller waits is durable with a newer one at the latest.
    expect(events).toEqual(['durable a queued']);
    expect(begun.slice(1)).toEqual(['a succeeded!, b assigned']);
    await answer();
    expect(events.slice(1)).toEqual(['durable a succeeded', 'durable b assigned', 'queued a', 'running a', 'written b']);
  });

  it('flush during a batch -> resolves after its own changes were tried; without changes, after that batch', async () => {
    const { writer, begun, answer, events, noted } = flights();
    writer.changed(queued('a'), null);
    noted(writer.flush(), 'first flush');
    writer.changed(queued('b'), null);
    noted(writer.flush(), 'second flush');
    noted(writer.flush(), 'third flush');
    await answer();
    expect(events).toEqual(['durable a queued', 'first flush']);
    noted(writer.flush(), 'last flush');
    await answer();
    expect(events.slice(2)).toEqual(['durable b queued', 'second flush', 'third flush', 'last flush']);
    expect(begun).toHaveLength(2);
  });

  it('a commit never ends -> no other begins, later calls wait, results are shown, nothing is lost', async () => {
    const { writer, clock, begun, answer, turn, events, insert, wait } = flights();
    writer.changed(ended('a', true), RESULT);
    writer.insertBehind(queued('b', true), '"b"');
    await turn();
    await clock.advanceInTurns(100);
    insert('c');
    writer.changed(ended('b', true), RESULT);
    wait('b');
    await turn();
    await clock.advanceInTurns(3_600_000);
    expect([begun, events, writer.isInserting('c')]).toEqual([['+b queued "b", a succeeded!'], [], true]);
    expect([writer.pendingResult('a'), writer.pendingResult('b')]).toEqual([RESULT, RESULT]);
    await answer();
    expect(begun.slice(1)).toEqual(['+c queued {}, b succeeded!']);
    await answer();
    expect(events).toEqual(['durable a succeeded', 'durable b queued', 'durable b succeeded', 'written b', 'accepted c']);
    expect([writer.pendingResult('a'), writer.pendingResult('b'), writer.isInserting('c')]).toEqual([null, null, false]);
  });
});

describe('job writer: refused job', () => {
  it('newer changes during the batch, and while the others are tried again -> never written, no callback', async () => {
    const { writer, begun, answer, turn, events, insert, wait, isWriting, noted } = flights();
    insert('new');
    writer.changed(running('known'), null);
    await turn();
    writer.changed(running('new'), null);
    wait('new');
    noted(writer.isDurableSoon('new'), 'cancelled');
    await answer(false);
    // The job is refused before the next try, so that its caller changes it no more.
    expect(events).toEqual(['cancelled false', 'refused new']);
    await answer();
    await turn();
    expect(begun).toEqual(['+new queued {}, known assigned', 'known assigned']);
    expect([events.slice(2), isWriting()]).toEqual([['durable known assigned'], false]);
  });

  it('insert refused with a large result of its job -> the result is forgotten', async () => {
    const { writer, clock, begun, answer, turn, insert } = flights();
    insert('new');
    writer.changed(ended('new'), RESULT);
    await turn();
    await answer(false);
    await answer(false);
    expect(begun).toEqual(['+new queued {}, new succeeded!', '+new queued {}']);
    await clock.advanceInTurns(5000);
    expect([begun.length, writer.pendingResult('new')]).toEqual([2, null]);
  });
});

describe('job writer: failed batch and newer changes', () => {
  it('job written behind, its batch fails -> the newer change inserts it, once', async () => {
    const { writer, clock, begun, answer, events, wait, isWriting } = flights();
    writer.insertBehind(queued('a', true), '"a"');
    await clock.advanceInTurns(100);
    writer.changed(ended('a', true), RESULT);
    wait('a');
    await answer(false);
    await clock.advanceInTurns(100);
    expect(begun).toEqual(['+a queued "a"', '+a succeeded "a", a succeeded!']);
    await answer();
    await clock.advanceInTurns(10_000);
    expect([events, isWriting()]).toEqual([['durable a succeeded', 'written a'], false]);
  });

  it('job written behind, its batch succeeds -> the newer change is no second insert', async () => {
    const { writer, clock, begun, answer } = flights();
    writer.insertBehind(queued('a', true), '"a"');
    await clock.advanceInTurns(100);
    writer.changed(ended('a', true), RESULT);
    await answer();
    await clock.advanceInTurns(100);
    expect(begun).toEqual(['+a queued "a"', 'a succeeded!']);
  });

  it('task did not fit, and is tried again while its job ends -> inserted once, with its task', async () => {
    for (const isWritten of [true, false]) {
      const { writer, clock, begun, answer, events, isWriting } = flights();
      writer.insertBehind(queued('a', true), '"a"');
      await clock.advanceInTurns(100);
      await answer(false);
      await answer(false);
      await clock.advanceInTurns(1000);
      expect(begun.slice(2)).toEqual(['+a queued "a"']);
      writer.changed(ended('a', true), RESULT);
      await answer(isWritten);
      await clock.advanceInTurns(100);
      expect(begun.slice(3)).toEqual([isWritten ? 'a succeeded!' : '+a succeeded "a", a succeeded!']);
      await answer();
      await clock.advanceInTurns(10_000);
      expect([events.at(-1), isWriting(), writer.canWriteBehind]).toEqual(['durable a succeeded', false, true]);
    }
  });

  it('small change fails, newer one came -> the newer one is written', async () => {
    const { writer, begun, answer, turn, events } = flights();
    writer.changed(queued('a'), null);
    await turn();
    writer.changed(running('a'), null);
    await turn();
    await answer(false);
    expect([writer.isFailing, begun]).toEqual([true, ['a queued', 'a assigned']]);
    await answer();
    expect([writer.isFailing, events]).toEqual([false, ['durable a assigned', 'recovered']]);
  });

  it('between the failure of a batch and the next try -> the changes are not durable for one moment', async () => {
    const { writer, clock, events } = flights();
    const answers: ((isOk: boolean) => void)[] = [];
    const store: Pick<JobStore, 'commit'> = {
      commit: () =>
        new Promise((resolve) =>
          answers.push((isOk) => {
            resolve(isOk ? ok(null) : fail(FULL));
          }),
        ),
    };
    const options = {
      store,
      clock,
      logger: silentLogger,
      defer: () => undefined,
      onDurable: () => undefined,
      onRecovered: () => undefined,
    };
    const other = new JobWriter({ ...options, keepsAnswers: true });
    other.changed(ended('large'), RESULT);
    other.changed(running('small'), null);
    void other.flush();
    for (let round = 0; round < 4; round++) {
      answers.shift()?.(false);
      for (let tick = 0; tick < 20; tick++) {
        const at = `round ${String(round)}, tick ${String(tick)}`;
        for (const jobId of ['large', 'small']) other.whenDurable(jobId, () => events.push(`${at}: ${jobId}`));
        if (other.pendingResult('large') === null) events.push(`${at}: no result`);
        await Promise.resolve();
      }
      if (answers.length === 0) await clock.advanceInTurns(1000);
    }
    expect([events, writer.isFailing]).toEqual([[], false]);
  });
});

describe('job writer: callers of a batch', () => {
  it('insert written, large results are tried again -> accepted before that', async () => {
    const { writer, clock, begun, answer, turn, events, insert } = flights();
    writer.changed(ended('large'), RESULT);
    await turn();
    await answer(false);
    await answer(false);
    clock.stall(1000);
    clock.advance(0);
    expect(begun.slice(2)).toEqual(['large succeeded!']);
    await answer(false);
    insert('new');
    await turn();
    clock.stall(1000);
    clock.advance(0);
    await answer();
    expect(events).toEqual(['accepted new']);
    expect(begun.at(-1)).toBe('large succeeded!');
  });

  it('isDurableSoon during a batch -> the outcome of the next try, which has the change', async () => {
    const { writer, begun, answer, turn, events, noted } = flights();
    writer.changed(running('other'), null);
    await turn();
    for (const isWritten of [false, true]) {
      writer.changed(running('a'), null);
      noted(writer.isDurableSoon('a'), 'a durable');
      await turn();
      await answer();
      expect(begun.at(-1)).toBe('a assigned');
      await answer(isWritten);
      expect(events.at(-1)).toContain(`a durable ${String(isWritten)}`);
      if (!isWritten) {
        writer.changed(running('other'), null);
        await turn();
      }
    }
  });
});

describe('job writer: close', () => {
  it('during a batch -> the pending changes are written, then it resolves', async () => {
    const { writer, begun, answer, events, noted, turn, insert, isWriting, clock } = flights();
    writer.changed(running('a'), null);
    await turn();
    writer.changed(running('b'), null);
    insert('accepted');
    noted(writer.close(), 'closed');
    await answer();
    expect(begun.slice(1)).toEqual(['+accepted queued {}, b assigned']);
    await answer();
    expect(events).toEqual(['durable a assigned', 'durable b assigned', 'accepted accepted', 'closed']);
    await turn();
    await clock.advanceInTurns(10_000);
    expect(isWriting()).toBe(false);
  });

  it('calls during the last batch -> a new job is refused, a cancellation is not durable', async () => {
    const { writer, answer, events, noted, turn, insert } = flights();
    writer.changed(running('a'), null);
    noted(writer.close(), 'closed');
    insert('late');
    writer.changed(running('b'), null);
    noted(writer.isDurableSoon('b'), 'b durable');
    await turn();
    await answer();
    await turn();
    expect(events.toSorted()).toEqual(['b durable false', 'closed', 'durable a assigned', 'refused late']);
  });

  it('the disk is full -> resolves after one more try', async () => {
    const { writer, clock, begun, answer, events, noted, isWriting } = flights();
    writer.changed(ended('a'), RESULT);
    noted(writer.close(), 'closed');
    await answer(false);
    await answer(false);
    await clock.advanceInTurns(10_000);
    expect([begun, events, isWriting()]).toEqual([['a succeeded!', 'a succeeded!'], ['closed'], false]);
  });
});
