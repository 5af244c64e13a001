// What lets a node take a job that it is excluded from, for each exclusion code.
import type { Localized } from '../language';
import type { ExclusionReason } from '../protocol/status';

/** Whole sentences. */
export const EXCLUSION_HELP: Readonly<Record<ExclusionReason, Localized>> = {
  not_requested_node: { zh: '指定了节点的任务只在该节点上运行。', en: 'A job for a specific node runs only there.' },
  status_not_ready: {
    zh: '节点就绪后恢复接收任务，原因见“节点”页。',
    en: 'New jobs start when the node is ready. The Nodes page shows the reason.',
  },
  not_online: { zh: '节点须重新连接。', en: 'The node must connect again.' },
  quarantined: { zh: '管理员可在“节点”页解除隔离。', en: 'An operator can release the node on the Nodes page.' },
  not_in_public_pool: {
    zh: '请在 /api/v1/jobs 的请求中设置 "public": false，或让节点也接受未标记为私有的任务。',
    en: 'Send the job to /api/v1/jobs with "public": false, or let the node accept jobs that are not private.',
  },
  gpu_unavailable: { zh: '节点须有可用且显存足够的显卡。', en: 'The node must have a working GPU with enough memory.' },
  model_not_available: { zh: '该模型须在节点上就绪，并支持此类任务。', en: 'The model must be ready on the node and support the task.' },
  model_failing: {
    zh: '暂停一段时间后，会用一个任务测试该模型；成功后恢复。',
    en: 'After a pause, one job tests the model. A success ends the pauses.',
  },
  capacity_exceeded: { zh: '有空闲槽位后恢复接收任务。', en: 'New jobs start when a slot is free.' },
  vram_insufficient: { zh: '模型须能放入该节点的空闲显存。', en: 'The model must fit into the free GPU memory of the node.' },
  resource_threshold_exceeded: {
    zh: '使用率降到上限以下后恢复接收任务。',
    en: 'New jobs start when the load drops below the limit.',
  },
};
