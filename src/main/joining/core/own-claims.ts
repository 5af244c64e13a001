// The claims of this computer about itself, for the person at the host: its name, the GPUs that it offers, and the roles that
// it asks for.
import type { AgentView } from '../../../shared/api/agent-view';
import { MAX_CLAIMED_GPUS } from '../../../shared/api/join-requests';
import { type JoinClaims, toClaim } from './join-messages';

interface ClaimedGpu {
  readonly name: string;
  readonly memoryGb: number | null;
}

export const toClaims = (name: string, gpus: readonly ClaimedGpu[]): JoinClaims => ({
  name: toClaim(name) ?? 'computer',
  gpus: gpus.slice(0, MAX_CLAIMED_GPUS).map((gpu) => ({ name: toClaim(gpu.name) ?? 'GPU', memory_gb: gpu.memoryGb })),
  roles: ['node', 'client'],
});

/** Before the first probe without GPUs. */
export const claimsOf = ({ name, hardware }: Pick<AgentView, 'name' | 'hardware'>): JoinClaims =>
  toClaims(
    name,
    (hardware?.gpus ?? []).filter((gpu) => gpu.accepted && gpu.available).map((gpu) => ({ name: gpu.name, memoryGb: gpu.memory_gb })),
  );
