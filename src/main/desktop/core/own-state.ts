// The state of this computer as the tray shows it: a shape, a word, and the reason with its number. The words are those of the window. Pure.
import type { AgentView } from '../../../shared/api/agent-view';
import type { AppState } from '../../../shared/api/app-state';
import { type AvailabilityFacts, availabilityFacts, availabilityOf } from '../../../shared/api/availability';
import type { OverUse } from '../../../shared/api/exclusion-facts';
import { type AwaitedHost, causeOfLoss } from '../../../shared/api/own-host';
import { lacksModel, ownStatusOf } from '../../../shared/api/own-status';
import { lastCauseOf } from '../../../shared/api/sharing-choice';
import { assertNever } from '../../../shared/assert-never';
import type { Language, Localized } from '../../../shared/language';
import type { PauseCode } from '../../../shared/protocol/pauses';
import type { AvailabilityState, HealthCode } from '../../../shared/protocol/status';
import { AVAILABILITY_TEXTS } from '../../../shared/reasons/availability';
import { PAUSE_TEXTS } from '../../../shared/reasons/pauses';

/** `none`: the mark without a badge, for a computer in no pool. */
export type OwnShape = AvailabilityState | 'refused' | 'none';

export interface OwnState {
  readonly shape: OwnShape;
  /** Without a capital letter. */
  readonly word: Localized;
  /** Null: the word says everything. */
  readonly reason: Localized | null;
}

const NOT_IN_POOL: OwnState = { shape: 'none', word: { en: 'not in a pool', zh: '未加入算力池' }, reason: null };

const NO_MODEL: OwnState = { shape: 'degraded', word: AVAILABILITY_TEXTS.available, reason: { en: 'no model', zh: '无模型' } };

/** The own pool as the cause of a missing link. */
const POOL_AWAITED: Readonly<Record<AwaitedHost['state'], OwnState>> = {
  starting: { shape: 'registering', word: { en: 'pool starts', zh: '算力池正在启动' }, reason: null },
  failed: { shape: 'refused', word: { en: 'pool stopped', zh: '算力池已停止' }, reason: null },
  restarting: { shape: 'disconnected', word: { en: 'pool restarts', zh: '算力池正在重启' }, reason: null },
};

export function ownStateOf({ agent, host }: Pick<AppState, 'agent' | 'host'>, nowWallMs: number): OwnState {
  const lost = causeOfLoss({ agent, host });
  if (lost !== null) return POOL_AWAITED[lost.state];
  if (agent === null) return NOT_IN_POOL;
  const { link } = agent;
  switch (link.state) {
    case 'idle':
      return NOT_IN_POOL;
    case 'refused':
      if (link.code === 'NOT_A_NODE') return { shape: 'none', word: { en: 'runs no jobs', zh: '不运行任务' }, reason: null };
      // Without a GPU it can still host a pool, and use the GPUs of others.
      return link.code === 'NO_GPU_AVAILABLE'
        ? { shape: 'none', word: { en: 'no usable GPU', zh: '没有可用的显卡' }, reason: null }
        : {
            shape: 'refused',
            word: { en: 'refused', zh: '被拒绝' },
            reason: { en: 'the pool refuses this computer', zh: '算力池拒绝了本机' },
          };
    case 'connecting':
      return { shape: 'registering', word: { en: 'connecting', zh: '连接中' }, reason: null };
    case 'reconnecting':
      return {
        shape: 'disconnected',
        word: AVAILABILITY_TEXTS.disconnected,
        reason: { en: 'the pool does not answer', zh: '算力池没有响应' },
      };
    case 'connected': {
      const status = ownStatusOf(agent);
      if (status === null) return { shape: 'registering', word: AVAILABILITY_TEXTS.registering, reason: null };
      if (lacksModel(status, agent.models)) return NO_MODEL;
      const { state } = availabilityOf(status);
      const reason = factsText(availabilityFacts(status), pauseReason(agent, nowWallMs));
      return { shape: state, word: AVAILABILITY_TEXTS[state], reason };
    }
  }
}

