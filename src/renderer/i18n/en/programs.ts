// English: the programs that a pool can serve. docs/clients.md has the same texts.
export const programs = {
  program: {
    title: 'Programs',
    choose: 'Program',
    group: { code: 'Terminal and code', agents: 'Coding agents', apps: 'Applications' },
    api: 'API',
    kind: {
      curl: 'terminal',
      python: 'openai library',
      javascript: 'openai library',
      anthropic: 'Python library',
      ollama: 'terminal, Python library',
      langchain: 'Python library',
      claude_code: 'terminal',
      codex: 'terminal',
      cline: 'extension for VS Code',
      continue: 'VS Code, JetBrains',
      open_webui: 'chat, docker command',
      librechat: 'chat',
      n8n: 'automation',
      home_assistant: 'Assist',
      litellm: 'gateway',
    },
    note: {
      curl: 'Streams one answer in a terminal.',
      python: 'Needs: pip install openai',
      javascript: 'Needs: npm install openai',
      anthropic: 'Needs: pip install anthropic',
      ollama:
        'Needs: pip install ollama. The command “ollama” sends no key, so it works only where the pool needs none. Programs that expect Ollama at port 11434 need the setting “Port for Ollama clients” of the host.',
      langchain: 'Needs: pip install langchain-openai',
      claude_code: 'Starts Claude Code with this model. It needs a model that calls tools, and a long context.',
      codex: 'The file adds the pool to Codex. The command starts Codex with this model, which must call tools and needs a long context.',
      cline: 'Cline needs a model that calls tools, and a long context.',
      continue: 'One file for both editors.',
      open_webui: 'Then open http://localhost:3000 in a browser.',
      librechat: 'Both files go into the folder of LibreChat. Then run: docker compose up -d',
      n8n: 'One of the two is enough: the first for the nodes of OpenAI, the second for those of Ollama. Both list the ready models.',
      home_assistant:
        'To control devices, Assist needs a model that calls tools. The setting “Port for Ollama clients” may stay off: the URL has the port of the pool.',
      litellm: 'Needs: pip install "litellm[proxy]". Programs then reach the pool at http://localhost:4000.',
    },
    terminal: 'Terminal',
    container:
      'This pool is open to this computer only. A container reaches it only in the network of the computer (--network host, Linux).',
    certificate: 'Certificate',
    trust: {
      example: 'The example names the CA of the pool, for this pool only.',
      adds: 'The example adds the CA of the pool to those that the program trusts.',
      replaces: 'The file in the example replaces the CAs of the system: join both files, or other websites are refused.',
      bundle:
        'In a container, REQUESTS_CA_BUNDLE names a file that joins the CAs of the system and ca.pem. Home Assistant OS cannot set it. There, use http:// with the setting “Jobs without encryption” of the host: the network can then read all contents.',
    },
  },
};
