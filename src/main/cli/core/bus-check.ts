// What `muster doctor` finds about the bus of a cluster: the problems, and what to do about each.
import type { Localized } from '../../../shared/language';
import { type Finding, findingRows, fixLines } from './cluster-findings';
import type { MessageContext } from './message-context';

export const BUS_PROBLEMS = [
  'settings',
  'ca_file',
  'credentials',
  'unreachable',
  'tls',
  'auth',
  'permission',
  'payload_limit',
  'no_answer',
] as const;
export type BusProblem = (typeof BUS_PROBLEMS)[number];

/** `detail` has no address of the server. */
export type BusFinding = Finding<BusProblem>;

/** No problem: the bus carries messages of this member. */
export interface BusCheck {
  readonly problems: readonly BusFinding[];
}

const FIXES: Readonly<Record<BusProblem, Localized>> = {
  settings: {
    en: 'The settings of the bus contradict each other: correct cluster.bus_url, cluster.bus_credentials_file or cluster.bus_ca_file.',
    zh: '总线的设置相互矛盾：请更正 cluster.bus_url、cluster.bus_credentials_file 或 cluster.bus_ca_file。',
  },
  ca_file: {
    en: 'cluster.bus_ca_file is not a readable certificate in PEM. Correct the path or the permissions of the file.',
    zh: 'cluster.bus_ca_file 不是可读取的 PEM 证书。请更正路径或文件权限。',
  },
  credentials: {
    en: 'cluster.bus_credentials_file cannot be used. It must be readable for the account of Muster and have the lines user= and password=, the line token=, or an nkey seed, or be a .creds file of NATS.',
    zh: '无法使用 cluster.bus_credentials_file。运行 Muster 的账户必须能读取该文件，其内容应为 user= 和 password= 两行、token= 一行、nkey 种子，或 NATS 的 .creds 文件。',
  },
  unreachable: {
    en: 'No server of cluster.bus_url accepts connections. Start nats-server, and check the addresses and the firewall of its host.',
    zh: 'cluster.bus_url 中没有服务器接受连接。请启动 nats-server，并检查地址及其主机的防火墙。',
  },
  tls: {
    en: 'No TLS connection to the server. cluster.bus_url must begin with tls:// when the server uses TLS, cluster.bus_ca_file must be the CA of its certificate, and the certificate must be for a host of cluster.bus_url and not expired.',
    zh: '无法与服务器建立 TLS 连接。服务器使用 TLS 时，cluster.bus_url 必须以 tls:// 开头；cluster.bus_ca_file 必须是其证书的 CA；证书必须适用于 cluster.bus_url 中的主机且未过期。',
  },
  auth: {
    en: 'The server refuses the credentials. Compare cluster.bus_credentials_file with the users of nats-server.',
    zh: '服务器拒绝了凭据。请将 cluster.bus_credentials_file 与 nats-server 的用户进行核对。',
  },
  permission: {
    en: 'The user of NATS needs the permission to publish and to subscribe to muster.>.',
    zh: 'NATS 用户需要对 muster.> 的发布和订阅权限。',
  },
  payload_limit: {
    en: 'The server accepts only smaller messages than the members send. Raise max_payload of nats-server to its default of 1MB.',
    zh: '服务器允许的消息小于成员发送的消息。请将 nats-server 的 max_payload 提高到默认值 1MB。',
  },
  no_answer: {
    en: 'The server is connected but brings no message back. Look into its log, and run this check again.',
    zh: '已连接服务器，但未收到返回的消息。请查看其日志，然后重新运行此检查。',
  },
};

export const busRows = ({ problems }: BusCheck): readonly (readonly string[])[] => findingRows('cluster bus', problems, '');

export const busFixes = ({ problems }: BusCheck, { language }: Pick<MessageContext, 'language'>): string =>
  fixLines(problems, FIXES, language);
