// Texts of the availability of a node (docs/dispatch.md, Availability), and of the sources of a limit. Screens, command line and logs use
// the same term for a state.
import type { AvailabilityState, LimitSource } from '../protocol/status';
import type { ReasonText } from './reason-text';

export const AVAILABILITY_TEXTS: Readonly<Record<AvailabilityState, ReasonText>> = {
  available: { zh: '可用', en: 'available' },
  full: { zh: '已满', en: 'full' },
  busy: { zh: '繁忙', en: 'busy' },
  paused: { zh: '已暂停', en: 'paused' },
  draining: { zh: '排空中', en: 'draining' },
  registering: { zh: '注册中', en: 'registering' },
  degraded: { zh: '降级', en: 'degraded' },
  asleep: { zh: '睡眠中', en: 'asleep' },
  disconnected: { zh: '已断开', en: 'disconnected' },
  offline: { zh: '离线', en: 'offline' },
};

/** Who set a limit, for a reader who is not the owner of the node. */
export const LIMIT_SOURCE_TEXTS: Readonly<Record<LimitSource, ReasonText>> = {
  owner: { zh: '由节点所有者设置', en: 'set by its owner' },
  scheduler: { zh: '由管理员设置', en: 'set by an operator' },
  own_pool: { zh: '算力池只有一个节点', en: 'this pool has one node' },
  default: { zh: '默认值', en: 'default' },
};
