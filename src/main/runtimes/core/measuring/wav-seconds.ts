// The duration of a WAV file, from its header and its size.

const RIFF_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;
/** Of a format chunk, up to the byte rate. */
const FORMAT_BYTES = 12;
const BYTE_RATE_AT = 8;

/** `head`: the first bytes of the file. Null: not a WAV file, or its sound begins after the head. */
export function wavSeconds(head: Uint8Array, fileBytes: number): number | null {
  if (head.length < RIFF_BYTES || textAt(head, 0) !== 'RIFF' || textAt(head, 8) !== 'WAVE') return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let bytesPerSecond = 0;
  let at = RIFF_BYTES;
  while (at + CHUNK_HEAD_BYTES <= head.length) {
    const [name, bytes, start] = [textAt(head, at), view.getUint32(at + 4, true), at + CHUNK_HEAD_BYTES];
    if (name === 'fmt ' && start + FORMAT_BYTES <= head.length) bytesPerSecond = view.getUint32(start + BYTE_RATE_AT, true);
    // A program that writes to a pipe does not know the size: it writes 0, or the maximum.
    if (name === 'data') return bytesPerSecond === 0 ? null : Math.min(bytes === 0 ? Infinity : bytes, fileBytes - start) / bytesPerSecond;
    // Chunks begin at even places.
    at = start + bytes + (bytes % 2);
  }
  return null;
}

const textAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
