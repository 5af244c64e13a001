// The configuration keys of `[cluster]`: several schedulers with one database.
import { z } from 'zod';
import { MAX_NAME_LENGTH } from '../../../shared/protocol/limits';
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
} as const satisfies Record<string, ConfigKey>;
