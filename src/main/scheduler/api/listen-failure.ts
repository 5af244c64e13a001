// Why the server cannot listen, from the error code of the operating system.

export interface ListenFailure {
  readonly code: 'PORT_IN_USE' | 'PORT_NOT_PERMITTED' | 'ADDRESS_NOT_AVAILABLE' | 'CERTIFICATE_UNUSABLE' | 'LISTEN_FAILED';
  readonly details: Readonly<Record<string, string | number>>;
}

export function listenFailure(host: string, port: number, error: unknown): ListenFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const details = { host, port };
  switch (code) {
    case 'EADDRINUSE':
      return { code: 'PORT_IN_USE', details };
    case 'EACCES':
      return { code: 'PORT_NOT_PERMITTED', details };
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { code: 'ADDRESS_NOT_AVAILABLE', details };
    default:
      return { code: 'LISTEN_FAILED', details: { ...details, reason: error instanceof Error ? error.message : String(error) } };
  }
}
