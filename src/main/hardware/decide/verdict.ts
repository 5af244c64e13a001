// Decides which adapters are offered to a pool and why others are refused. The rule for NVIDIA cards is in nvidia-adapters.ts.
import { isDisplayChipName, isVirtualName } from '../parse/pci';
import type { AdapterRefusalCode, AdapterVerdict, GpuVendor } from '../parse/types';

/** An integrated GPU is accepted when the owner reserved at least this much memory for it. */
export const MIN_CARVE_OUT_GB = 4;

/** Integrated graphics, by product name and by lspci's chip names. Checked before `DISCRETE_AMD`: `RX Vega 10 Graphics` is integrated. */
const INTEGRATED_AMD =
  /\bvega \d{1,2} graphics|vega mobile|radeon(?:\(tm\))? (?:r\d )?(?:\d{3}m )?graphics|\b[678]\d0m\b|\b(?:kaveri|carrizo|raven|picasso|renoir|lucienne|cezanne|barcelo|rembrandt|mendocino|raphael|phoenix\d?|hawkpoint\d?|granite ridge|strix|krackan)\b/i;
const DISCRETE_AMD = /\b(?:rx|pro|instinct|mi\d{2,3}x?|firepro|vii|navi|r[579] [2-9]\d{2}x?)\b/i;
/** Integrated GPUs for computing that share most of the machine's memory. */
const LARGE_INTEGRATED_AMD = /\b80[56]0s\b|strix halo|\bmi300a\b/i;
const DISCRETE_INTEL = /\barc\b.*\b[ab]\d{2,3}\b|\bflex\b|data center gpu|\bmax 1\d{3}\b|\b(?:dg2|battlemage)\b/i;

const DRIVER_REFUSALS: readonly AdapterRefusalCode[] = ['no_driver', 'no_nvidia_smi', 'driver_not_working'];

/** The card is refused because of its driver, which may be mended while Muster runs. */
export const isDriverRefused = (verdict: AdapterVerdict): boolean => !verdict.accepted && DRIVER_REFUSALS.includes(verdict.code);

export interface AdapterFacts {
  readonly name: string;
  readonly vendor: GpuVendor;
  /** Set when the PCI vendor makes virtual adapters, or display-only chips. */
  readonly virtualMaker?: string | null;
  readonly displayMaker?: string | null;
  /** Dedicated memory, GiB, from a reliable source. Null: no reliable source reports it. */
  readonly memoryGb: number | null;
  /** System memory that the adapter may use in addition, GiB. Null: not reported. */
  readonly sharedGb: number | null;
  /** False: no kernel driver is bound. */
  readonly driverBound: boolean;
}

export interface Assessment {
  readonly verdict: AdapterVerdict;
  readonly memoryGb: number | null;
  readonly unifiedMemory: boolean;
}

/** For AMD, Intel and unknown adapters. Apple and NVIDIA have their own rules. */
export function assess(candidate: AdapterFacts): Assessment {
  const { name, memoryGb } = candidate;
  const refused = (code: AdapterRefusalCode, detail: string | null = null, unifiedMemory = false): Assessment => ({
    verdict: { accepted: false, code, detail },
    memoryGb,
    unifiedMemory,
  });
  const accepted = (gb: number, unifiedMemory: boolean): Assessment => ({ verdict: { accepted: true }, memoryGb: gb, unifiedMemory });

  const virtualMaker = candidate.virtualMaker ?? null;
  if (virtualMaker !== null || isVirtualName(name)) return refused('virtual_adapter', virtualMaker);
  const displayMaker = candidate.displayMaker ?? null;
  if (displayMaker !== null || isDisplayChipName(name)) return refused('display_only', displayMaker);
  if (candidate.vendor === 'intel' && !DISCRETE_INTEL.test(name)) return refused('display_only', null, true);
  if (!candidate.driverBound) return refused('no_driver');
  if (candidate.vendor !== 'amd') return memoryGb === null ? refused('no_memory_reported') : accepted(memoryGb, false);

  if (LARGE_INTEGRATED_AMD.test(name) && memoryGb !== null) return accepted(round(memoryGb + (candidate.sharedGb ?? 0)), true);
  if (memoryGb === null) return refused('no_memory_reported');
  if (!isIntegratedAmd(candidate)) return accepted(memoryGb, false);
  if (memoryGb >= MIN_CARVE_OUT_GB) return accepted(memoryGb, true);
  const shared = candidate.sharedGb === null ? '' : `, ${String(candidate.sharedGb)} GB shared`;
  return refused('integrated_small', `${String(memoryGb)} GB dedicated${shared}`, true);
}

/** By name if it is known, else by memory: an adapter with little dedicated memory and more shared memory is integrated. */
function isIntegratedAmd({ name, memoryGb, sharedGb }: AdapterFacts): boolean {
  if (INTEGRATED_AMD.test(name)) return true;
  if (DISCRETE_AMD.test(name)) return false;
  return memoryGb !== null && memoryGb < MIN_CARVE_OUT_GB && (sharedGb === null || sharedGb > memoryGb);
}

const round = (gb: number): number => Math.round(gb * 10) / 10;
