/** The table of streaming subresources. */
import type { CreateStreamHandlers } from './streams.ts';
import { aggregationHandler } from './sockets/aggregation-handler.ts';
import { attachHandler, execHandler } from './sockets/process-handlers.ts';
import { logHandler } from './sockets/log-handler.ts';
import { portForwardHandler } from './sockets/port-forward-handler.ts';
import { nodeProxyHandler, podProxyHandler, serviceProxyHandler } from './sockets/proxy-handler.ts';

export const createStreamHandlers: CreateStreamHandlers = (context) => ({
  'pods/log': logHandler(context),
  'pods/exec': execHandler(context),
  'pods/attach': attachHandler(context),
  'pods/portforward': portForwardHandler(context),
  'pods/proxy': podProxyHandler(context),
  'services/proxy': serviceProxyHandler(context),
  'nodes/proxy': nodeProxyHandler(context),
  'apiservices/proxy': aggregationHandler(context),
});
