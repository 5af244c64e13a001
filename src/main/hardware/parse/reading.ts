// Constructors of readings and conversions of memory sizes. Unknown is not zero.
import type { GpuLive, Reading } from './types';

export const known = (value: number): Reading => ({ known: true, value });
export const notReported = (detail: string | null = null): Reading => ({ known: false, reason: 'not_reported', detail });
export const notSupported = (detail: string | null = null): Reading => ({ known: false, reason: 'not_supported', detail });
export const unreadableReading = (detail: string | null = null): Reading => ({ known: false, reason: 'error', detail });

export const NOTHING_REPORTED: GpuLive = {
  utilizationPercent: notReported(),
  memoryUsedGb: notReported(),
  memoryTotalGb: notReported(),
  temperatureC: notReported(),
  powerW: notReported(),
  powerLimitW: notReported(),
};

/** All figures unknown, because the card could not be read. */
export function unreadableLive(detail: string | null): GpuLive {
  const reading = unreadableReading(detail);
  return {
    utilizationPercent: reading,
    memoryUsedGb: reading,
    memoryTotalGb: reading,
    temperatureC: reading,
    powerW: reading,
    powerLimitW: reading,
  };
}

export const readingValue = (reading: Reading): number | null => (reading.known ? reading.value : null);

export function mapReading(reading: Reading, change: (value: number) => number): Reading {
  return reading.known ? known(change(reading.value)) : reading;
}

/** Memory sizes in GiB with one decimal: 24564 MiB is 24 GB, for the owner and for a job that needs 24 GB. */
export const gbFromMib = (mib: number): number => Math.round((mib / 1024) * 10) / 10;
export const gbFromBytes = (bytes: number): number => gbFromMib(bytes / 1024 ** 2);

/** Used memory in GiB with two decimals: a few hundred MiB must not become 0. */
export const usedGbFromMib = (mib: number): number => Math.round((mib / 1024) * 100) / 100;
export const usedGbFromBytes = (bytes: number): number => usedGbFromMib(bytes / 1024 ** 2);

const MAX_DETAIL_CHARACTERS = 300;

/** A driver's message on one line, cut to a limit. Null: it is empty. */
export function detailOf(text: string): string | null {
  const line = text.replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ').trim();
  return line === '' ? null : line.slice(0, MAX_DETAIL_CHARACTERS);
}

export const finitePositive = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
