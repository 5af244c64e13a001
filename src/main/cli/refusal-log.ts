// When a scheduler refuses this machine, the log says why and what would help, so that its owner need not guess. The agent stays: for
// want of a GPU it tries again by itself when its hardware changes; a token is asked for again at the next start.
import type { AgentView } from '../../shared/api/agent-view';
import type { AgentPort } from '../contracts/ports';
import type { Logger } from '../platform/logger';

/** Follows the agent until it ends. */
export function logRefusals(agent: AgentPort, logger: Logger): void {
  let refusedSince: number | null = null;
  agent.subscribe((view) => {
    const { link } = view;
    const since = link.state === 'refused' ? link.since : null;
    if (link.state === 'refused' && since !== refusedSince) {
      if (link.code === 'NO_GPU_AVAILABLE') logger.log('warn', 'no_usable_gpu', lookedAt(view));
      if (link.code === 'UNAUTHORIZED') logger.log('warn', 'join_token_wanted', { scheduler: link.scheduler_url, fix: TOKEN_FIX });
    }
    refusedSince = since;
  });
}

const TOKEN_FIX = 'start with --token-file FILE, a copy of the file join-token that the log of the scheduler names (token_required)';

function lookedAt({ hardware }: AgentView): Record<string, unknown> {
  return {
    looked_at: (hardware?.trace ?? []).map(({ source, outcome, detail }) => ({ source, outcome, detail })),
    adapters: (hardware?.gpus ?? []).map(({ name, accepted, refusal_code, fault_code }) => ({ name, accepted, refusal_code, fault_code })),
  };
}
