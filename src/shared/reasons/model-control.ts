// Texts of the residency of a model, and why an action on a model was refused (ADR 0025).
import type { ModelResidency } from '../protocol/model-control';
import type { ReasonText } from './reason-text';

export const RESIDENCY_TEXTS: Readonly<Record<ModelResidency, ReasonText>> = {
  cold: { zh: '未加载', en: 'not in memory' },
  loading: { zh: '加载中', en: 'loading' },
  loaded: { zh: '已加载', en: 'in memory' },
  pinned: { zh: '已固定', en: 'pinned' },
};

export const CONTROL_REFUSAL_TEXTS = {
  unknown_model: { zh: '该节点没有此模型', en: 'the node does not have this model' },
  not_supported: { zh: '此模型的模型服务不支持该操作', en: 'the model server of this model does not support this action' },
  old_node: {
    zh: '该节点的 Muster 版本过旧，不支持控制模型。请更新该节点的 Muster',
    en: 'the node runs an older version of Muster without model control. Update Muster on the node',
  },
  not_allowed: {
    zh: '节点所有者未允许控制模型。所有者可在该节点的配置中设置 agent.allow_model_control = true',
    en: 'the owner of the node does not permit model control. The owner can set agent.allow_model_control = true in the configuration of the node',
  },
  in_progress: { zh: '此模型的另一个操作仍在进行；请稍后重试', en: 'another action on this model is still running; try again later' },
  has_work: { zh: '有任务正在使用此模型；请在这些任务结束后卸载', en: 'jobs use this model; unload the model when these jobs have ended' },
  pinned: { zh: '此模型已固定；请先取消固定', en: 'the model is pinned; unpin it first' },
  minimum_residence: { zh: '此模型刚刚加载', en: 'the model was loaded a moment ago' },
  failed: { zh: '模型服务未能完成操作', en: 'the model server did not complete the action' },
  no_answer: { zh: '节点未及时响应', en: 'the node did not answer in time' },
} as const satisfies Readonly<Record<string, ReasonText>>;

type RefusalText = keyof typeof CONTROL_REFUSAL_TEXTS;

/** The text for the details of a refused action. Null: the action failed for another reason. */
export function refusalTextOf(details: Readonly<Record<string, unknown>> | null | undefined): RefusalText | null {
  const reason = details?.['reason'];
  if (reason === 'not_supported' && details?.['cause'] === 'old_node') return 'old_node';
  return typeof reason === 'string' && isRefusalText(reason) ? reason : null;
}

const isRefusalText = (code: string): code is RefusalText => Object.hasOwn(CONTROL_REFUSAL_TEXTS, code);
