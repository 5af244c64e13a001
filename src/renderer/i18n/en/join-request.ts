// English: the dialog and the banner of a join request.
export const joinRequest = {
  join_request: {
    title: '{{name}} asks to join this pool',
    check: 'Approve only if the other screen shows the same digits.',
    expires: 'Expires in <b>{{left}}</b>',
    expires_in: 'expires in <b>{{left}}</b>',
    computer: 'Computer',
    claimed: 'not verified',
    gpus: 'GPUs',
    no_gpus: 'none reported',
    address: 'Address',
    looks_like: 'This name looks like the name of the node {{name}}. Make sure that you know the computer.',
    approve: 'Digits match, approve',
    deny: 'Deny',
    credential: 'The computer gets its own credential. You can revoke the credential on the Members page.',
    approved: 'Approved. Waiting for the other computer to confirm the digits.',
    confirmed: 'The other computer confirmed the digits.',
    heard: '{{name}} asks to join this pool. Digits: {{digits}}.',
    compare: 'Compare and approve',
    banner_label: 'Requests to join',
    banner: '<b>{{name}}</b> asks to join',
  },
};
