// Restate: its server, and in this process a service with a handler for each workload. A step is a `ctx.run`.
import { createServer } from 'node:http2';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as restate from '@restatedev/restate-sdk';
import * as clients from '@restatedev/restate-sdk-clients';
import { eventually, freePorts, keep, measure, workloads } from '../measure.mjs';

// Its package calls what Node.js has from version 22 on.
Promise.withResolvers ??= () => {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};

const name = 'load';
const handler = ({ run }) => (ctx, n) => run(n, (step, body) => ctx.run(step, body), (steps) => restate.RestatePromise.all(steps));
const service = restate.service({ name, handlers: Object.fromEntries(Object.entries(workloads).map(([word, workload]) => [word, handler(workload)])) });

const [ingress, admin, fabric] = await freePorts(3);
const logger = ({ level }, ...words) => { if (level === 'error') console.error(...words); };
const endpoint = createServer(restate.createEndpointHandler({ services: [service], logger }));
await new Promise((resolve) => endpoint.listen(0, '127.0.0.1', resolve));

// The program itself, not the script that calls it: that would leave it behind.
const require = createRequire(createRequire(import.meta.url).resolve('@restatedev/restate-server/package.json'));
const server = join(dirname(require.resolve(`@restatedev/restate-server-${process.platform}-${process.arch}/package.json`)), 'bin', 'restate-server');
const end = keep([server], {
  environment: {
    DO_NOT_TRACK: '1',
    RESTATE_BASE_DIR: 'data',
    RESTATE_LISTEN_MODE: 'tcp',
    RESTATE_BIND_ADDRESS: `127.0.0.1:${fabric}`,
    RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${fabric}`,
    RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
    RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
    RESTATE_LOG_FILTER: 'warn',
  },
});
try {
  await eventually('Restate takes the service', async () => {
    const answer = await fetch(`http://127.0.0.1:${admin}/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uri: `http://127.0.0.1:${endpoint.address().port}` }),
    });
    if (!answer.ok) {
      throw new Error(await answer.text());
    }
  });
  const client = clients.connect({ url: `http://127.0.0.1:${ingress}` }).serviceClient({ name });
  await measure('restate', (workload, n) => client[workload](n));
} finally {
  await end();
  endpoint.close();
}
process.exit();
