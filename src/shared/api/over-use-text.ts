// Texts of a load that is not below its limit, with who can change the limit and where (docs/dispatch.md, Limits). For CLI and API.
import type { OverUse, Use } from './exclusion-facts';
import type { LimitSource } from '../protocol/status';
import type { Localized } from '../language';

function useText(use: Use, percent: string): Localized {
  if (use === 'mem') return { en: `${percent} % of the memory in use`, zh: `内存已用 ${percent}%` };
  const name = use.toUpperCase();
  return { en: `its owner uses ${percent} % of the ${name}`, zh: `所有者占用 ${percent}% 的 ${name}` };
}

type LackOfMemory = Extract<OverUse, { readonly use: 'available_memory' }>;

/** `1.3 GB of memory available, 2 GB needed`. */
export function availableMemoryText({ availableGb, requiredGb }: LackOfMemory): Localized {
  const [available, required] = [String(availableGb), String(requiredGb)];
  return { en: `${available} GB of memory available, ${required} GB needed`, zh: `可用内存 ${available} GB，需要 ${required} GB` };
}

/** `its owner uses 71 % of the GPU, limit 25 % (set by its owner, who can change agent.share or agent.limits.gpu_percent)`. */
export function overUseText(over: OverUse): Localized {
  if (over.use === 'available_memory') {
    // The rule holds only while the limit of memory is the default. A limit that a person sets replaces both.
    const [text, setting] = [availableMemoryText(over), settingText('mem', 'default')];
    return { en: `${text.en} (${setting.en})`, zh: `${text.zh}（${setting.zh}）` };
  }
  const [found, limit] = [String(Math.round(over.percent)), String(over.limitPercent)];
  const [use, setting] = [useText(over.use, found), settingText(over.use, over.setBy)];
  return { en: `${use.en}, limit ${limit} % (${setting.en})`, zh: `${use.zh}，上限 ${limit}%（${setting.zh}）` };
}

/** The settings that can change a limit. The setting of one resource overrides the general one (`agent.share`, `resource_threshold`). */
export function limitSettings(use: Use, setBy: LimitSource): readonly string[] {
  const owner = `agent.limits.${use}_percent`;
  const host = `scheduler.load_balancer.${use === 'mem' ? 'memory' : use}_threshold`;
  if (setBy === 'owner') return ['agent.share', owner];
  return setBy === 'scheduler' ? [host] : [owner, host];
}

function settingText(use: Use, setBy: LimitSource): Localized {
  const [first = '', second = ''] = limitSettings(use, setBy);
  switch (setBy) {
    case 'owner':
      return { en: `set by its owner, who can change ${first} or ${second}`, zh: `由节点所有者设置，可更改 ${first} 或 ${second}` };
    case 'scheduler':
      return { en: `set by an operator, who can change ${first}`, zh: `由管理员设置，可更改 ${first}` };
    case 'default':
    case 'own_pool':
      return {
        en: `default; its owner can set ${first}, an operator ${second}`,
        zh: `默认值；节点所有者可设置 ${first}，管理员可设置 ${second}`,
      };
  }
}
