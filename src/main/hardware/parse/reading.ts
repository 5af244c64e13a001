// Builders of readings and of memory figures: the one place where unknown is told from zero and MiB become GiB. Pure.
import type { GpuLive, Reading } from './types';

export const known = (value: number): Reading => ({ known: true, value });
export const notReported = (detail: string | null = null): Reading => ({ known: false, reason: 'not_reported', detail });
export const notSupported = (detail: string | null = null): Reading => ({ known: false, reason: 'not_supported', detail });
export const unreadable = (detail: string | null = null): Reading => ({ known: false, reason: 'error', detail });

export const NOTHING_REPORTED: GpuLive = {
  utilizationPercent: notReported(),
  memoryUsedGb: notReported(),
  memoryTotalGb: notReported(),
  temperatureC: notReported(),
  powerW: notReported(),
  powerLimitW: notReported(),
};

/** Every figure unknown because the card could not be asked. */
export function unreadableLive(detail: string | null): GpuLive {
  const reading = unreadable(detail);
  return {
    utilizationPercent: reading,
    memoryUsedGb: reading,
    memoryTotalGb: reading,
    temperatureC: reading,
    powerW: reading,
    powerLimitW: reading,
  };
}

export const valueOf = (reading: Reading): number | null => (reading.known ? reading.value : null);

export function mapReading(reading: Reading, change: (value: number) => number): Reading {
  return reading.known ? known(change(reading.value)) : reading;
}

/** Sizes of memory, to a tenth: a card of 24564 MiB is a 24 GB card, to its owner and to a job that asks for 24. */
export const gbFromMib = (mib: number): number => Math.round((mib / 1024) * 10) / 10;
export const gbFromBytes = (bytes: number): number => gbFromMib(bytes / 1024 ** 2);

/** Memory in use, to a hundredth: a few hundred MiB must not vanish. */
export const usedGbFromMib = (mib: number): number => Math.round((mib / 1024) * 100) / 100;
export const usedGbFromBytes = (bytes: number): number => usedGbFromMib(bytes / 1024 ** 2);

const LONGEST_DETAIL = 300;

/** A driver's own words, on one line and bounded; null when it said nothing. */
export function detailOf(text: string): string | null {
  const line = text.replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ').trim();
  return line === '' ? null : line.slice(0, LONGEST_DETAIL);
}

export const finitePositive = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
