// Which adapters a pool is offered, and why not the others. Pure; NVIDIA's own rule is in nvidia-adapters-mapping.
import { isDisplayChipName, isVirtualName } from '../parse/pci';
import type { AdapterRefusalCode, AdapterVerdict, GpuVendor } from '../parse/types';

/** An integrated GPU counts when the owner gave it this much of the machine's memory. */
export const LEAST_CARVE_OUT_GB = 4;

/** Graphics that are part of a processor, by product and by the chip names that lspci shows. Asked first: `RX Vega 10 Graphics` is one. */
const INTEGRATED_AMD =
  /\bvega \d{1,2} graphics|vega mobile|radeon(?:\(tm\))? (?:r\d )?(?:\d{3}m )?graphics|\b[678]\d0m\b|\b(?:kaveri|carrizo|raven|picasso|renoir|lucienne|cezanne|barcelo|rembrandt|mendocino|raphael|phoenix\d?|hawkpoint\d?|granite ridge|strix|krackan)\b/i;
const DISCRETE_AMD = /\b(?:rx|pro|instinct|mi\d{2,3}x?|firepro|vii|navi|r[579] [2-9]\d{2}x?)\b/i;
/** Integrated GPUs made for computing, that share most of the machine's memory. */
const LARGE_INTEGRATED_AMD = /\b80[56]0s\b|strix halo|\bmi300a\b/i;
const DISCRETE_INTEL = /\barc\b.*\b[ab]\d{2,3}\b|\bflex\b|data center gpu|\bmax 1\d{3}\b|\b(?:dg2|battlemage)\b/i;

export interface Candidate {
  readonly name: string;
  readonly vendor: GpuVendor;
  /** Set when the PCI maker is known to make virtual adapters, or screens only. */
  readonly virtualMaker?: string | null;
  readonly displayMaker?: string | null;
  /** Memory of its own, GiB, from a source that is trusted for it; null: none is. */
  readonly memoryGb: number | null;
  /** Memory of the machine it may use besides, GiB; null: not told. */
  readonly sharedGb: number | null;
  /** False: no kernel driver is bound. */
  readonly driverBound: boolean;
}

export interface Judgement {
  readonly verdict: AdapterVerdict;
  readonly memoryGb: number | null;
  readonly unifiedMemory: boolean;
}

/** Decides for an AMD, Intel or unknown adapter. Apple and NVIDIA have their own rules. */
export function judge(candidate: Candidate): Judgement {
  const { name, memoryGb } = candidate;
  const refused = (code: AdapterRefusalCode, detail: string | null = null, unifiedMemory = false): Judgement => ({
    verdict: { accepted: false, code, detail },
    memoryGb,
    unifiedMemory,
  });
  const accepted = (gb: number, unifiedMemory: boolean): Judgement => ({ verdict: { accepted: true }, memoryGb: gb, unifiedMemory });

  const virtualMaker = candidate.virtualMaker ?? null;
  if (virtualMaker !== null || isVirtualName(name)) return refused('virtual_adapter', virtualMaker);
  const displayMaker = candidate.displayMaker ?? null;
  if (displayMaker !== null || isDisplayChipName(name)) return refused('display_only', displayMaker);
  if (candidate.vendor === 'intel' && !DISCRETE_INTEL.test(name)) return refused('display_only', null, true);
  if (!candidate.driverBound) return refused('driver_not_working', 'no kernel driver is bound');
  if (candidate.vendor !== 'amd') return memoryGb === null ? refused('no_memory_reported') : accepted(memoryGb, false);

  if (LARGE_INTEGRATED_AMD.test(name) && memoryGb !== null) return accepted(round(memoryGb + (candidate.sharedGb ?? 0)), true);
  if (memoryGb === null) return refused('no_memory_reported');
  if (!isIntegratedAmd(candidate)) return accepted(memoryGb, false);
  if (memoryGb >= LEAST_CARVE_OUT_GB) return accepted(memoryGb, true);
  const shared = candidate.sharedGb === null ? '' : `, ${String(candidate.sharedGb)} GB shared`;
  return refused('integrated_small', `${String(memoryGb)} GB of its own${shared}`, true);
}

/** By name where it tells; else by memory: what owns less than it may borrow, and little, is part of a processor. */
function isIntegratedAmd({ name, memoryGb, sharedGb }: Candidate): boolean {
  if (INTEGRATED_AMD.test(name)) return true;
  if (DISCRETE_AMD.test(name)) return false;
  return memoryGb !== null && memoryGb < LEAST_CARVE_OUT_GB && (sharedGb === null || sharedGb > memoryGb);
}

const round = (gb: number): number => Math.round(gb * 10) / 10;
