// The reader of WAV files that other tests use: it refuses every file that a player would refuse.
import { expect, test } from 'vitest';
import { readWav, silentWav, withSilence } from '../../support/wav';

const WHOLE = silentWav(2);
const changed = (change: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.from(WHOLE);
  change(bytes);
  return bytes;
};

test('WAV: complete file, also with an unknown chunk of odd size -> read', () => {
  const expected = { channels: 1, sampleRate: 8000, bitsPerSample: 8, seconds: 2, peak: 0 };
  expect(readWav(WHOLE)).toEqual(expected);
  const unknown = Buffer.from('LIST\u0003\0\0\0abc\0', 'latin1');
  const longer = Buffer.concat([WHOLE.subarray(0, 36), unknown, WHOLE.subarray(36)]);
  longer.writeUInt32LE(longer.length - 8, 4);
  expect(readWav(longer)).toEqual(expected);
  expect(readWav(withSilence(WHOLE, 1, 3))).toEqual({ ...expected, seconds: 6 });
});

test.each<[string, Buffer, string]>([
  ['last byte missing', WHOLE.subarray(0, -1), 'declares 16044 bytes and has 16043'],
  ['cut within its header', WHOLE.subarray(0, 10), 'not a WAV file'],
  ['bytes after its end', Buffer.concat([WHOLE, Buffer.alloc(1)]), 'declares 16044 bytes and has 16045'],
  ['streamed, size unknown', changed((bytes) => bytes.writeUInt32LE(0xffffffff, 4)), 'and has 16044'],
  ['data chunk larger than the file', changed((bytes) => bytes.writeUInt32LE(16_001, 40)), '"data" of the WAV file does not fit'],
  ['data chunk smaller than its content', changed((bytes) => bytes.writeUInt32LE(15_995, 40)), 'does not fit'],
  ['no data chunk', changed((bytes) => bytes.write('none', 36)), 'without audio'],
  ['no format chunk', changed((bytes) => bytes.write('none', 12)), 'without its format'],
  ['no channel', changed((bytes) => bytes.writeUInt16LE(0, 22)), 'without a sample rate'],
  ['rates contradict each other', changed((bytes) => bytes.writeUInt32LE(8001, 28)), 'contradicts itself'],
  ['ends within a sample', changed(asOddBytesOf16Bits), 'within a sample'],
  ['another format', Buffer.from('OggS'.repeat(20)), 'not a WAV file'],
])('WAV: %s -> refused', (_title, bytes, reason) => {
  expect(() => readWav(bytes)).toThrow(reason);
});

function asOddBytesOf16Bits(bytes: Buffer): void {
  bytes.writeUInt32LE(16_000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.writeUInt32LE(15_999, 40);
}
