// The configuration keys of `[cluster]`: several schedulers with one database.
import { z } from 'zod';
import { MAX_NAME_LENGTH } from '../../../shared/protocol/limits';
import { isLoopbackHost } from '../../../shared/loopback';
import { nameSchema } from '../../../shared/protocol/names';
import { type ConfigKey, text } from './config-key';
import { path } from './key-schemas';

/** Scheme, user without a password, hosts, database. The driver reads the rest. */
const DATABASE_URL = /^postgres(?:ql)?:\/\/[^:@/?#\s]+@[^@/?#\s]+\/[^/?#\s]+(?:\?\S*)?$/;
const ADDRESS = /^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9.-]{1,253})(?::\d{1,5})?$/;

/** A secret must not be in a configuration or on a command line. */
const databaseUrl = z
  .string()
  .max(4096)
  .superRefine((value, context) => {
    if (/^[a-z]+:\/\/[^/?#@]*:[^/?#@]*@/i.test(value))
      context.addIssue('the address contains a password: write it to a file, and set cluster.database_password_file to that file');
    else if (!DATABASE_URL.test(value)) context.addIssue('expected an address such as postgres://muster@db1.example,db2.example/muster');
  });

/** One server: its scheme and its host. */
const BUS_SERVER = /^(nats|tls):\/\/(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9._-]+)(?::\d{1,5})?\/?$/;

/** Requests on the bus carry credentials, so servers on other computers need TLS. */
const busUrl = z
  .string()
  .max(4096)
  .superRefine((value, context) => {
    if (value.includes('@')) {
      context.addIssue('the address contains a user: write the credentials to a file, and set cluster.bus_credentials_file to that file');
      return;
    }
    const servers = value.split(',').map((part) => BUS_SERVER.exec(part.trim()));
    const schemes = new Set(servers.map((server) => server?.[1]));
    if (servers.includes(null)) context.addIssue('expected an address such as tls://bus1.example,tls://bus2.example');
    else if (schemes.size > 1) context.addIssue('the addresses have one scheme: nats:// or tls://');
    else if (servers.some((server) => server?.[1] === 'nats' && !isLoopbackHost(server[2]?.replaceAll(/[[\]]/g, '') ?? '')))
      context.addIssue('a server on another computer needs TLS: expected an address such as tls://bus1.example');
  });

export const CLUSTER_KEYS = {
  'cluster.database_url': text(
    databaseUrl,
    null,
    'The PostgreSQL database of a cluster of schedulers, such as `postgres://muster@db1.example,db2.example/muster`. Default: this scheduler is alone, with files in the data folder.',
  ),
  'cluster.database_password_file': text(
    path,
    null,
    'File with the password of `cluster.database_url`. Default: the environment variable `PGPASSWORD`.',
  ),
  'cluster.member_name': text(
    nameSchema(MAX_NAME_LENGTH),
    null,
    'The name of this scheduler in its cluster, different from those of the others. Default: the host name.',
  ),
  'cluster.address': text(
    z
      .string()
      .max(260)
      .regex(ADDRESS, { error: 'expected a host name or an address, with or without a port, such as muster1.example:7080' }),
    null,
    'Where nodes and clients reach this scheduler of the cluster. Default: the host name and the port.',
  ),
  'cluster.bus_url': text(
    busUrl,
    null,
    'The NATS servers that connect the schedulers of the cluster, such as `tls://bus1.example,tls://bus2.example`. Then each scheduler serves nodes and clients. Default: only the leader does.',
  ),
  'cluster.bus_credentials_file': text(
    path,
    null,
    'File with the credentials for `cluster.bus_url`: the lines `user=...` and `password=...`, the line `token=...`, an nkey seed, or a `.creds` file of NATS. Read for each connection. Default: none.',
  ),
  'cluster.bus_ca_file': text(
    path,
    null,
    'CA certificate of the servers of `cluster.bus_url`, in PEM. Default: the certificates that the system trusts.',
  ),
} as const satisfies Record<string, ConfigKey>;
