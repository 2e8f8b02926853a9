/** `/healthz`, `/livez` and `/readyz`, whole or by check (https://kubernetes.io/docs/reference/using-api/health-checks/). */
import type { Answer, RequestContext } from '../request.ts';
import type { Step } from '../request-chain.ts';

export interface HealthCheck {
  readonly name: string;
  /** Undefined when all is well, otherwise what is not. */
  run(): Promise<string | undefined>;
}

export interface HealthChecks {
  readonly healthz: readonly HealthCheck[];
  readonly livez: readonly HealthCheck[];
  readonly readyz: readonly HealthCheck[];
}

export function healthRoutes(checks: HealthChecks): Step {
  return (context) => {
    const [endpoint = '', ...rest] = context.info.path.split('/').slice(1);
    const name = rest.join('/');
    if (context.info.isResource || context.info.verb !== 'get' || !Object.hasOwn(checks, endpoint)) return undefined;
    const all = checks[endpoint as keyof HealthChecks];
    if (name === '') return summary(context, endpoint, all);
    const one = all.find((candidate) => candidate.name === name);
    return one === undefined ? undefined : single(endpoint, one);
  };
}

async function single(endpoint: string, check: HealthCheck): Promise<Answer> {
  const problem = await check.run();
  return problem === undefined ? text(200, 'ok') : text(500, `internal server error: ${endpoint} check ${check.name} failed: ${problem}\n`);
}

async function summary({ request: { query } }: RequestContext, endpoint: string, checks: readonly HealthCheck[]): Promise<Answer> {
  const excluded = new Set(query.getAll('exclude').flatMap((names) => names.split(',')));
  const lines: string[] = [];
  let failed = false;
  for (const check of checks) {
    const { name } = check;
    if (excluded.has(name)) {
      lines.push(`[+]${name} excluded: ok`);
      continue;
    }
    const problem = await check.run();
    failed ||= problem !== undefined;
    lines.push(problem === undefined ? `[+]${name} ok` : `[-]${name} failed: reason withheld`);
  }
  if (failed) return text(500, `${lines.join('\n')}\n${endpoint} check failed\n`);
  return text(200, query.has('verbose') ? `${lines.join('\n')}\n${endpoint} check passed\n` : 'ok');
}

function text(status: number, body: string): Answer {
  return { type: 'text', status, contentType: 'text/plain; charset=utf-8', text: body, headers: { 'x-content-type-options': 'nosniff' } };
}