/** `pause`: the reason of the own pause. The agent knows it before the scheduler does. */
function factsText(facts: AvailabilityFacts, pause: Localized | null): Localized | null {
  switch (facts.kind) {
    case 'slots': {
      const [used, total] = [String(facts.used), String(facts.total)];
      return { en: `${used} of ${total} slots in use`, zh: `任务槽位已用 ${used}/${total}` };
    }
    case 'load': {
      const [first] = facts.over ?? [];
      return first === undefined ? { en: 'load not reported yet', zh: '尚未报告使用率' } : overUse(first);
    }
    case 'drained':
      return pause ?? DRAINED[facts.by];
    case 'quarantined':
      return { en: 'quarantined by an operator', zh: '被管理员隔离' };
    case 'paused':
      return pause ?? PAUSE_TEXTS[facts.pause.reason_code];
    case 'draining':
      return { en: `${String(facts.jobs)} ${facts.jobs === 1 ? 'job' : 'jobs'} left`, zh: `剩余 ${String(facts.jobs)} 个任务` };
    case 'checks': {
      const [passed, required] = [String(facts.passed), String(facts.required)];
      return { en: `${passed} of ${required} checks`, zh: `已通过 ${passed}/${required} 次检查` };
    }
    case 'failed_check':
      return CHECKS[facts.check.code];
    case 'gpu':
      return CHECKS.gpu_unavailable;
    case 'silent':
    case 'asleep':
    case 'status':
      return null;
    default:
      return assertNever(facts);
  }
}

const DRAINED: Readonly<Record<'operator' | 'node', Localized>> = {
  operator: { en: 'drained by an operator', zh: '由管理员排空' },
  node: { en: 'stopped by its owner', zh: '由节点所有者停止' },
};

const CHECKS: Readonly<Record<HealthCode, Localized>> = {
  heartbeat_late: { en: 'heartbeat late', zh: '心跳迟到' },
  gpu_unavailable: { en: 'no usable GPU', zh: '没有可用的显卡' },
  model_not_ready: { en: 'model not ready', zh: '模型未就绪' },
};

const USES = { cpu: { en: 'CPU', zh: 'CPU' }, gpu: { en: 'GPU', zh: 'GPU' }, mem: { en: 'memory', zh: '内存' } } as const;

function overUse(over: OverUse): Localized {
  if (over.use === 'available_memory') {
    const [available, required] = [String(over.availableGb), String(over.requiredGb)];
    return { en: `${available} GB of memory available, ${required} GB needed`, zh: `可用内存 ${available} GB，需要 ${required} GB` };
  }
  const [percent, limit] = [String(Math.round(over.percent)), String(over.limitPercent)];
  const { en, zh } = USES[over.use];
  return { en: `${en} ${percent}%, limit ${limit}%`, zh: `${zh} ${percent}%，上限 ${limit}%` };
}

/** Null: this computer shares. */
function pauseReason({ pause }: AgentView, nowWallMs: number): Localized | null {
  const cause = lastCauseOf(pause ?? null);
  if (cause === null) return null;
  const { code, detail, until } = cause;
  const time = until === null || until <= nowWallMs ? null : bothLanguages((language) => clockText(until, nowWallMs, language));
  if (code === 'owner') {
    return time === null ? { en: 'until you resume', zh: '直到你恢复' } : { en: `until ${time.en}`, zh: `到 ${time.zh}` };
  }
  const text = causeText(code, detail);
  return time === null ? text : { en: `${text.en}, until ${time.en}`, zh: `${text.zh}，${time.zh} 恢复共享` };
}

/** `full-screen program (Factorio)` */
export function causeText(code: PauseCode, detail: string | null): Localized {
  const { en, zh } = PAUSE_TEXTS[code];
  return detail === null ? { en, zh } : { en: `${en} (${detail})`, zh: `${zh}（${detail}）` };
}

const bothLanguages = (text: (language: Language) => string): Localized => ({ en: text('en'), zh: text('zh') });

/** The time, with the day of the week when it is another day. */
export function clockText(atWallMs: number, nowWallMs: number, language: Language): string {
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const isToday = new Date(atWallMs).toDateString() === new Date(nowWallMs).toDateString();
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', isToday ? time : { weekday: 'short', ...time }).format(atWallMs);
}
