// Reads WAV files as strictly as a player does (chunks, length, peak), and adds silence to them.

/** The header of the file, before its first chunk. */
const HEAD_BYTES = 12;
/** The format chunk of PCM, which is the shortest. */
const FORMAT_BYTES = 16;

export interface Wav {
  readonly channels: number;
  readonly sampleRate: number;
  readonly bitsPerSample: number;
  readonly seconds: number;
  /** The largest sample of 16-bit audio, up to 32,768; 0 for other formats. */
  readonly peak: number;
}

/** Throws where a player would stop or play something else: wrong sizes, missing chunks. */
export function readWav(bytes: Buffer): Wav {
  const { format, data } = partsOf(bytes);
  if (format === undefined || format.length < FORMAT_BYTES) throw new Error('a WAV file without its format');
  if (data === undefined) throw new Error('a WAV file without audio');
  const [channels, sampleRate, bitsPerSample] = [format.readUInt16LE(2), format.readUInt32LE(4), format.readUInt16LE(14)];
  const frameBytes = channels * (bitsPerSample / 8);
  if (frameBytes === 0 || sampleRate === 0) throw new Error('a WAV file without a sample rate or frame size');
  if (format.readUInt16LE(12) !== frameBytes || format.readUInt32LE(8) !== sampleRate * frameBytes) {
    throw new Error('the format of the WAV file contradicts itself');
  }
  if (data.length % frameBytes !== 0) throw new Error('the audio of the WAV file ends within a sample');
  let peak = 0;
  if (bitsPerSample === 16) for (let at = 0; at < data.length; at += 2) peak = Math.max(peak, Math.abs(data.readInt16LE(at)));
  return { channels, sampleRate, bitsPerSample, seconds: data.length / (sampleRate * frameBytes), peak };
}

function partsOf(bytes: Buffer): { format?: Buffer; data?: Buffer } {
  const tag = (at: number) => bytes.toString('latin1', at, at + 4);
  if (bytes.length < HEAD_BYTES || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error('not a WAV file');
  const size = bytes.readUInt32LE(4);
  if (size !== bytes.length - 8) throw new Error(`the WAV file declares ${String(size + 8)} bytes and has ${String(bytes.length)}`);
  const parts: { format?: Buffer; data?: Buffer } = {};
  for (let at = HEAD_BYTES; at < bytes.length;) {
    const end = at + 8 > bytes.length ? Infinity : at + 8 + bytes.readUInt32LE(at + 4);
    if (end > bytes.length) throw new Error(`the part ${JSON.stringify(tag(at))} of the WAV file does not fit into it`);
    if (tag(at) === 'fmt ') parts.format = bytes.subarray(at + 8, end);
    if (tag(at) === 'data') parts.data = bytes.subarray(at + 8, end);
    at = end + (end % 2);
  }
  return parts;
}

/** The audio with this much silence before and after it. */
export function withSilence(wav: Buffer, secondsBefore: number, secondsAfter: number): Buffer {
  const { channels, sampleRate, bitsPerSample } = readWav(wav);
  const silence = (seconds: number) => Buffer.alloc(seconds * sampleRate * channels * (bitsPerSample / 8));
  const at = wav.indexOf('data', 12, 'latin1') + 8;
  const data = Buffer.concat([silence(secondsBefore), wav.subarray(at), silence(secondsAfter)]);
  const head = Buffer.from(wav.subarray(0, at));
  head.writeUInt32LE(at + data.length - 8, 4);
  head.writeUInt32LE(data.length, at - 4);
  return Buffer.concat([head, data]);
}

/** Silence of this length: 8 kHz, 8 bits, one channel. */
export function silentWav(seconds: number): Buffer {
  const data = Buffer.alloc(seconds * 8000, 128);
  const head = Buffer.from('RIFF----WAVEfmt ----------------------data----', 'latin1').subarray(0, 44);
  head.writeUInt32LE(36 + data.length, 4);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
