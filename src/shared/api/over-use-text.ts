// Texts of a load that is not below its limit, with who can change the limit and where (docs/dispatch.md, Limits). For CLI and API.
import type { OverUse, Use } from './exclusion-facts';
import type { LimitSource } from '../protocol/status';
import type { Localized } from '../language';

const NAMES: Readonly<Record<Use, Localized>> = {
  cpu: { en: 'CPU', zh: 'CPU' },
  gpu: { en: 'GPU', zh: 'GPU' },
  mem: { en: 'memory', zh: '内存' },
};

/** `GPU 71 %, limit 25 % (set by its owner: agent.limits.gpu_percent)`. */
export function overUseText(over: OverUse): Localized {
  if (over.use === 'room') {
    const [available, required] = [String(over.availableGb), String(over.requiredGb)];
    return { en: `${available} GB of memory available, ${required} GB needed`, zh: `可用内存 ${available} GB，需要 ${required} GB` };
  }
  const [found, limit] = [String(Math.round(over.percent)), String(over.limitPercent)];
  const [name, setting] = [NAMES[over.use], settingText(over.use, over.setBy)];
  return {
    en: `${name.en} ${found} %, limit ${limit} % (${setting.en})`,
    zh: `${name.zh} ${found}%，上限 ${limit}%（${setting.zh}）`,
  };
}

/** The settings that change a limit: the one that holds, or both that could. */
export function limitSettings(use: Use, setBy: LimitSource): readonly string[] {
  const owner = `agent.limits.${use}_percent`;
  const host = `scheduler.load_balancer.${use === 'mem' ? 'memory' : use}_threshold`;
  if (setBy === 'owner') return [owner];
  return setBy === 'scheduler' ? [host] : [owner, host];
}

function settingText(use: Use, setBy: LimitSource): Localized {
  const [first = '', second = ''] = limitSettings(use, setBy);
  switch (setBy) {
    case 'owner':
      return { en: `set by its owner: ${first}`, zh: `由机主设置：${first}` };
    case 'scheduler':
      return { en: `set by the host: ${first}`, zh: `由主持者设置：${first}` };
    case 'default':
    case 'own_pool':
      return { en: `the default; its owner sets ${first}, the host ${second}`, zh: `默认值；机主可设 ${first}，主持者可设 ${second}` };
  }
}
