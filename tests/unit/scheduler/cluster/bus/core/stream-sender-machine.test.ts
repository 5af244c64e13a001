// The sender of a stream: which commands follow each event.
import { describe, expect, test } from 'vitest';
import { MAX_PIECE_BYTES, PIECE_OVERHEAD } from '../../../../../../src/main/scheduler/cluster/bus/core/stream-messages';
import {
  type SenderCommand,
  type SenderEvent,
  SenderMachine,
} from '../../../../../../src/main/scheduler/cluster/bus/core/stream-sender-machine';

const LIMITS = { windowBytes: 1000, idleMs: 10_000 };
const payload = (value: number, length = 36): Uint8Array => new Uint8Array(length).fill(value);

const write = (value: number, length?: number): SenderEvent => ({ type: 'write', payload: payload(value, length) });
const end: SenderEvent = { type: 'end', code: null };
const time: SenderEvent = { type: 'time' };
const ack = (next: number, upTo: number, isAgain = false): SenderEvent => ({
  type: 'message',
  message: { type: 'ack', next, upTo, isAgain },
});

/** Short forms of commands: `p0` is piece 0, `p0+` one that others of its payload follow. */
function short(command: SenderCommand): string {
  if (command.type !== 'send') return command.type === 'ended' ? `ended ${JSON.stringify(command.end)}` : command.type;
  const { message } = command;
  if (message.type === 'piece') return `p${String(message.seq)}${message.isLast ? '' : '+'}`;
  if (message.type === 'end') return `end${String(message.seq)}`;
  if (message.type === 'error') return `error${String(message.seq)} ${message.code}`;
  return message.type === 'abort' ? `abort ${message.code}` : message.type;
}

/** Each step: the time, the event, and its commands in short form. */
type Script = readonly (readonly [atMs: number, event: SenderEvent, commands: string])[];

const OPEN: Script = [
  [0, { type: 'open' }, 'probe'],
  [1, ack(0, 1000), ''],
];
const DELIVERED = 'ended {"type":"delivered"}';

const SCRIPTS: Record<string, Script> = {
  'no credit yet -> nothing is sent, probes ask for it': [
    [0, { type: 'open' }, 'probe'],
    [10, write(1), ''],
    [299, time, ''],
    [300, time, 'probe'],
    [600, time, 'probe'],
    [1200, time, 'probe'],
    [1300, ack(0, 1000), 'p0'],
  ],
  'pieces go out at once; all acknowledged and ended -> delivered': [
    ...OPEN,
    [2, write(1), 'p0'],
    [3, write(2), 'p1'],
    [4, end, 'end2'],
    [5, ack(2, 1200), ''],
    [6, ack(3, 1200), `closed ${DELIVERED}`],
    [7, time, ''],
  ],
  'empty stream -> only its end': [
    [0, { type: 'open' }, 'probe'],
    [1, end, 'end0'],
    [2, ack(1, 1000), `closed ${DELIVERED}`],
  ],
  'end twice -> one end; fail -> the code, after the pieces': [
    ...OPEN,
    [2, write(1), 'p0'],
    [3, { type: 'end', code: 'node_lost' }, 'error1 node_lost'],
    [4, end, ''],
    [5, ack(2, 1100), `closed ${DELIVERED}`],
  ],
  'no acknowledgement -> all again, with growing pauses; progress -> short pauses again': [
    ...OPEN,
    [2, write(1), 'p0'],
    [3, write(2), 'p1'],
    [301, time, ''],
    [302, time, 'p0 p1'],
    [602, time, 'p0 p1'],
    [1202, time, 'p0 p1'],
    [1300, ack(1, 1000), ''],
    [1599, time, ''],
    [1600, time, 'p1'],
  ],
  'gap at the receiver -> all from there again, once for a burst of requests': [
    ...OPEN,
    [2, write(1), 'p0'],
    [2, write(2), 'p1'],
    [2, write(3), 'p2'],
    [3, ack(1, 1000, true), 'p1 p2'],
    [4, ack(1, 1000, true), ''],
    [60, ack(1, 1000, true), 'p1 p2'],
  ],
  'credit used up -> the rest waits for more; the end, too': [
    [0, { type: 'open' }, 'probe'],
    [1, ack(0, 150), ''],
    [2, write(1), 'p0'],
    [2, write(2), 'p1'],
    [2, write(3), ''],
    [2, end, ''],
    [3, ack(2, 150), ''],
    [4, ack(2, 201), 'p2 end3'],
  ],
  'old, doubled and impossible acknowledgements -> no effect': [
    ...OPEN,
    [2, write(1), 'p0'],
    [3, ack(1, 1100), ''],
    [4, ack(0, 1000), ''],
    [5, ack(9, 9000, true), ''],
    [6, write(2), 'p1'],
    [7, ack(1, 500), ''],
    [8, write(3), 'p2'],
  ],
  'idle -> a sign of life each quarter of the idle time': [
    ...OPEN,
    [2500, time, 'probe'],
    [2501, ack(0, 1000), ''],
    [5000, time, 'probe'],
    [5001, write(1), 'p0'],
    [5301, time, 'p0'],
  ],
  'silence -> the receiver is lost': [
    ...OPEN,
    [2, write(1), 'p0'],
    [10_000, time, 'p0'],
    [10_001, time, 'abort idle ended {"type":"lost","code":"idle"}'],
    [10_002, write(2), ''],
  ],
  'connection renewed -> what has no acknowledgement again, or a probe': [
    ...OPEN,
    [2, { type: 'renewed' }, 'probe'],
    [3, write(1), 'p0'],
    [4, { type: 'renewed' }, 'p0'],
  ],
  'stopped by the receiver -> confirmed, rest dropped': [
    ...OPEN,
    [2, write(1), 'p0'],
    [3, { type: 'message', message: { type: 'stop', code: 'left' } }, 'closed ended {"type":"stopped","code":"left"}'],
    [4, end, ''],
  ],
  'aborted -> the receiver gets the code': [
    ...OPEN,
    [2, { type: 'abort', code: 'stopping' }, 'abort stopping ended {"type":"lost","code":"aborted"}'],
  ],
  'buffer full -> the writer waits until half of the window is free': [
    [0, { type: 'open' }, 'probe'],
    [1, ack(0, 400), ''],
    [2, write(1, 900), 'p0'],
    [3, write(2, 36), ''],
    [4, ack(1, 400), 'drained'],
    [5, ack(1, 1100), 'p1'],
  ],
  'writer that does not wait -> overflow': [
    [0, { type: 'open' }, 'probe'],
    [1, write(1, 4001), ''],
    [2, write(2), 'abort overflow drained ended {"type":"lost","code":"overflow"}'],
  ],
};

