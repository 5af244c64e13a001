// Texts of the settings of `[cluster]`.
import { settingText as row } from './setting-text';

export const CLUSTER_TEXTS = {
  'cluster.database_url': row(
    ['Database of the cluster', '集群数据库'],
    [
      'A PostgreSQL database that several schedulers share. Empty: this scheduler is alone.',
      '由多个调度器共用的 PostgreSQL 数据库。留空表示只有这一个调度器。',
    ],
    ['Enter postgres://user@host/database, without the password.', '请输入 postgres://用户@主机/数据库，不含密码。'],
  ),
  'cluster.database_password_file': row(
    ['Password file of the database', '数据库密码文件'],
    ['Only this account should be able to read it.', '应仅允许当前账户读取。'],
    ['Enter the path of the file that contains the password.', '请输入密码文件的路径。'],
  ),
  'cluster.member_name': row(
    ['Name in the cluster', '集群中的名称'],
    ['Each scheduler of the cluster has its own name.', '集群中的每个调度器都有各自的名称。'],
    ['Enter a name. Empty: the host name.', '请输入名称。留空则使用主机名。'],
  ),
  'cluster.address': row(
    ['Address in the cluster', '集群中的地址'],
    ['Where nodes and clients reach this scheduler.', '节点和客户端访问此调度器的地址。'],
    ['Enter a host name or an address, such as muster1.example:7080.', '请输入主机名或地址，例如 muster1.example:7080。'],
  ),
  'cluster.bus_url': row(
    ['NATS servers of the cluster', '集群的 NATS 服务器'],
    [
      'They connect the schedulers, so that each of them serves nodes and clients. Empty: only the leader does.',
      '用于连接各调度器，使每台调度器都能为节点和客户端提供服务。留空表示仅由主调度器提供服务。',
    ],
    ['Enter tls://host, or nats://127.0.0.1 for a server on this computer.', '请输入 tls://主机；服务器在本机时请输入 nats://127.0.0.1。'],
  ),
  'cluster.bus_credentials_file': row(
    ['Credentials file of the NATS servers', 'NATS 服务器的凭据文件'],
    ['Only this account should be able to read it.', '应仅允许当前账户读取。'],
    ['Enter the path of the file that contains the credentials.', '请输入凭据文件的路径。'],
  ),
  'cluster.bus_ca_file': row(
    ['CA certificate of the NATS servers', 'NATS 服务器的 CA 证书'],
    ['Empty: the certificates that the system trusts.', '留空则使用系统信任的证书。'],
    ['Enter the path of a PEM file.', '请输入 PEM 文件路径。'],
  ),
} as const;
