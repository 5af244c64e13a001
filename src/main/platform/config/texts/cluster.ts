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
    ['Choose a file that contains the password.', '请选择包含密码的文件。'],
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
} as const;
