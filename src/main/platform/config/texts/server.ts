// Texts of the settings of `[server]`.
import { settingText as row } from './setting-text';

export const SERVER_TEXTS = {
  'server.host': row(
    ['Listen address', '监听地址'],
    ['127.0.0.1: this computer only. 0.0.0.0: other computers, too.', '127.0.0.1：仅本机可访问；0.0.0.0：其他电脑也可访问。'],
    ['Enter an IP address or a host name.', '请输入 IP 地址或主机名。'],
  ),
  'server.port': row(
    ['Port', '端口'],
    ['For nodes, programs and the dashboard. If empty, any free port.', '节点、程序和管理页面使用的端口。为空时自动选择空闲端口。'],
  ),
  'server.ollama_port': row(
    ['Port for Ollama clients', 'Ollama 客户端端口'],
    [
      'For programs that expect Ollama on this computer: 11434. It is opened at the next start if no other program has it.',
      '供需要连接本机 Ollama 的程序使用，填 11434。下次启动时若未被其他程序占用则打开。',
    ],
  ),
  'server.max_message_bytes': row(
    ['Maximum size of a message of a node', '节点消息大小上限'],
    ['A larger frame closes the connection.', '超过此大小会断开连接。'],
  ),
  'server.max_body_bytes': row(
    ['Maximum size of a request', '请求大小上限'],
    ['Applies to jobs and API requests. A larger one is refused.', '适用于任务和 API 请求，超过则拒绝。'],
  ),
  'server.registration_timeout_seconds': row(
    ['Registration timeout', '注册超时'],
    ['A connection without a registration is closed after this time.', '超过此时间未注册的连接会被关闭。'],
  ),
  'server.first_message_timeout_seconds': row(
    ['First message timeout', '首条消息超时'],
    ['For unknown nodes: the first message must be complete by then.', '未知节点必须在此时间内发完首条消息。'],
  ),
  'server.max_handshakes_per_address': row(
    ['Unfinished registrations per address', '每个地址的未完成注册数'],
    ['Known nodes do not count.', '不计已知节点。'],
  ),
  'server.max_new_nodes_per_minute': row(
    ['New nodes per minute and address', '每个地址每分钟的新节点数'],
    ['Known nodes do not count.', '不计已知节点。'],
  ),
  'server.max_connections_per_address': row(
    ['Connections per address', '每个地址的连接数'],
    ['Open HTTP connections. Connections of nodes do not count.', '打开的 HTTP 连接数，不计节点连接。'],
  ),
  'server.allow_open_lan': row(
    ['Let any computer join', '允许任何电脑加入'],
    ['Every computer that reaches the address joins without an invitation.', '能访问此地址的电脑无需邀请即可加入。'],
  ),
  'server.loopback': row(
    ['Programs on this computer', '本机上的程序'],
    ['Open: they may send jobs without a key. Keys: they need a key.', '开放：无需密钥即可发送任务；需要密钥：必须使用密钥。'],
  ),
  'server.allowed_hosts': row(
    ['Further host names', '其他主机名'],
    ['Names under which browsers reach the dashboard, besides the names of this computer.', '除本机名称外，浏览器访问管理页面可用的名称。'],
    ['Enter host names.', '请输入主机名。'],
  ),
  'server.tls_cert_file': row(
    ['Certificate file', '证书文件'],
    ['A certificate of your own, in PEM. Default: a certificate of the pool.', '你自己的 PEM 证书。默认使用算力池的证书。'],
    ['Enter the path of a PEM file.', '请输入 PEM 文件路径。'],
  ),
  'server.tls_key_file': row(
    ['Private key file', '私钥文件'],
    ['The key of the certificate file, without a passphrase.', '证书文件对应的私钥，不带密码。'],
    ['Enter the path of a PEM file.', '请输入 PEM 文件路径。'],
  ),
  'server.plain_http_api': row(
    ['Allow jobs without encryption', '允许未加密的任务'],
    [
      'Programs on other computers may send jobs without TLS. The network can read them.',
      '其他电脑上的程序可不使用 TLS 发送任务，网络中的其他人可以读取任务内容。',
    ],
  ),
  'server.announce': row(
    ['Announce this pool in the local network', '在局域网中广播此算力池'],
    [
      'Other computers of the network find the shared pool. The host name goes out in clear.',
      '网络中的其他电脑可以找到共享的算力池。主机名以明文发送。',
    ],
  ),
} as const;
