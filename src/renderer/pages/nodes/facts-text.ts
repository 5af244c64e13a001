// The facts of the pool in one line. An unknown figure is left out.
import type { Labels } from '../../i18n/use-labels';
import type { PoolFacts } from '../../components/bars/node-use';

export const SEPARATOR = ' · ';

export function factsText(labels: Labels, facts: PoolFacts): string {
  const { t, format } = labels;
  const { nodes, slots } = facts;
  if (nodes === 0) return '';
  const [gpus, vram, ...rest] = partsOf(labels, facts);
  const noSlots = slots === 0 ? t('nodes.facts.no_slots') : null;
  return joined([t('nodes.facts.nodes', { count: nodes, shown: format.number(nodes) }), gpus, vram, noSlots, ...rest]);
}

/** For the nodes of a group, whose number is beside its title. */
export const groupFactsText = (labels: Labels, facts: PoolFacts): string => joined(partsOf(labels, facts));

type Part = string | null | undefined;
const joined = (parts: readonly Part[]): string => parts.filter((part) => part != null).join(SEPARATOR);

function partsOf({ t, format }: Labels, facts: PoolFacts): readonly Part[] {
  const { gpus, vramUsedGb, vramReportedGb, vramGb, slotsUsed, slots, jobs, tokensPerSecond, simulated } = facts;
  return [
    gpus === 0 ? null : t('nodes.facts.gpus', { count: gpus, shown: format.number(gpus) }),
    vramGb === 0
      ? null
      : vramUsedGb === null
        ? t('nodes.facts.vram_total', { total: format.gb(vramGb) })
        : vramReportedGb < vramGb
          ? t('nodes.facts.vram_reported', {
              used: format.gbPart(vramUsedGb, vramReportedGb),
              total: format.gb(vramReportedGb),
              missing: format.gb(vramGb - vramReportedGb),
            })
          : t('nodes.facts.vram', { used: format.gbPart(vramUsedGb, vramGb), total: format.gb(vramGb) }),
    slots === 0 ? null : t('nodes.facts.slots', { count: slots - slotsUsed, shown: format.number(slots - slotsUsed) }),
    jobs === 0 ? null : t('nodes.facts.jobs', { count: jobs, shown: format.number(jobs) }),
    tokensPerSecond === null ? null : t('nodes.facts.tokens', { rate: format.number(tokensPerSecond) }),
    simulated === 0 ? null : t('node_counts.simulated', { formatted: format.number(simulated) }),
  ];
}

/** `29 of 48 available` */
export const shortFactsText = ({ t, format }: Labels, { nodes, available }: PoolFacts): string =>
  nodes === 0 ? '' : t('nodes.facts.available', { available: format.number(available), total: format.number(nodes) });
