// How each program is given the CA of a shared pool, as docs/openai.md lists it.

export interface TrustExample {
  readonly program: 'curl' | 'python' | 'node' | 'open_webui';
  /** `baseUrl`: of the scheduler, without a trailing slash. */
  readonly exampleOf: (baseUrl: string) => string;
}

export const TRUST_EXAMPLES: readonly TrustExample[] = [
  { program: 'curl', exampleOf: (baseUrl) => `curl --cacert ca.pem ${baseUrl}/v1/models -H "Authorization: Bearer $MUSTER_TOKEN"` },
  {
    program: 'python',
    exampleOf: (baseUrl) =>
      [
        'import os, ssl, httpx, openai',
        'trust = ssl.create_default_context(cafile="ca.pem")',
        `client = openai.OpenAI(base_url="${baseUrl}/v1", api_key=os.environ["MUSTER_TOKEN"], http_client=httpx.Client(verify=trust))`,
      ].join('\n'),
  },
  { program: 'node', exampleOf: () => 'NODE_EXTRA_CA_CERTS=ca.pem node program.js' },
  {
    program: 'open_webui',
    exampleOf: (baseUrl) =>
      [
        'docker run -p 3000:8080 -v "$PWD/ca.pem:/ca.pem:ro" -e SSL_CERT_FILE=/ca.pem',
        `-e OPENAI_API_BASE_URL=${baseUrl}/v1`,
        '-e OPENAI_API_KEY="$MUSTER_TOKEN" ghcr.io/open-webui/open-webui:main',
      ].join(' \\\n  '),
  },
];
