// WAV files: read as strictly as a player would (chunks, length, how loud it gets), and with silence around.

export interface Wav {
  readonly channels: number;
  readonly sampleRate: number;
  readonly bitsPerSample: number;
  readonly seconds: number;
  /** Of 16-bit samples: the largest, up to 32,768. */
  readonly peak: number;
}

export function readWav(bytes: Buffer): Wav {
  const tag = (at: number) => bytes.toString('latin1', at, at + 4);
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error('not a WAV file');
  let format: Buffer | null = null;
  let data: Buffer | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = bytes.readUInt32LE(at + 4);
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (tag(at) === 'fmt ') format = body;
    if (tag(at) === 'data') data = body;
    at += 8 + size + (size % 2);
  }
  if (format === null || data === null) throw new Error('a WAV file without format or data');
  const [channels, sampleRate, bitsPerSample] = [format.readUInt16LE(2), format.readUInt32LE(4), format.readUInt16LE(14)];
  let peak = 0;
  for (let at = 0; at + 2 <= data.length; at += 2) peak = Math.max(peak, Math.abs(data.readInt16LE(at)));
  return { channels, sampleRate, bitsPerSample, seconds: data.length / (sampleRate * channels * (bitsPerSample / 8)), peak };
}

/** The sound with this much silence before and after it. */
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

/** Nothing to hear, for so long: 8 kHz, 8 bits, one channel. */
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
