// The traces of one run: those of a file, or generated ones.
import { closeSync, openSync, readSync } from 'node:fs';
import { agents, azure, type BenchRequest, generated, mooncake } from './requests';

export interface Trace {
  readonly name: string;
  /** Each run begins with a new pool. */
  readonly runs: readonly (readonly BenchRequest[])[];
}

const GENERATED_REQUESTS = 3000;
/** One run has 360 requests, too few for a p99: the pauses of the sessions decide it. */
const AGENT_SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
/** Requests per minute. */
const RATES = { generated: 32, mooncake: [32, 48], azure: 100 } as const;

export interface TraceOptions {
  /** Of Mooncake (JSON lines) or Azure (CSV). Null: generated requests and agents. */
  readonly file: string | null;
  /** Null: the rates above. */
  readonly perMinute: number | null;
  /** Requests of Mooncake come in bursts, as recorded. */
  readonly bursts: boolean;
}

export function tracesOf({ file, perMinute, bursts }: TraceOptions): readonly Trace[] {
  const named = (name: string, rate: number): string => `${name}, ${String(rate)} requests/min`;
  if (file === null) {
    const rate = perMinute ?? RATES.generated;
    return [
      { name: named('generated', rate), runs: [generated(GENERATED_REQUESTS, rate)] },
      { name: 'agents', runs: AGENT_SEEDS.map((seed) => agents(seed)) },
    ];
  }
  if (isMooncake(file)) {
    const rates = perMinute === null ? RATES.mooncake : [perMinute];
    const [name, arrivals] = bursts ? (['Mooncake in bursts', 'bursts'] as const) : (['Mooncake', 'spread'] as const);
    return rates.map((rate) => ({ name: named(name, rate), runs: [mooncake(file, rate, arrivals)] }));
  }
  const rate = perMinute ?? RATES.azure;
  return [{ name: named('Azure', rate), runs: [azure(file, rate)] }];
}

/** Mooncake's lines are JSON objects. */
function isMooncake(file: string): boolean {
  const first = Buffer.alloc(1);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, first);
  } finally {
    closeSync(descriptor);
  }
  return first.toString() === '{';
}
