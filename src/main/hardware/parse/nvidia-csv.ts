// nvidia-smi's CSV, for the query this folder itself asks. Pure. What an exit code or a complaint means is decided in nvidia-fault-mapping.
import { normalizeBusAddress } from './pci';
import { detailOf, known, notReported, notSupported, unreadable } from './reading';
import type { Reading } from './types';

/** Fields that every driver of the last ten years knows: the fallback when a newer one is refused. */
export const BASIC_FIELDS = [
  'index',
  'uuid',
  'name',
  'pci.bus_id',
  'driver_version',
  'memory.total',
  'memory.used',
  'utilization.gpu',
  'temperature.gpu',
  'power.draw',
] as const;
export const ALL_FIELDS = [...BASIC_FIELDS, 'power.limit', 'mig.mode.current'] as const;
export type NvidiaField = (typeof ALL_FIELDS)[number];

/** One card as nvidia-smi shows it: MiB, %, degrees Celsius, W. */
export interface NvidiaRow {
  readonly index: number;
  readonly uuid: string | null;
  readonly name: string;
  readonly busAddress: string | null;
  readonly driverVersion: string | null;
  readonly memoryTotalMib: Reading;
  readonly memoryUsedMib: Reading;
  readonly utilizationPercent: Reading;
  readonly temperatureC: Reading;
  readonly powerW: Reading;
  readonly powerLimitW: Reading;
  readonly mig: boolean;
}

/** A line that is not a row: which (from 1), and why. */
export interface LineProblem {
  readonly line: number;
  readonly problem: string;
  readonly text: string | null;
}

export interface NvidiaTable {
  readonly rows: readonly NvidiaRow[];
  readonly problems: readonly LineProblem[];
}

const MOST_ROWS = 64;
const MOST_PROBLEMS = 16;
const MOST_MIB = 64 * 1024 * 1024;
const MOST_WATTS = 100_000;
const NUMBER = /^-?\d{1,12}(?:\.\d{1,6})?$/;

export const queryArguments = (fields: readonly NvidiaField[]): readonly string[] => [
  `--query-gpu=${fields.join(',')}`,
  '--format=csv,noheader,nounits',
];

/** Reads the rows; a line that isn't one is named and skipped, and hides no other. */
export function parseNvidiaCsv(text: string, fields: readonly NvidiaField[]): NvidiaTable {
  const rows: NvidiaRow[] = [];
  const problems: LineProblem[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || rows.length >= MOST_ROWS || problems.length >= MOST_PROBLEMS) continue;
    const row = parseRow(line, fields);
    if (typeof row === 'string') problems.push({ line: at + 1, problem: row, text: detailOf(line) });
    else rows.push(row);
  }
  return { rows, problems };
}

function parseRow(line: string, fields: readonly NvidiaField[]): NvidiaRow | string {
  const cells = line.split(',').map((cell) => cell.trim());
  if (cells.length !== fields.length) return `${String(cells.length)} columns instead of ${String(fields.length)}`;
  const cell = (field: NvidiaField): string => cells[fields.indexOf(field)] ?? '';
  const index = cell('index');
  if (!/^\d{1,4}$/.test(index)) return 'index is not a number';
  const name = tokenOrNull(cell('name'));
  if (name === null) return 'name is missing';
  return {
    index: Number(index),
    uuid: tokenOrNull(cell('uuid')),
    name: name.slice(0, 256),
    busAddress: normalizeBusAddress(cell('pci.bus_id')),
    driverVersion: tokenOrNull(cell('driver_version')),
    memoryTotalMib: within(parseReading(cell('memory.total')), 0, MOST_MIB),
    memoryUsedMib: within(parseReading(cell('memory.used')), 0, MOST_MIB),
    utilizationPercent: within(parseReading(cell('utilization.gpu')), 0, 100),
    temperatureC: within(parseReading(cell('temperature.gpu')), -100, 300),
    powerW: within(parseReading(cell('power.draw')), 0, MOST_WATTS),
    powerLimitW: within(parseReading(cell('power.limit')), 0, MOST_WATTS),
    mig: cell('mig.mode.current') === 'Enabled',
  };
}

/** 0 is 0. `[N/A]`, `[Not Supported]` and `[Unknown Error]` are unknown, and keep the driver's token. */
export function parseReading(token: string): Reading {
  if (token === '') return notReported();
  if (NUMBER.test(token)) return known(Number(token));
  if (/^\[?n\/a\]?$/i.test(token)) return notReported(token);
  if (/^\[?not supported\]?$/i.test(token)) return notSupported(token);
  return unreadable(detailOf(token));
}

function within(reading: Reading, least: number, most: number): Reading {
  if (!reading.known || (reading.value >= least && reading.value <= most)) return reading;
  return unreadable(String(reading.value));
}

function tokenOrNull(token: string): string | null {
  return token === '' || /^\[.*\]$|^n\/a$/i.test(token) ? null : token.slice(0, 128);
}
