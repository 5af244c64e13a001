// Silero VAD as a program: prints the speech segments of a WAV file, one line each, as `FROM TO` in seconds.
// node silero-vad.mjs ONNXRUNTIME MODEL.onnx FILE.wav
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const RATE = 16_000;
const FRAME = 512;
/** The model also needs the end of the frame before. */
const CONTEXT = 64;
const SPEECH = 0.5;
const SILENCE = 0.35;
/** A shorter pause does not end a segment. */
const PAUSE_FRAMES = 10;

const [runtimePath = '', modelPath = '', wavPath = ''] = process.argv.slice(2);
const { InferenceSession, Tensor } = createRequire(import.meta.url)(runtimePath);

const samples = resampled(readFileSync(wavPath));
const session = await InferenceSession.create(modelPath, { intraOpNumThreads: 1, interOpNumThreads: 1 });
let state = new Tensor('float32', new Float32Array(2 * 128), [2, 1, 128]);
const rate = new Tensor('int64', BigInt64Array.of(BigInt(RATE)), []);
let from = -1;
let last = 0;
for (let at = 0; at + FRAME <= samples.length; at += FRAME) {
  const input = new Float32Array(CONTEXT + FRAME);
  input.set(samples.subarray(Math.max(0, at - CONTEXT), at + FRAME), at === 0 ? CONTEXT : 0);
  const result = await session.run({ input: new Tensor('float32', input, [1, input.length]), state, sr: rate });
  state = result.stateN;
  const probability = result.output.data[0];
  if (probability >= SPEECH && from < 0) from = at;
  if (probability >= SILENCE) last = at + FRAME;
  if (from >= 0 && at - last > PAUSE_FRAMES * FRAME) end();
}
if (from >= 0) end();

function end() {
  process.stdout.write(`${(from / RATE).toFixed(2)} ${(last / RATE).toFixed(2)}\n`);
  from = -1;
}

/** 16-bit mono at any rate as floats at 16 kHz. */
function resampled(/** @type {Buffer} */ wav) {
  const sourceRate = wav.readUInt32LE(24);
  const data = wav.subarray(wav.indexOf('data', 12, 'latin1') + 8);
  const count = Math.floor(((data.length / 2) * RATE) / sourceRate);
  return Float32Array.from({ length: count }, (_, index) => {
    const position = (index * sourceRate) / RATE;
    const sample = Math.floor(position);
    const read = (/** @type {number} */ at) => (at * 2 + 2 <= data.length ? data.readInt16LE(at * 2) : 0);
    return (read(sample) + (read(sample + 1) - read(sample)) * (position - sample)) / 32_768;
  });
}
