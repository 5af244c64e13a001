// Logs why a scheduler refused this computer and how to fix it. The agent keeps running. Without a usable GPU, it registers again
// when the hardware changes. Without a valid invitation or credential, it registers again only at the next start.
import type { AgentView } from '../../shared/api/agent-view';
import type { AgentPort } from '../contracts/ports';
import type { Logger } from '../platform/logger';
import type { MessageContext } from './core/message-context';

/** Watches the agent until the process ends. */
export function logRefusals(agent: AgentPort, logger: Logger, { program }: MessageContext): void {
  let refusedSince: number | null = null;
  agent.subscribe((view) => {
    const { link } = view;
    const since = link.state === 'refused' ? link.since : null;
    if (link.state === 'refused' && since !== refusedSince) {
      if (link.code === 'NO_GPU_AVAILABLE') logger.log('warn', 'no_usable_gpu', probeFields(view));
      if (link.code === 'UNAUTHORIZED' || link.code === 'REVOKED')
        logger.log('warn', 'invitation_required', { scheduler: link.scheduler_url, code: link.code, fix: invitationFix(program) });
    }
    refusedSince = since;
  });
}

const invitationFix = (program: string): string =>
  `make an invitation on the host with: ${program} invite. Then run here: ${program} join "LINK"`;

function probeFields({ hardware }: AgentView): Record<string, unknown> {
  return {
    probes: (hardware?.trace ?? []).map(({ source, outcome, detail }) => ({ source, outcome, detail })),
    adapters: (hardware?.gpus ?? []).map(({ name, accepted, refusal_code, fault_code }) => ({ name, accepted, refusal_code, fault_code })),
  };
}
