// Slack's Node Web client and Socket Mode client on their own. What was found out is told as one JSON object.
const { WebClient } = require('@slack/web-api');
const { SocketModeClient } = require('@slack/socket-mode');

async function refusal(call) {
  try {
    await call;
  } catch (error) {
    return { code: error.code, error: error.data && error.data.error, messages: error.data.response_metadata };
  }
  return null;
}

async function hearOneEvent(slackApiUrl, web) {
  const client = new SocketModeClient({ appToken: 'xapp-sandbox', clientOptions: { slackApiUrl }, logLevel: 'error' });
  const heard = new Promise((resolve) => {
    client.on('slack_event', async ({ ack, body, type, retry_num }) => {
      await ack();
      // The bot's own posts from before may still be on their way.
      if (body.event.text === 'over the socket') {
        resolve({ type, event: body.event.type, text: body.event.text, retries: retry_num });
      }
    });
  });
  await client.start();
  await web.chat.postMessage({ channel: 'U0ANA', text: 'over the socket' });
  const event = await heard;
  await client.disconnect();
  return event;
}

async function main() {
  const slackApiUrl = process.argv[2];
  const web = new WebClient('xoxb-sandbox', { slackApiUrl, retryConfig: { retries: 0 }, logLevel: 'error' });
  const me = await web.auth.test();
  const names = [];
  for await (const page of web.paginate('users.list', { limit: 4 })) {
    names.push(...page.members.map((one) => one.name));
  }
  const block = { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } };
  const posted = await web.chat.postMessage({ channel: 'U0ANA', text: 'from Node', metadata: {
    event_type: 'delivery', event_payload: { key: 'k-1' },
  } });
  const history = await web.conversations.history({ channel: posted.channel, include_all_metadata: true, limit: 1 });
  await web.filesUploadV2({
    channel_id: posted.channel, filename: 'export.csv', content: 'KR;value\n', initial_comment: 'from Node too',
  });
  console.log(JSON.stringify({
    user: me.user_id,
    names,
    badBlocks: await refusal(web.chat.postMessage({ channel: 'U0ANA', text: 'x', blocks: [block] })),
    badToken: await refusal(new WebClient('xoxb-other', { slackApiUrl, logLevel: 'error' }).auth.test()),
    metadata: history.messages[0].metadata,
    event: await hearOneEvent(slackApiUrl, web),
  }));
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
