// Parses nvidia-smi's CSV for the query below. decide/nvidia-fault.ts interprets exit codes and messages.
import { normalizeBusAddress } from './pci';
import { detailOf, known, notReported, notSupported, unreadableReading } from './reading';
import type { Reading } from './types';

/** Fields that every driver of the last ten years supports. The fallback when a driver refuses a newer field. */
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

/** One row of nvidia-smi. Units: MiB, %, degrees Celsius, W. */
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

/** An invalid line: its number (from 1), the reason and its text. */
export interface LineProblem {
  readonly line: number;
  readonly problem: string;
  readonly text: string | null;
}

export interface NvidiaTable {
  readonly rows: readonly NvidiaRow[];
  readonly problems: readonly LineProblem[];
}

const MAX_ROWS = 64;
const MAX_PROBLEMS = 16;
const MAX_MIB = 64 * 1024 * 1024;
const MAX_WATTS = 100_000;
const NUMBER = /^-?\d{1,12}(?:\.\d{1,6})?$/;

export const queryArguments = (fields: readonly NvidiaField[]): readonly string[] => [
  `--query-gpu=${fields.join(',')}`,
  '--format=csv,noheader,nounits',
];

/** Invalid lines are skipped and reported. */
export function parseNvidiaCsv(text: string, fields: readonly NvidiaField[]): NvidiaTable {
  const rows: NvidiaRow[] = [];
  const problems: LineProblem[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || rows.length >= MAX_ROWS || problems.length >= MAX_PROBLEMS) continue;
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
    memoryTotalMib: within(parseReading(cell('memory.total')), 0, MAX_MIB),
    memoryUsedMib: within(parseReading(cell('memory.used')), 0, MAX_MIB),
    utilizationPercent: within(parseReading(cell('utilization.gpu')), 0, 100),
    temperatureC: within(parseReading(cell('temperature.gpu')), -100, 300),
    powerW: within(parseReading(cell('power.draw')), 0, MAX_WATTS),
    powerLimitW: within(parseReading(cell('power.limit')), 0, MAX_WATTS),
    mig: cell('mig.mode.current') === 'Enabled',
  };
}

/** `[N/A]`, `[Not Supported]` and `[Unknown Error]` are unknown values and keep the driver's token as the detail. 0 is a known value. */
export function parseReading(token: string): Reading {
  if (token === '') return notReported();
  if (NUMBER.test(token)) return known(Number(token));
  if (/^\[?n\/a\]?$/i.test(token)) return notReported(token);
  if (/^\[?not supported\]?$/i.test(token)) return notSupported(token);
  return unreadableReading(detailOf(token));
}

function within(reading: Reading, min: number, max: number): Reading {
  if (!reading.known || (reading.value >= min && reading.value <= max)) return reading;
  return unreadableReading(String(reading.value));
}

function tokenOrNull(token: string): string | null {
  return token === '' || /^\[.*\]$|^n\/a$/i.test(token) ? null : token.slice(0, 128);
}
