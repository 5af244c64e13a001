// A record on a channel: its type, a head in JSON, and bytes that are not parsed. Big-endian: the length of what follows, the length of the
// head, the head, the bytes. Small records travel together, one after the other.
import { isRecord, parseJson } from '../../../../../shared/json';

export interface ChannelRecord {
  readonly type: string;
  /** JSON. The handler of the type decodes it: members of two versions run together during an update. */
  readonly head: unknown;
  readonly body: Uint8Array;
}

const LENGTH_BYTES = 4;
export const NO_BODY = new Uint8Array(0);

export function encodeRecord({ type, head, body }: ChannelRecord): Uint8Array {
  const text = jsonBytes({ type, head });
  const size = LENGTH_BYTES + text.length + body.length;
  const bytes = new Uint8Array(LENGTH_BYTES + size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size);
  view.setUint32(LENGTH_BYTES, text.length);
  bytes.set(text, 2 * LENGTH_BYTES);
  bytes.set(body, 2 * LENGTH_BYTES + text.length);
  return bytes;
}

/** The records, without their lengths. Null: the bytes end within a record. */
export function splitRecords(bytes: Uint8Array): readonly Uint8Array[] | null {
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + LENGTH_BYTES > bytes.length) return null;
    const end = at + LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset + at, LENGTH_BYTES).getUint32(0);
    if (end > bytes.length) return null;
    records.push(bytes.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return records;
}

/** Of one part of `splitRecords`. Null: not a record. The body shares the memory of `bytes`. */
export function decodeRecord(bytes: Uint8Array): ChannelRecord | null {
  if (bytes.length < LENGTH_BYTES) return null;
  const bodyAt = LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getUint32(0);
  if (bodyAt > bytes.length) return null;
  const text = jsonIn(bytes.subarray(LENGTH_BYTES, bodyAt));
  if (!isRecord(text) || typeof text['type'] !== 'string') return null;
  return { type: text['type'], head: text['head'], body: new Uint8Array(bytes.buffer, bytes.byteOffset + bodyAt, bytes.length - bodyAt) };
}

export const jsonBytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Undefined: not JSON. */
export const jsonIn = (bytes: Uint8Array): unknown => parseJson(new TextDecoder().decode(bytes));
