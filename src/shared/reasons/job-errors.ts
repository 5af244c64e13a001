// Texts of the error codes of jobs and attempts.
import { type JobErrorCode, runtimeHttpStatus } from '../protocol/job-errors';
import type { ReasonText } from './reason-text';

export const JOB_ERROR_TEXTS: Readonly<Record<JobErrorCode, ReasonText>> = {
  queue_timeout: { zh: '排队超时', en: 'timed out in the queue' },
  total_timeout: { zh: '达到总时限', en: 'total timeout reached' },
  attempt_timeout: { zh: '本次尝试超时', en: 'the attempt timed out' },
  timeout: { zh: '本次尝试超时', en: 'the attempt timed out' },
  node_lost: { zh: '节点失联', en: 'the node was lost' },
  drain_timeout: { zh: '节点排空已到截止时间', en: 'the node reached its drain deadline' },
  quarantined: { zh: '节点已被隔离', en: 'the node was quarantined' },
  cancelled: { zh: '已取消', en: 'cancelled' },
  task_unreadable: { zh: '无法读取已存储的任务内容', en: 'the stored task cannot be read' },
  failed: { zh: '节点没有说明原因', en: 'the node reported no reason' },
  stale_attempt: { zh: '节点上已有更新的尝试', en: 'the node already had a newer attempt' },
  unknown_model: { zh: '该节点没有此模型', en: 'the node does not have the model' },
  no_runtime: { zh: '该节点上的模型不支持此类任务', en: 'the model does not support this task on the node' },
  node_stopping: { zh: '节点正在关闭', en: 'the node was shutting down' },
  results_waiting: { zh: '节点上未送达的结果过多', en: 'the node had too many undelivered results' },
  capacity: { zh: '节点没有空闲的任务槽位', en: 'the node had no free job slot' },
  not_stopped: { zh: '模型未按要求停止', en: 'the model did not stop on request' },
  stream_broken: { zh: '响应未能送达', en: 'the response could not be delivered' },
  result_lost: { zh: '节点无法读取已保存的结果', en: 'the node could not read the stored result' },
  internal_error: { zh: '节点内部错误', en: 'internal error on the node' },
  bad_request: { zh: '请求被拒绝', en: 'the request was rejected' },
  unsupported_content_type: { zh: '模型不支持此输入类型', en: 'the model does not support this input type' },
  program_missing: { zh: '运行模型的程序未安装', en: 'the program that runs the model is not installed' },
  program_not_started: { zh: '运行模型的程序无法启动', en: 'the program that runs the model could not be started' },
  work_folder_failed: { zh: '任务文件无法读写', en: 'the files of the job could not be written or read' },
  command_failed: { zh: '程序出错退出', en: 'the program exited with an error' },
  output_missing: { zh: '程序没有输出', en: 'the program wrote no output' },
  output_not_text: { zh: '输出不是文本', en: 'the output is not text' },
  output_too_large: { zh: '输出过大', en: 'the output is too large' },
  output_too_deep: { zh: '输出嵌套过深', en: 'the output is nested too deeply' },
  runtime_unauthorized: { zh: '模型服务需要有效的 API 密钥', en: 'the model server requires a valid API key' },
  runtime_unreachable: { zh: '模型服务无响应', en: 'the model server did not respond' },
  runtime_stream_broken: { zh: '响应中途断开', en: 'the response was cut off' },
  runtime_stream_error: { zh: '模型服务中途返回了错误', en: 'the model server ended the response with an error' },
  runtime_refused: { zh: '模型服务拒绝了请求', en: 'the model server refused the request' },
  unreadable_answer: { zh: '响应无法识别', en: 'the response could not be read' },
};

/** The texts of a code, also of `runtime_http_<status>`. Null for a code of another version. */
export function jobErrorText(code: string): ReasonText | null {
  if (isJobErrorCode(code)) return JOB_ERROR_TEXTS[code];
  const status = runtimeHttpStatus(code);
  return status === null ? null : runtimeHttpText(String(status));
}

export const runtimeHttpText = (status: string): ReasonText => ({
  zh: `模型服务返回 HTTP ${status}`,
  en: `the model server responded with HTTP ${status}`,
});

const isJobErrorCode = (code: string): code is JobErrorCode => Object.hasOwn(JOB_ERROR_TEXTS, code);
