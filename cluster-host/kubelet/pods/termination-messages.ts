/** What a container left behind as its last words (kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure). */
import type { Container } from '../runtime/runtime.ts';
import type { PodSurroundings } from './surroundings.ts';

const mostBytes = 4096;
const mostLogLines = 80;
const mostLogBytes = 2048;

export async function terminationMessage({ files, runtime }: Pick<PodSurroundings, 'files' | 'runtime'>, container: Container): Promise<string | undefined> {
  const written = await files.readTerminationLog(container.pod.uid, container.name, container.attempt, mostBytes);
  if (written !== undefined && written !== '') return written;
  const fromLogs = container.labels['annotation.io.kubernetes.container.terminationMessagePolicy'] === 'FallbackToLogsOnError' && container.exitCode !== 0;
  return fromLogs ? logTail(runtime, container.id) : undefined;
}

async function logTail(runtime: PodSurroundings['runtime'], id: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of await runtime.logs(id, { tailLines: mostLogLines }, new AbortController().signal)) text += decoder.decode(chunk, { stream: true });
  return text.slice(-mostLogBytes);
}