function machineAfter(script: Script): SenderMachine {
  const machine = new SenderMachine(LIMITS, 0);
  for (const [atMs, event, commands] of script) expect([atMs, machine.step(event, atMs).map(short).join(' ')]).toEqual([atMs, commands]);
  return machine;
}

describe('stream sender', () => {
  test.each(Object.entries(SCRIPTS))('sender: %s', (_, script) => {
    machineAfter(script);
  });

  test('sender: large payload -> pieces of at most 128 kB, of which the last is marked', () => {
    const machine = new SenderMachine({ ...LIMITS, windowBytes: 10 ** 7 }, 0);
    machine.step(ack(0, 10 ** 7), 0);
    expect(machine.step(write(1, 2 * MAX_PIECE_BYTES), 1).map(short)).toEqual(['p0+', 'p1']);
    expect(machine.step(write(1, 2 * MAX_PIECE_BYTES + 1), 1).map(short)).toEqual(['p2+', 'p3+', 'p4']);
    expect(machine.step(write(1, 0), 1).map(short)).toEqual(['p5']);
    expect(machine.heldCost).toBe(4 * MAX_PIECE_BYTES + 1 + 6 * PIECE_OVERHEAD);
  });

  test('sender: write after the end -> a defect', () => {
    const machine = machineAfter([...OPEN, [2, end, 'end0']]);
    expect(() => machine.step(write(1), 3)).toThrow('after its end');
  });

  test('sender: due times -> retry, sign of life, silence, never', () => {
    expect(machineAfter(OPEN).dueMonotonicMs).toBe(300);
    expect(machineAfter([...OPEN, [2, write(1), 'p0']]).dueMonotonicMs).toBe(302);
    expect(machineAfter([...OPEN, [300, time, 'probe']]).dueMonotonicMs).toBe(2800);
    expect(
      machineAfter([...OPEN, [2, { type: 'abort', code: 'x' }, 'abort x ended {"type":"lost","code":"aborted"}']]).dueMonotonicMs,
    ).toBeNull();
  });
});
