// Parses `OLLAMA_HOST` as Ollama does: a port, a host, or both, with or without a scheme.

const PORT = '11434';
const SCHEME_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };
/** Hosts that mean this machine. A server on all interfaces also listens on loopback. */
const THIS_MACHINE: ReadonlySet<string> = new Set(['', '0.0.0.0', '::', '::1', 'localhost']);
const MAX_PORT = 65_535;

export interface OllamaHost {
  /** A name or an IP address without brackets. `127.0.0.1` for every host that means this machine. */
  readonly host: string;
  readonly url: string;
}

/** Null: not set. An invalid port is replaced by the default port, as in Ollama. */
export function ollamaHost(variable: string | undefined): OllamaHost | null {
  const text = (variable ?? '').trim().replace(/^["']+|["']+$/g, '');
  if (text === '') return null;
  const [, scheme = '', rest = ''] = /^(?:(https?):\/\/)?(.*)$/i.exec(text) ?? [];
  const [hostAndPort = ''] = rest.split('/');
  const match = /^(?:\[(.*)\]|([^:]*))(?::([^:]*))?$/.exec(hostAndPort);
  const named = match === null ? hostAndPort : (match[1] ?? match[2] ?? '');
  const port = match?.[3] ?? '';
  const host = THIS_MACHINE.has(named.toLowerCase()) ? '127.0.0.1' : named;
  const isPort = /^\d{1,5}$/.test(port) && Number(port) <= MAX_PORT;
  const usedPort = isPort ? port : (SCHEME_PORTS[scheme.toLowerCase()] ?? PORT);
  return { host, url: `${scheme === '' ? 'http' : scheme}://${host.includes(':') ? `[${host}]` : host}:${usedPort}` };
}
