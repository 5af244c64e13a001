// Where Ollama listens, by `OLLAMA_HOST` as Ollama itself reads it: a port, a host, or both, with or without a scheme. Pure.

const PORT = '11434';
const SCHEME_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };
/** What listens on all interfaces listens on this machine's own. */
const THIS_MACHINE: ReadonlySet<string> = new Set(['', '0.0.0.0', '::', '::1', 'localhost']);
const MAX_PORT = 65_535;

export interface OllamaHost {
  /** A name or an IP address without brackets; `127.0.0.1` for whatever means this machine. */
  readonly host: string;
  readonly url: string;
}

/** Null: it is not set. A port that is none is the usual one, as with Ollama. */
export function ollamaHost(variable: string | undefined): OllamaHost | null {
  const text = (variable ?? '').trim().replace(/^["']+|["']+$/g, '');
  if (text === '') return null;
  const [, scheme = '', rest = ''] = /^(?:(https?):\/\/)?(.*)$/i.exec(text) ?? [];
  const [hostAndPort = ''] = rest.split('/');
  const [, bracketed, plain = '', port = ''] = /^(?:\[(.*)\]|([^:]*))(?::([^:]*))?$/.exec(hostAndPort) ?? [undefined, hostAndPort];
  const named = bracketed ?? plain;
  const host = THIS_MACHINE.has(named.toLowerCase()) ? '127.0.0.1' : named;
  const isPort = /^\d{1,5}$/.test(port) && Number(port) <= MAX_PORT;
  const usedPort = isPort ? port : (SCHEME_PORTS[scheme.toLowerCase()] ?? PORT);
  return { host, url: `${scheme === '' ? 'http' : scheme}://${host.includes(':') ? `[${host}]` : host}:${usedPort}` };
}
