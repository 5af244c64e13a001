// The reader of WAV files that other tests trust: what a player would not play, it does not read.
import { expect, test } from 'vitest';
import { readWav, silentWav, withSilence } from '../../support/wav';

const WHOLE = silentWav(2);
const changed = (change: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.from(WHOLE);
  change(bytes);
  return bytes;
};

test('WAV: an unknown chunk of odd size -> skipped', () => {
  const expected = { channels: 1, sampleRate: 8000, bitsPerSample: 8, seconds: 2, peak: 0 };
  expect(readWav(WHOLE)).toEqual(expected);
  const unknown = Buffer.from('LIST\u0003\0\0\0abc\0', 'latin1');
  const longer = Buffer.concat([WHOLE.subarray(0, 36), unknown, WHOLE.subarray(36)]);
  longer.writeUInt32LE(longer.length - 8, 4);
  expect(readWav(longer)).toEqual(expected);
  expect(readWav(withSilence(WHOLE, 1, 3))).toEqual({ ...expected, seconds: 6 });
});

test.each<[string, Buffer, string]>([
  ['is cut short', WHOLE.subarray(0, -1), 'says 16044 bytes and has 16043'],
  ['is cut within its head', WHOLE.subarray(0, 10), 'not a WAV file'],
  ['goes on after its end', Buffer.concat([WHOLE, Buffer.alloc(1)]), 'says 16044 bytes and has 16045'],
  ['was streamed, of an unknown size', changed((bytes) => bytes.writeUInt32LE(0xffffffff, 4)), 'and has 16044'],
  ['has more sound than it holds', changed((bytes) => bytes.writeUInt32LE(16_001, 40)), '"data" of the WAV file does not fit'],
  ['has less sound than it holds', changed((bytes) => bytes.writeUInt32LE(15_995, 40)), 'does not fit'],
  ['has no sound', changed((bytes) => bytes.write('none', 36)), 'without sound'],
  ['has no format', changed((bytes) => bytes.write('none', 12)), 'without its format'],
  ['has no channel', changed((bytes) => bytes.writeUInt16LE(0, 22)), 'without a measure of time'],
  ['names another rate than its own', changed((bytes) => bytes.writeUInt32LE(8001, 28)), 'contradicts itself'],
  ['ends within a sample', changed(asOddBytesOf16Bits), 'within a sample'],
  ['is something else', Buffer.from('OggS'.repeat(20)), 'not a WAV file'],
])('a file that %s is none', (_what, bytes, reason) => {
  expect(() => readWav(bytes)).toThrow(reason);
});

function asOddBytesOf16Bits(bytes: Buffer): void {
  bytes.writeUInt32LE(16_000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.writeUInt32LE(15_999, 40);
}
