// English: further words for the search of the palette.
export const palette = {
  /** Words by which the palette finds a page or an action, beside those of its title. */
  palette_search: {
    page: {
      computer: 'home status overview share sharing pause resume stop start leave rename',
      gpus: 'graphics card vram memory temperature driver nvidia amd cuda limit',
      pool: 'overview host share sharing stop start join leave invite invitation link address url dashboard browser connect',
      nodes: 'computers machines workers servers drain resume stop',
      models: 'llm download install load unload ollama server',
      jobs: 'requests tasks queue waiting history errors',
      members: 'people users keys api token password roles invite invitation revoke access audit',
      usage: 'tokens statistics cost limits requests',
      cluster: 'leader failover schedulers high availability postgresql',
      try: 'chat ask prompt question test playground',
      connect: 'api key token url endpoint address openai curl python editor client code',
      setup: 'first run start begin join share host own models',
      logs: 'errors problems diagnostics report debug messages',
      settings: 'options preferences language theme dark schedule hours limits update version start at login about',
    },
    act: {
      resume_sharing: 'share unpause continue start on',
      pause_sharing: 'stop unshare end off halt',
      invite: 'add member person node share join link invitation',
      new_key: 'create make api token password access client',
    },
  },
};
