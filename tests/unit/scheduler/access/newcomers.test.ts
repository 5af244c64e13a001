// The order in which newcomers start, turn by turn.
import { describe, expect, test } from 'vitest';
import { type NewcomerOptions, Newcomers } from '../../../../src/main/scheduler/access/newcomers';

/** The turns of an event loop, made by hand. */
class Turns {
  readonly #work: (() => void)[] = [];

  readonly next = (work: () => void): void => {
    this.#work.push(work);
  };

  get isIdle(): boolean {
    return this.#work.length === 0;
  }

  run(): void {
    for (const work of this.#work.splice(0)) work();
  }
}

/** A newcomer `a1` has the owner `a`. The owners `K` and `L` are known. The names that start in each turn. */
function started(names: readonly string[], turns: number, options: NewcomerOptions & { readonly turnsEach?: number } = {}): string[] {
  const loop = new Turns();
  const newcomers = new Newcomers({ ...options, nextTurn: loop.next });
  let now = '';
  for (const name of names) {
    const [owner = ''] = name;
    const start = () => {
      now += name;
      return options.maxStartedPerOwner === undefined ? null : new Promise<void>(() => undefined);
    };
    newcomers.add({ owner, isKnown: owner === owner.toUpperCase(), turns: options.turnsEach ?? 1, start });
  }
  return Array.from({ length: turns }, () => {
    now = '';
    loop.run();
    return now;
  });
}

describe('newcomers', () => {
  test.each<readonly [string, readonly string[], Parameters<typeof started>[2], readonly string[]]>([
    ['one owner: one in each turn, in their order', ['a1', 'a2', 'a3'], {}, ['a1', 'a2', 'a3', '']],
    ['two owners: they take turns', ['a1', 'a2', 'a3', 'b1', 'b2'], {}, ['a1', 'b1', 'a2', 'b2', 'a3', '']],
    ['known ones first', ['a1', 'b1', 'K1', 'K2', 'L1'], {}, ['K1', 'L1', 'K2', 'a1', 'b1', '']],
    ['some turns between two starts', ['a1', 'b1'], { turnsEach: 3 }, ['a1', '', '', 'b1', '', '']],
    ['owner with the maximum started: its others wait', ['a1', 'a2', 'a3', 'b1'], { maxStartedPerOwner: 2 }, ['a1', 'b1', 'a2', '', '']],
  ])('%s', (_title, names, options, expected) => {
    expect(started(names, expected.length, options)).toEqual(expected);
  });

  test('one of the maximum finishes, or fails -> the next starts', async () => {
    const loop = new Turns();
    const newcomers = new Newcomers({ maxStartedPerOwner: 1, nextTurn: loop.next });
    const [ends, started]: [(() => void)[], number[]] = [[], []];
    for (const [id, isFailing] of [false, true, false].entries()) {
      const start = () => {
        started.push(id);
        return new Promise<void>((resolve, reject) => {
          ends.push(() => {
            if (isFailing) reject(new Error('failed'));
            else resolve();
          });
        });
      };
      newcomers.add({ owner: 'a', turns: 1, start });
    }
    loop.run();
    loop.run();
    expect([started, loop.isIdle]).toEqual([[0], true]);
    for (const expected of [
      [0, 1],
      [0, 1, 2],
      [0, 1, 2],
    ]) {
      ends.pop()?.();
      await Promise.resolve();
      loop.run();
      expect(started).toEqual(expected);
      loop.run();
    }
    expect(loop.isIdle).toBe(true);
  });

  test('added long after the last start -> starts in the next turn', () => {
    const loop = new Turns();
    const newcomers = new Newcomers({ nextTurn: loop.next });
    const started: number[] = [];
    const add = (id: number) => {
      newcomers.add({
        owner: 'a',
        turns: 2,
        start: () => {
          started.push(id);
          return null;
        },
      });
    };
    add(1);
    for (let i = 0; i < 3; i++) loop.run();
    expect([started, loop.isIdle]).toEqual([[1], true]);
    add(2);
    loop.run();
    expect(started).toEqual([1, 2]);
  });
});
