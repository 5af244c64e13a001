// The facts of the pool in one line. An unknown figure is left out.
import type { Labels } from '../../i18n/use-labels';
import type { PoolFacts } from './node-use';

export const SEPARATOR = ' · ';

export function factsText({ t, format }: Labels, facts: PoolFacts): string {
  const { nodes, gpus, vramUsedGb, vramReportedGb, vramGb, slotsUsed, slots, jobs, tokensPerSecond, simulated } = facts;
  if (nodes === 0) return '';
  const parts = [
    t('nodes.facts.nodes', { count: nodes, shown: format.number(nodes) }),
    gpus === 0 ? null : t('nodes.facts.gpus', { count: gpus, shown: format.number(gpus) }),
    vramGb === 0
      ? null
      : vramUsedGb === null
        ? t('nodes.facts.vram_total', { total: format.gb(vramGb) })
        : vramReportedGb < vramGb
          ? t('nodes.facts.vram_reported', {
              used: format.gbPart(vramUsedGb, vramReportedGb),
              total: format.gb(vramReportedGb),
              all: format.gb(vramGb),
            })
          : t('nodes.facts.vram', { used: format.gbPart(vramUsedGb, vramGb), total: format.gb(vramGb) }),
    slots === 0 ? t('nodes.facts.no_slots') : t('nodes.facts.slots', { count: slots - slotsUsed, shown: format.number(slots - slotsUsed) }),
    jobs === 0 ? null : t('nodes.facts.jobs', { count: jobs, shown: format.number(jobs) }),
    tokensPerSecond === null ? null : t('nodes.facts.tokens', { rate: format.number(tokensPerSecond) }),
    simulated === 0 ? null : t('node_counts.simulated', { formatted: format.number(simulated) }),
  ];
  return parts.filter((part) => part !== null).join(SEPARATOR);
}

/** `29 of 48 available` */
export const shortFactsText = ({ t, format }: Labels, { nodes, available }: PoolFacts): string =>
  nodes === 0 ? '' : t('nodes.facts.available', { available: format.number(available), total: format.number(nodes) });
