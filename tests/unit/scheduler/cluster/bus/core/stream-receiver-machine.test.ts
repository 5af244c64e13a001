// The receiver of a stream: which commands follow each event.
import { describe, expect, test } from 'vitest';
import type { SenderMessage } from '../../../../../../src/main/scheduler/cluster/bus/core/stream-messages';
import {
  type ReceiverCommand,
  type ReceiverEvent,
  ReceiverMachine,
} from '../../../../../../src/main/scheduler/cluster/bus/core/stream-receiver-machine';

const LIMITS = { windowBytes: 1000, idleMs: 10_000 };

const message = (content: SenderMessage): ReceiverEvent => ({ type: 'message', message: content });
/** Each piece of 36 bytes costs 100. */
const piece = (seq: number, length = 36): ReceiverEvent => message({ type: 'piece', seq, bytes: new Uint8Array(length), isLast: true });
const end = (seq: number): ReceiverEvent => message({ type: 'end', seq });
const consumed = (cost: number): ReceiverEvent => ({ type: 'consumed', cost });
const time: ReceiverEvent = { type: 'time' };
const closed = message({ type: 'closed' });

/** Short forms: `a2<1000` acknowledges all below 2, with credit up to 1000; `!` asks for a repetition. */
function short(command: ReceiverCommand): string {
  if (command.type === 'closed') return 'closed';
  if (command.type === 'deliver') return command.item.type === 'failed' ? `failed ${command.item.code}` : command.item.type;
  const { message: content } = command;
  return content.type === 'stop' ? `stop ${content.code}` : `a${String(content.next)}<${String(content.upTo)}${content.isAgain ? '!' : ''}`;
}

type Script = readonly (readonly [atMs: number, event: ReceiverEvent, commands: string])[];
const OPEN: Script = [[0, { type: 'open' }, 'a0<1000']];

const SCRIPTS: Record<string, Script> = {
  'pieces in order -> delivered; one acknowledgement after a moment': [
    ...OPEN,
    [1, piece(0), 'piece'],
    [2, piece(1), 'piece'],
    [20, time, ''],
    [21, time, 'a2<1000'],
    [22, time, ''],
  ],
  'a quarter of the window has arrived -> acknowledged at once': [
    ...OPEN,
    [1, piece(0), 'piece'],
    [1, piece(1), 'piece'],
    [1, piece(2), 'piece a3<1000'],
    [30, time, ''],
  ],
  'a quarter of the window was read -> more credit': [
    ...OPEN,
    [1, piece(0), 'piece'],
    [2, consumed(100), ''],
    [3, piece(1), 'piece'],
    [3, piece(2), 'piece a3<1100'],
    [4, consumed(200), ''],
    [5, piece(3), 'piece'],
    [6, consumed(100), 'a4<1400'],
  ],
  'gap -> later pieces are dropped, one request to repeat; then in order': [
    ...OPEN,
    [1, piece(1), 'a0<1000!'],
    [2, piece(2), ''],
    [3, end(3), ''],
    [60, piece(2), 'a0<1000!'],
    [61, piece(0), 'piece'],
    [62, piece(2), 'a1<1000!'],
  ],
  'repeated pieces -> not delivered again; acknowledged once for many': [
    ...OPEN,
    [30, piece(0), 'piece'],
    [50, time, 'a1<1000'],
    [60, piece(0), ''],
    [61, piece(0), ''],
    [80, time, 'a1<1000'],
    [200, piece(0), 'a1<1000'],
  ],
  'probe -> acknowledged at once': [...OPEN, [1, message({ type: 'probe' }), 'a0<1000']],
  'end -> delivered and acknowledged; repetitions are answered until the sender confirms': [
    ...OPEN,
    [1, piece(0), 'piece'],
    [2, end(1), 'end a2<1000'],
    [400, end(1), 'a2<1000'],
    [500, consumed(100), ''],
    [600, closed, 'closed'],
    [700, piece(0), ''],
  ],
  'end, and the sender never confirms -> closed after the idle time': [
    ...OPEN,
    [2, end(0), 'end a1<1000'],
    [10_001, time, ''],
    [10_002, time, 'closed'],
  ],
  'error -> delivered after the pieces': [
    ...OPEN,
    [1, message({ type: 'error', seq: 1, code: 'node_lost' }), 'a0<1000!'],
    [2, piece(0), 'piece'],
    [3, message({ type: 'error', seq: 1, code: 'node_lost' }), 'failed node_lost a2<1000'],
  ],
  'abort -> failed at once': [...OPEN, [1, message({ type: 'abort', code: 'stopping' }), 'failed stopping closed']],
  'silence -> failed; any message of the sender counts': [
    ...OPEN,
    [9999, message({ type: 'probe' }), 'a0<1000'],
    [19_998, time, ''],
    [19_999, time, 'failed idle closed'],
  ],
  'stop -> repeated until the sender confirms; nothing more is delivered': [
    ...OPEN,
    [1, { type: 'stop', code: 'left' }, 'stop left'],
    [2, piece(0), ''],
    [22, time, 'stop left'],
    [400, piece(0), 'stop left'],
    [401, { type: 'stop', code: 'again' }, ''],
    [402, closed, 'closed'],
  ],
  'stop, and the sender never confirms -> closed after the idle time, without another end': [
    ...OPEN,
    [1, { type: 'stop', code: 'left' }, 'stop left'],
    [10_001, time, 'closed'],
  ],
  'connection renewed -> asks for what is missing; after the end, acknowledges again; after a stop, stops again': [
    ...OPEN,
    [1, { type: 'renewed' }, 'a0<1000!'],
    [2, end(0), 'end a1<1000'],
    [3, { type: 'renewed' }, 'a1<1000'],
  ],
  'confirmation of a stream that has not ended here -> no effect': [...OPEN, [1, closed, ''], [2, piece(0), 'piece']],
};

describe('stream receiver', () => {
  test.each(Object.entries(SCRIPTS))('receiver: %s', (_, script) => {
    const machine = new ReceiverMachine(LIMITS, 0);
    for (const [atMs, event, commands] of script) expect([atMs, machine.step(event, atMs).map(short).join(' ')]).toEqual([atMs, commands]);
  });

  test('receiver: due times -> silence, acknowledgement, never', () => {
    const machine = new ReceiverMachine(LIMITS, 0);
    machine.step({ type: 'open' }, 0);
    expect(machine.dueMonotonicMs).toBe(10_000);
    machine.step(piece(0), 5);
    expect(machine.dueMonotonicMs).toBe(25);
    machine.step(message({ type: 'abort', code: 'x' }), 6);
    expect(machine.dueMonotonicMs).toBeNull();
  });
});
