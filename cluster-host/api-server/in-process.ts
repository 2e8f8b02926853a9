/** The request chain for callers in this process: objects in, objects out, no socket and no JSON between. */
import type { Disposable } from '../platform/platform.ts';
import { badRequest } from './failure.ts';
import { ObjectVersion } from './registry/object-version.ts';
import type { Answer, ApiRequest, RequestBody } from './request.ts';
import type { RequestChain } from './request-chain.ts';
import type { ApiServer, InProcessRequest, InProcessResponse, UserInfo } from './server.ts';

export function inProcessEntry(chain: RequestChain): Pick<ApiServer, 'handle' | 'watch'> {
  return {
    async handle(request) {
      const { answer, warnings, headers: own } = await chain.handle(requestOf(request));
      const { status, headers, body } = responseOf(answer);
      return { status, headers: { ...own, ...headers, ...(warnings.length === 0 ? {} : { warning: warningHeader(warnings) }) }, body };
    },
    watch(request, handler) {
      let disposed = false;
      let open: Disposable | undefined;
      const start = async (): Promise<void> => {
        const { answer } = await chain.handle(requestOf({ ...request, query: { ...request.query, watch: 'true' } }));
        if (disposed) return;
        if (answer.type !== 'watch') {
          handler.ended(responseOf(answer).body);
          return;
        }
        open = answer.open({
          event: (type, version) => disposed || handler.event(type, version.object),
          ended: (status) => disposed || handler.ended(status),
        });
        if (disposed) open.dispose();
      };
      void start();
      return {
        dispose() {
          disposed = true;
          open?.dispose();
        },
      };
    },
  };
}

export function warningHeader(warnings: readonly string[]): string {
  return [...new Set(warnings)].map((text) => `299 - ${JSON.stringify(text)}`).join(', ');
}

function requestOf({ user, method, path, query, headers = {}, body, signal }: InProcessRequest): ApiRequest {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) parameters.append(name, String(one));
  }
  return {
    method,
    path,
    query: parameters,
    headers: { 'user-agent': programOf(user), ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])) },
    credentials: { type: 'known', user },
    body: () => Promise.resolve(bodyOf(body)),
    signal,
  };
}

/** Components are known by their users: `system:kube-scheduler`, `system:node:NAME`; controllers, which have one each, are all of one program. */
function programOf({ name }: UserInfo): string {
  if (name.startsWith('system:node:')) return 'kubelet';
  return name.startsWith('system:serviceaccount:kube-system:') ? 'kube-controller-manager' : name.replace(/^system:/, '');
}

function bodyOf(body: unknown): RequestBody {
  if (body === undefined) return { type: 'bytes', bytes: new Uint8Array() };
  return body instanceof Uint8Array ? { type: 'bytes', bytes: body } : { type: 'value', value: body };
}

function responseOf(answer: Answer): InProcessResponse {
  switch (answer.type) {
    case 'object':
      return { status: answer.status, headers: answer.headers ?? {}, body: answer.object instanceof ObjectVersion ? answer.object.object : answer.object };
    case 'list': {
      const { kind, apiVersion, metadata, items } = answer.list;
      return { status: 200, headers: {}, body: { kind, apiVersion, metadata, items: items.map(({ object }) => object) } };
    }
    case 'text':
      return { status: answer.status, headers: { ...answer.headers, 'content-type': answer.contentType }, body: textOf(answer.text, answer.contentType) };
    case 'watch':
    case 'connect': {
      const { status } = badRequest('a stream cannot be answered in one piece');
      return { status: 400, headers: {}, body: status };
    }
  }
}

function textOf(text: string | Uint8Array, contentType: string): unknown {
  const whole = typeof text === 'string' ? text : new TextDecoder().decode(text);
  return contentType.startsWith('application/json') ? JSON.parse(whole) : whole;
}
