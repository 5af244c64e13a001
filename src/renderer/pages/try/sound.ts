// Records the microphone and converts the recording to a WAV file of 16 kHz with one channel, which every speech-to-text server reads.

const RATE = 16_000;
/** Below the size limit of a sound: 2 bytes for each sample. */
export const MAX_RECORDING_MS = 240_000;
const BYTES_PER_SAMPLE = 2;
const HEADER_BYTES = 44;

export interface Recording {
  /** Resolves to the WAV file. Null: nothing could be recorded. */
  stop(): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** Browsers have a microphone on secure pages only. */
export const canRecord = (): boolean =>
  typeof MediaRecorder !== 'undefined' && 'mediaDevices' in navigator && typeof AudioContext !== 'undefined';

/** Rejects when the user or the system does not permit the microphone. `onEnd`: the recording ended, by `stop` or at its longest. */
export async function startRecording(onEnd: () => void): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream);
  const pieces: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data));
  const limit = setTimeout(() => recorder.stop(), MAX_RECORDING_MS);
  const isStopped = new Promise<void>((resolve) => {
    recorder.addEventListener('stop', () => {
      clearTimeout(limit);
      for (const track of stream.getTracks()) track.stop();
      resolve();
      onEnd();
    });
  });
  recorder.start();
  return {
    async stop() {
      if (recorder.state !== 'inactive') recorder.stop();
      await isStopped;
      return toWav(await new Blob(pieces).arrayBuffer());
    },
  };
}

async function toWav(encoded: ArrayBuffer): Promise<Uint8Array<ArrayBuffer> | null> {
  const context = new AudioContext();
  try {
    const decoded = await context.decodeAudioData(encoded);
    const offline = new OfflineAudioContext(1, Math.max(1, Math.ceil(decoded.duration * RATE)), RATE);
    const source = offline.createBufferSource();
    source.buffer = decoded;
    source.connect(offline.destination);
    source.start();
    return wavOf((await offline.startRendering()).getChannelData(0));
  } catch {
    return null;
  } finally {
    await context.close();
  }
}

/** Samples of -1 to 1 as 16-bit PCM. */
export function wavOf(samples: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + samples.length * BYTES_PER_SAMPLE);
  const view = new DataView(bytes.buffer);
  const name = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
  };
  name(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  name(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * BYTES_PER_SAMPLE, true);
  view.setUint16(32, BYTES_PER_SAMPLE, true);
  view.setUint16(34, BYTES_PER_SAMPLE * 8, true);
  name(36, 'data');
  view.setUint32(40, samples.length * BYTES_PER_SAMPLE, true);
  for (const [i, sample] of samples.entries()) {
    const limited = Math.max(-1, Math.min(1, sample));
    view.setInt16(HEADER_BYTES + i * BYTES_PER_SAMPLE, Math.round(limited * (limited < 0 ? 0x8000 : 0x7fff)), true);
  }
  return bytes;
}
