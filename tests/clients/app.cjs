// A small Bolt app for the test of Slack's Node packages. What happens to it is told on stdout, one JSON object a line.
const { App } = require('@slack/bolt');

const tell = (what, more = {}) => console.log(JSON.stringify({ what, ...more }));
const words = (text) => ({ type: 'plain_text', text });
const modal = {
  type: 'modal',
  callback_id: 'form',
  title: words('Check in'),
  submit: words('Send'),
  blocks: [
    {
      type: 'input',
      block_id: 'value',
      label: words('KR-3 value'),
      element: { type: 'plain_text_input', action_id: 'typed' },
    },
  ],
};
const buttons = [
  {
    type: 'actions',
    block_id: 'row',
    elements: [{ type: 'button', action_id: 'go', text: words('Go'), value: 'KR-3' }],
  },
];

async function main() {
  const [mode, slackApiUrl, port] = process.argv.slice(2);
  const socketMode = mode === 'socket';
  const app = new App({
    token: 'xoxb-sandbox',
    signingSecret: 'sandbox',
    ...(socketMode ? { socketMode, appToken: 'xapp-sandbox' } : {}),
    clientOptions: { slackApiUrl },
    logLevel: 'error',
  });

  app.command('/okr', async ({ command, ack, client, respond }) => {
    if (command.text === 'buttons') {
      await ack();
      await client.chat.postMessage({ channel: command.user_id, text: 'Press it', blocks: buttons });
    } else if (command.text === 'later') {
      await ack();
      await respond('A late answer');
    } else {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: modal });
    }
  });
  app.action('go', async ({ ack, action, respond }) => {
    await ack();
    await respond({ text: `Pressed ${action.value}`, replace_original: true });
  });
  app.view('form', async ({ ack, view, body, client }) => {
    const typed = view.state.values.value.typed.value;
    if (!/^\d+$/.test(typed)) {
      await ack({ response_action: 'errors', errors: { value: 'Please type a number.' } });
      return;
    }
    await ack();
    await client.chat.postMessage({ channel: body.user.id, text: `Saved ${typed}` });
  });
  app.event('reaction_added', async ({ event }) => tell('reaction', { reaction: event.reaction, by: event.user }));
  app.message(async ({ message, say }) => {
    if (message.subtype) return; // an edit or deletion is no message one could reply to
    await say({ text: `You said ${message.text}`, thread_ts: message.ts });
  });
  app.error(async (error) => tell('error', { message: String(error) }));

  await app.start(Number(port || 0));
  const me = await app.client.auth.test();
  tell('ready', { user: me.user_id, scopes: me.response_metadata.scopes });
}

main().catch((error) => {
  tell('failed', { message: String(error.stack || error) });
  process.exit(1);
});
