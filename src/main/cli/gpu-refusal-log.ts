// When a scheduler refuses this machine for want of a GPU, the log says what was looked at, so that its owner need not guess.
// The agent stays: it tries again by itself when its hardware changes.
import type { AgentView } from '../../shared/api/agent-view';
import type { AgentPort } from '../app/ports';
import type { Logger } from '../platform/logger';

/** Follows the agent until it ends. */
export function logGpuRefusals(agent: AgentPort, logger: Logger): void {
  let refusedSince: number | null = null;
  agent.subscribe((view) => {
    const since = view.link.state === 'refused' && view.link.code === 'NO_GPU_AVAILABLE' ? view.link.since : null;
    if (since !== null && since !== refusedSince) logger.log('warn', 'no_usable_gpu', lookedAt(view));
    refusedSince = since;
  });
}

function lookedAt({ hardware }: AgentView): Record<string, unknown> {
  return {
    looked_at: (hardware?.trace ?? []).map(({ source, outcome, detail }) => ({ source, outcome, detail })),
    adapters: (hardware?.gpus ?? []).map(({ name, accepted, refusal_code, fault_code }) => ({ name, accepted, refusal_code, fault_code })),
  };
}
