// Texts of the settings of this computer: `[agent]`, `[runtimes]`, `[log]`.
import { settingText as row } from './setting-text';

export const THIS_COMPUTER_TEXTS = {
  'agent.scheduler': row(
    ['Scheduler to join', '要加入的调度器'],
    ['Address of the pool that this computer joins at its first start.', '本机首次启动时加入的算力池地址。'],
    [
      'Enter an address such as wss://192.168.1.20:7080#pin=sha256-…, without a key.',
      '请输入地址，例如 wss://192.168.1.20:7080#pin=sha256-…，不含密钥。',
    ],
  ),
  'agent.other_schedulers': row(
    ['Other schedulers of the pool', '算力池的其他调度器'],
    [
      'This computer tries them when the present scheduler fails. A pool with several schedulers reports them by itself.',
      '当前调度器不可用时，本机会尝试这些调度器。有多台调度器的算力池会自动告知它们的地址。',
    ],
    ['Enter addresses such as wss://192.168.1.21:7080, without a pin.', '请输入地址，例如 wss://192.168.1.21:7080，不含指纹。'],
  ),
  'agent.token_file': row(
    ['File with the invitation key', '邀请密钥文件'],
    ['The key in this file admits this computer at its first registration.', '首次注册时使用此文件中的密钥。'],
    ['Enter the path of a file.', '请输入文件路径。'],
  ),
  'agent.name': row(
    ['Name of this computer', '本机名称'],
    ['Other members of the pool see it. Default: the host name.', '算力池的其他成员会看到此名称。默认为主机名。'],
    ['Enter 1 to 128 characters.', '请输入 1 到 128 个字符。'],
  ),
  'agent.accept_public_jobs': row(
    ['Accept jobs not marked as private', '接受未标记为私有的任务'],
    [
      'Off: this computer runs only jobs that were sent to /api/v1/jobs with "public": false, and none of chat programs.',
      '关闭后，本机只运行发送到 /api/v1/jobs 且带有 "public": false 的任务，不运行聊天程序的请求。',
    ],
  ),
  'agent.max_concurrent_jobs': row(
    ['Maximum jobs at once', '最多同时运行的任务数'],
    [
      'Number of slots. Use the number of requests that your model server answers at once.',
      '槽位数量。建议与模型服务可同时处理的请求数一致。',
    ],
  ),
  'agent.share': row(
    ['When jobs may start', '接收任务的条件'],
    [
      'The CPU and GPU limits count your own use only. The memory limit counts all memory in use.',
      'CPU 和 GPU 上限只计算你自己的使用率；内存上限计算全部已用内存。',
    ],
  ),
  'agent.limits.cpu_percent': row(
    ['CPU limit', 'CPU 上限'],
    ['New jobs start while your own CPU use is below it.', '你自己的 CPU 使用率低于此值时才启动新任务。'],
  ),
  'agent.limits.gpu_percent': row(
    ['GPU limit', 'GPU 上限'],
    ['New jobs start while your own GPU use is below it.', '你自己的 GPU 使用率低于此值时才启动新任务。'],
  ),
  'agent.limits.mem_percent': row(
    ['Memory limit', '内存上限'],
    ['New jobs start while the memory in use is below it.', '内存使用率低于此值时才启动新任务。'],
  ),
  'agent.gpus': row(
    ['Offered GPUs', '提供的显卡'],
    ['If empty, all are offered. The GPUs page has a switch for each.', '为空时提供全部。“显卡”页可逐块开关。'],
    ['Enter UUIDs, indexes or names of GPUs.', '请输入显卡的 UUID、编号或名称。'],
  ),
  'agent.vram_limits_gb': row(
    ['VRAM limits', '显存上限'],
    ['The maximum memory of a GPU that the pool may use.', '算力池最多可使用的显存。'],
    ['The GPUs page sets them, too. Example: RTX 4090=16 (GB).', '也可在“显卡”页设置。例如 RTX 4090=16（GB）。'],
  ),
  'agent.allow_model_control': row(
    ['Let the pool load and unload models', '允许算力池加载和卸载模型'],
    ['Default: only a scheduler on this computer may do so.', '默认仅允许本机上的调度器。'],
  ),
  'agent.wake_on_lan': row(
    ['Let the pool wake this computer', '允许算力池唤醒本机'],
    [
      'A job that no other node can take wakes this computer from sleep. Needs Wake-on-LAN in its firmware, and the scheduler in the same network.',
      '当其他节点都无法接收任务时，将本机从睡眠中唤醒。需要在固件中启用网络唤醒，且调度器位于同一网络。',
    ],
  ),
  'agent.unshared_models': row(
    ['Models that are not shared', '不共享的模型'],
    ['The pool does not get these models. Programs on this computer can still use them.', '算力池不会使用这些模型，本机上的程序仍可使用。'],
    ['Enter IDs of models.', '请输入模型 ID。'],
  ),
  'agent.model_folders': row(
    ['Model folders', '模型文件夹'],
    [
      'Each subfolder is one model. If empty, Muster uses the folder “models” in its data folder.',
      '每个子文件夹是一个模型。为空时使用数据文件夹中的“models”文件夹。',
    ],
    ['Enter paths of folders.', '请输入文件夹路径。'],
  ),
  'agent.simulate_gpu': row(
    ['Simulated GPUs', '模拟显卡'],
    ['For trying Muster without a GPU. Marked as simulated everywhere.', '用于在没有显卡时试用。所有界面都会标明为模拟。'],
    ['Enter a name and gigabytes, such as RTX 4090:24.', '请输入名称和显存大小（GB），例如 RTX 4090:24。'],
  ),
  'runtimes.look_for_local': row(
    ['Look for model servers here', '查找本机的模型服务'],
    ['Ollama, llama.cpp, vLLM, LM Studio and others on their usual ports.', '在常用端口上查找 Ollama、llama.cpp、vLLM、LM Studio 等。'],
  ),
  'runtimes.urls': row(
    ['Further model servers', '其他模型服务'],
    ['Addresses to look at. The type of the server is detected.', '要查看的地址。服务器类型会自动识别。'],
    ['Enter addresses such as http://127.0.0.1:5000.', '请输入地址，例如 http://127.0.0.1:5000。'],
  ),
  'runtimes.allowed_hosts': row(
    ['Other computers with model servers', '运行模型服务的其他电脑'],
    ['Jobs and their content are sent to these computers.', '任务及其内容会发送到这些电脑。'],
    ['Enter host names or IP addresses.', '请输入主机名或 IP 地址。'],
  ),
  'runtimes.api_key_files': row(
    ['Keys of model servers', '模型服务的密钥'],
    ['A file with the key for each address. Only its owner may read the file.', '每个地址对应一个密钥文件，仅文件所有者可读。'],
    [
      'Enter an address and a file, such as http://127.0.0.1:8000=/home/me/vllm.key.',
      '请输入地址和文件，例如 http://127.0.0.1:8000=/home/me/vllm.key。',
    ],
  ),
  'runtimes.measure_models': row(
    ['Measure the speed of every model', '测量所有模型的速度'],
    ['One small request for each model, which may load it.', '对每个模型发送一个小请求，可能会加载模型。'],
  ),
  'runtimes.pull_models': row(
    ['Models to keep installed', '保持安装的模型'],
    ['A running Ollama downloads the missing ones.', '正在运行的 Ollama 会下载缺少的模型。'],
    ['Enter names of Ollama models, such as llama3.2:3b.', '请输入 Ollama 模型名称，例如 llama3.2:3b。'],
  ),
  'log.level': row(['Log level', '日志级别'], ['Lines below this level are not written.', '低于此级别的日志不写入。']),
  'log.format': row(
    ['Log format', '日志格式'],
    ['Applies to the command line. The app always writes JSON lines to its files.', '用于命令行。桌面应用的日志文件始终为 JSON 行。'],
  ),
} as const;
