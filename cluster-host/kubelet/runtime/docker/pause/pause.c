/* Holds a pod's namespaces: lets the kernel reap what is left to it, and sleeps until TERM or INT. */
#include "system.h"

START

__attribute__((noreturn, used)) void start(void) {
  word ends = (1L << (SIGTERM - 1)) | (1L << (SIGINT - 1));
  ignore(SIGCHLD); /* children of a process that ignores SIGCHLD leave no zombies */
  call(SIGPROCMASK, 0, (word)&ends, 0, 8, 0); /* a blocked signal reaches even process 1 */
  while (call(SIGTIMEDWAIT, (word)&ends, 0, 0, 8, 0) < 0) {}
  leave(0);
}
