// Encodes the rings of the load as the bytes of their file, and back. The size depends on the number of lanes alone. A checksum detects a
// damaged file. Its values may be wrong, so the whole file is ignored.
import { emptyLane, emptyRings, LANE_WIDTH, type Lane, MAX_LANES, RINGS, type RingsState } from './load-rings';

const MAGIC = 0x4d_4c_48_31;
/** Magic, number of lanes, checksum of the rest. */
const HEADER_BYTES = 12;
/** The limit of `gpuKeySchema`. */
const KEY_UNITS = 320;
const RINGS_BYTES = RINGS.reduce((sum, { capacity }) => sum + 4 + capacity * 8, 0);
const LANE_BYTES = 2 + KEY_UNITS * 2 + 8 + RINGS.reduce((sum, { capacity }) => sum + LANE_WIDTH * 2 + capacity * LANE_WIDTH * 4, 0);

/** The largest valid file. */
export const MAX_RINGS_BYTES = HEADER_BYTES + RINGS_BYTES + MAX_LANES * LANE_BYTES;

/** A lane whose key is longer than the file can hold is left out. */
export function encodeRings({ starts, newest, lanes }: RingsState): Uint8Array {
  const kept = [...lanes].filter(([key]) => key.length <= KEY_UNITS).slice(0, MAX_LANES);
  const bytes = new Uint8Array(HEADER_BYTES + RINGS_BYTES + kept.length * LANE_BYTES);
  const view = new DataView(bytes.buffer);
  let at = HEADER_BYTES;
  for (const [ring, { capacity }] of RINGS.entries()) {
    view.setUint32(at, newest[ring] ?? 0);
    at += 4;
    for (let entry = 0; entry < capacity; entry++, at += 8) view.setFloat64(at, starts[ring]?.[entry] ?? NaN);
  }
  for (const [key, lane] of kept) at = encodeLane(view, at, key, lane);
  view.setUint32(0, MAGIC);
  view.setUint32(4, kept.length);
  view.setUint32(8, checksum(bytes.subarray(HEADER_BYTES)));
  return bytes;
}

function encodeLane(view: DataView, start: number, key: string, lane: Lane): number {
  let at = start;
  view.setUint16(at, key.length);
  at += 2;
  for (let unit = 0; unit < KEY_UNITS; unit++, at += 2) view.setUint16(at, unit < key.length ? key.charCodeAt(unit) : 0);
  view.setFloat64(at, lane.lastSeenWallMs);
  at += 8;
  for (const [ring, { capacity }] of RINGS.entries()) {
    for (let value = 0; value < LANE_WIDTH; value++, at += 2) view.setUint16(at, lane.counts[ring]?.[value] ?? 0);
    for (let value = 0; value < capacity * LANE_WIDTH; value++, at += 4) view.setFloat32(at, lane.values[ring]?.[value] ?? NaN);
  }
  return at;
}

/** Null: not such a file, of another version, cut, or damaged. */
export function decodeRings(bytes: Uint8Array): RingsState | null {
  if (bytes.byteLength < HEADER_BYTES + RINGS_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const laneCount = view.getUint32(4);
  if (view.getUint32(0) !== MAGIC || laneCount > MAX_LANES) return null;
  if (bytes.byteLength !== HEADER_BYTES + RINGS_BYTES + laneCount * LANE_BYTES) return null;
  if (view.getUint32(8) !== checksum(bytes.subarray(HEADER_BYTES))) return null;
  const state = emptyRings();
  let at = HEADER_BYTES;
  for (const [ring, { capacity }] of RINGS.entries()) {
    state.newest[ring] = view.getUint32(at) % capacity;
    at += 4;
    for (let entry = 0; entry < capacity; entry++, at += 8) state.starts[ring]?.fill(view.getFloat64(at), entry, entry + 1);
  }
  for (let lane = 0; lane < laneCount; lane++, at += LANE_BYTES) decodeLane(view, at, state);
  return state;
}

function decodeLane(view: DataView, start: number, state: RingsState): void {
  let at = start;
  const length = Math.min(KEY_UNITS, view.getUint16(at));
  at += 2;
  const key = String.fromCharCode(...Array.from({ length }, (_, unit) => view.getUint16(at + unit * 2)));
  at += KEY_UNITS * 2;
  const lane = emptyLane(view.getFloat64(at));
  at += 8;
  for (const [ring, { capacity }] of RINGS.entries()) {
    for (let value = 0; value < LANE_WIDTH; value++, at += 2) lane.counts[ring]?.fill(view.getUint16(at), value, value + 1);
    for (let value = 0; value < capacity * LANE_WIDTH; value++, at += 4) lane.values[ring]?.fill(view.getFloat32(at), value, value + 1);
  }
  state.lanes.set(key, lane);
}

/** FNV-1a, 32 bits. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c_9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x0100_0193);
  return hash >>> 0;
}
