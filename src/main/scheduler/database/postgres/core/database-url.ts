// The address of a PostgreSQL database: postgres://user:password@host:port,host2:port2/database?sslmode=verify-full&sslrootcert=/ca.pem
import { fail, ok, type Result } from '../../../../../shared/result';

export interface DatabaseHost {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
}

/** `disable`: plain. `require`: encrypted, the certificate is not checked. `verify-ca`: of a known CA. `verify-full`: and of this host. */
export type TlsMode = 'disable' | 'require' | 'verify-ca' | 'verify-full';

export interface DatabaseTarget {
  readonly hosts: readonly DatabaseHost[];
  readonly user: string;
  readonly password: string | null;
  readonly database: string;
  readonly tlsMode: TlsMode;
  /** Of the CA, in PEM. Null: the CAs of the system. */
  readonly caFile: string | null;
}

/** The part of the URL that is wrong. The URL is not in it, because it may have a password. */
export type DatabaseUrlError = 'form' | 'user' | 'database' | 'host' | 'port' | 'sslmode' | 'sslrootcert' | 'parameter';

const DEFAULT_PORT = 5432;
const TLS_MODES: readonly string[] = ['disable', 'require', 'verify-ca', 'verify-full'] satisfies readonly TlsMode[];
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|\/.*)$/;
const FORM = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?([^/?#]*)\/([^/?#]*)(?:\?([^#]*))?$/;

export function parseDatabaseUrl(url: string): Result<DatabaseTarget, DatabaseUrlError> {
  const match = FORM.exec(url);
  if (match === null) return fail('form');
  const [, credentials = '', authority = '', path = '', query = ''] = match;
  const [userText = '', passwordText = null] = splitOnce(credentials, ':');
  const user = decoded(userText);
  const password = passwordText === null ? null : decoded(passwordText);
  const database = decoded(path);
  const parameters = parametersOf(query);
  if (user === null || user === '' || (password === null && passwordText !== null)) return fail('user');
  if (database === null || database === '') return fail('database');
  if (parameters === null) return fail('parameter');
  const { host: socket, sslmode, sslrootcert = null, ...others } = parameters;
  if (Object.keys(others).length > 0) return fail('parameter');
  const hosts = hostsOf(authority, socket);
  if (!hosts.ok) return hosts;
  const tlsMode = sslmode ?? (hosts.value.every(({ host }) => LOOPBACK.test(host)) ? 'disable' : 'verify-full');
  if (!isTlsMode(tlsMode)) return fail('sslmode');
  if (sslrootcert === '' || (sslrootcert !== null && (tlsMode === 'disable' || tlsMode === 'require'))) return fail('sslrootcert');
  return ok({ hosts: hosts.value, user, password, database, tlsMode, caFile: sslrootcert });
}

/** For logs and pages: no password. */
export function describeTarget({ hosts, database }: DatabaseTarget): string {
  return `${hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${String(port)}`).join(',')}/${database}`;
}

const isTlsMode = (text: string): text is TlsMode => TLS_MODES.includes(text);

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Null: the text has a `%` that encodes nothing. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function parametersOf(query: string): Partial<Record<string, string>> | null {
  const parameters: Partial<Record<string, string>> = {};
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [name, value] = splitOnce(pair, '=').map(decoded);
    if (name == null || value == null || parameters[name] !== undefined) return null;
    parameters[name] = value;
  }
  return parameters;
}

/** `socket`: a folder instead of hosts. */
function hostsOf(authority: string, socket: string | undefined): Result<readonly DatabaseHost[], DatabaseUrlError> {
  if (socket !== undefined) {
    if (!socket.startsWith('/') || authority !== '') return fail('host');
    return ok([{ host: socket, port: DEFAULT_PORT }]);
  }
  const hosts: DatabaseHost[] = [];
  for (const part of authority.split(',')) {
    const [, bracketed, plain = '', port = String(DEFAULT_PORT)] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*))(?::(.*))?$/.exec(part) ?? [];
    const host = bracketed ?? decoded(plain);
    if (host === null || host === '') return fail('host');
    if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) return fail('port');
    hosts.push({ host, port: Number(port) });
  }
  return ok(hosts);
}
