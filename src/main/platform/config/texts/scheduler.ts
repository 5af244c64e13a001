// Texts of the settings of `[scheduler]`.
import { settingText as row } from './setting-text';

export const SCHEDULER_TEXTS = {
  'scheduler.max_concurrent_jobs_per_node': row(
    ['Slots of a node', '每个节点的槽位数'],
    ['For nodes that do not report their number.', '用于未报告槽位数的节点。'],
  ),
  'scheduler.job_timeout_seconds': row(
    ['Attempt timeout', '单次尝试超时'],
    ['The attempt is stopped, and the job is retried while attempts are left.', '停止本次尝试；尚有次数时重试任务。'],
  ),
  'scheduler.required_models': row(
    ['Models that every node needs', '每个节点必备的模型'],
    ['A node without them is not healthy.', '缺少这些模型的节点视为不健康。'],
    ['Enter names of models.', '请输入模型名称。'],
  ),
  'scheduler.offline_retention_seconds': row(
    ['Keep offline nodes', '保留离线节点'],
    ['A node that was offline for longer is removed.', '离线超过此时间的节点会被移除。'],
  ),
  'scheduler.never_ready_retention_seconds': row(
    ['Keep nodes that were never ready', '保留从未就绪的节点'],
    ['The same for a node that has never been ready.', '从未就绪的节点离线超过此时间后被移除。'],
  ),
  'scheduler.max_nodes': row(
    ['Maximum nodes', '最大节点数'],
    ['Further new nodes are refused. Known nodes can always register again.', '超过后拒绝新节点，已知节点始终可以重新注册。'],
  ),
  'scheduler.max_profile_bytes': row(
    ['Memory for models and GPUs of nodes', '节点模型和显卡信息的内存'],
    ['Beyond it, no list of models may grow.', '超过后模型列表不能再增长。'],
  ),
  'scheduler.status_push_interval_seconds': row(
    ['Status report to nodes', '向节点推送状态的间隔'],
    ['In addition to every change. If empty, it is off.', '每次变化之外的定期推送。为空时关闭。'],
  ),
  'scheduler.drain_timeout_seconds': row(
    ['Drain timeout', '排空超时'],
    ['Jobs that still run on a draining node after this time are requeued.', '超过此时间仍在运行的任务会重新排队。'],
  ),
  'scheduler.jobs.max_queued': row(
    ['Maximum queued jobs', '最大排队任务数'],
    ['Further jobs are refused. A job with long requirements counts as several.', '超过后拒绝新任务。要求很长的任务按多个计算。'],
  ),
  'scheduler.jobs.retention_seconds': row(
    ['Keep finished jobs', '保留已结束的任务'],
    ['How long a finished job and its result can be read.', '已结束的任务及其结果可读取的时间。'],
  ),
  'scheduler.jobs.max_finished': row(
    ['Maximum finished jobs', '最大已结束任务数'],
    ['The oldest are deleted first.', '先删除最早的任务。'],
  ),
  'scheduler.jobs.max_storage_mb': row(
    ['Disk space for jobs', '任务的磁盘空间'],
    ['At the limit new jobs are refused. Running jobs go on.', '达到上限后拒绝新任务，运行中的任务继续。'],
  ),
  'scheduler.jobs.keep_answers': row(
    ['Store answers of programs', '保存对程序的回答'],
    ['Answers of the client APIs stay on the disk with their jobs.', '客户端 API 的回答随任务保存在磁盘上。'],
  ),
  'scheduler.keys.requests_per_second': row(
    ['Requests per second per key', '每个密钥每秒的请求数'],
    ['Limit for each program, unless its key has a limit of its own.', '每个程序的上限，密钥有单独上限时除外。'],
  ),
  'scheduler.keys.megabytes_per_minute': row(
    ['Megabytes per minute per key', '每个密钥每分钟的数据量'],
    ['Limit for each program, unless its key has a limit of its own.', '每个程序的上限，密钥有单独上限时除外。'],
  ),
  'scheduler.keys.max_queued': row(
    ['Queued jobs per key', '每个密钥的排队任务数'],
    ['Limit for each program, unless its key has a limit of its own.', '每个程序的上限，密钥有单独上限时除外。'],
  ),
  'scheduler.keys.max_streams': row(
    ['Streams per key', '每个密钥的流数'],
    ['Streamed answers and event streams at the same time.', '同时打开的流式响应和事件流。'],
  ),
  'scheduler.keys.max_priority': row(
    ['Highest priority that a key may request', '密钥可请求的最高优先级'],
    ['Applies to jobs. A key can have a limit of its own.', '适用于任务；密钥可单独设置上限。'],
  ),
  'scheduler.openai.queue_timeout_seconds': row(
    ['Queue timeout of API requests', 'API 请求的排队超时'],
    ['A request that waits longer is refused with 429 or 503.', '等待超过此时间的请求以 429 或 503 拒绝。'],
  ),
  'scheduler.openai.busy_timeout_seconds': row(
    ['Timeout while all nodes are busy', '所有节点繁忙时的超时'],
    ['Applies while the owners of all suitable nodes use their computers.', '适用于所有合适节点的所有者都在使用电脑时。'],
  ),
  'scheduler.openai.model_aliases': row(
    ['Further names of models', '模型的别名'],
    [
      'Programs may use them in place of the model. Several entries with one name are fallbacks in order.',
      '程序可以用别名代替模型名称。同一别名的多个条目按顺序作为后备。',
    ],
    ['Enter NAME=MODEL, such as gpt-4o-mini=qwen2.5:7b.', '请输入 别名=模型，例如 gpt-4o-mini=qwen2.5:7b。'],
  ),
  'scheduler.load_balancer.strategy': row(
    ['Choice of the node', '节点选择方式'],
    ['Predicted: the node that should finish first.', '按预测：选择预计最先完成的节点。'],
  ),
  'scheduler.load_balancer.hold_jobs': row(
    ['Wait for a faster node', '等待更快的节点'],
    ['Up to 30 s, when a full node should finish much earlier than a free one.', '已满的节点预计比空闲节点早很多完成时，最多等待 30 秒。'],
  ),
  'scheduler.load_balancer.resource_threshold': row(
    ['Common limit for CPU, GPU and memory', 'CPU、GPU 和内存的统一上限'],
    ['For owners who set no limit of their own.', '用于未自行设置上限的所有者。'],
  ),
  'scheduler.load_balancer.cpu_threshold': row(
    ['CPU limit of the pool', '算力池的 CPU 上限'],
    ['Replaces the common limit for CPU.', '替代统一上限，用于 CPU。'],
  ),
  'scheduler.load_balancer.gpu_threshold': row(
    ['GPU limit of the pool', '算力池的 GPU 上限'],
    ['Replaces the common limit for GPU.', '替代统一上限，用于 GPU。'],
  ),
  'scheduler.load_balancer.memory_threshold': row(
    ['Memory limit of the pool', '算力池的内存上限'],
    ['Replaces the common limit for memory.', '替代统一上限，用于内存。'],
  ),
  'scheduler.node_health.heartbeat_interval_seconds': row(
    ['Heartbeat interval', '心跳间隔'],
    ['How often each node reports.', '每个节点上报的间隔。'],
  ),
  'scheduler.node_health.heartbeat_timeout_seconds': row(
    ['Heartbeat timeout', '心跳超时'],
    ['A node without a heartbeat for this long is offline.', '超过此时间没有心跳的节点为离线。'],
  ),
  'scheduler.node_health.warmup_timeout_seconds': row(
    ['Warm-up timeout', '预热超时'],
    ['A node that is not healthy by then is degraded.', '注册后超过此时间仍不健康的节点为降级。'],
  ),
  'scheduler.node_health.health_check_success_threshold': row(
    ['Checks until ready', '就绪所需的检查次数'],
    ['Healthy checks in a row before a new node gets jobs.', '新节点连续通过检查的次数，之后才获得任务。'],
  ),
  'scheduler.node_health.failure_rate_window_size': row(
    ['Checks that count', '统计的检查次数'],
    ['How many of the last checks the failure rate considers.', '失败率统计最近多少次检查。'],
  ),
  'scheduler.node_health.failure_rate_threshold': row(
    ['Failures until degraded', '降级前的失败次数'],
    ['Failures among the checks that count.', '统计的检查中的失败次数。'],
  ),
  'scheduler.node_health.consecutive_failure_threshold': row(
    ['Failures in a row until degraded', '降级前的连续失败次数'],
    ['A ready node is degraded after so many failures in a row.', '就绪节点连续失败这么多次后变为降级。'],
  ),
  'scheduler.node_health.recovery_success_threshold': row(
    ['Checks until recovered', '恢复所需的检查次数'],
    ['Healthy checks in a row before a degraded node is ready again.', '降级节点连续通过检查的次数，之后恢复就绪。'],
  ),
  'scheduler.node_health.periodic_scan_interval_seconds': row(
    ['Scan of all nodes', '全部节点的扫描间隔'],
    ['A safety net beside the deadlines of each node.', '作为各节点时限之外的保障。'],
  ),
} as const;
