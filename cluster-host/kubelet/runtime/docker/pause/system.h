/* System calls without a C library, for x86-64 and arm64 Linux. */
typedef long word;

#if defined(__x86_64__)
enum { READ = 0, WRITE = 1, SOCKET = 41, CONNECT = 42, SHUTDOWN = 48, CLONE = 56, EXIT = 60, KILL = 62, SIGACTION = 13, SIGPROCMASK = 14, SIGTIMEDWAIT = 128,
       CLOSE = 3, LSEEK = 8, GETDENTS = 217, OPENAT = 257, UNLINKAT = 263 };

static word call(word number, word a, word b, word c, word d, word e) {
  word result;
  register word r10 __asm__("r10") = d;
  register word r8 __asm__("r8") = e;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
  return result;
}

/* The kernel leaves argc, argv at the stack pointer. */
#define START __asm__(".globl _start\n_start:\n xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call start\n");

#elif defined(__aarch64__)
enum { READ = 63, WRITE = 64, SOCKET = 198, CONNECT = 203, SHUTDOWN = 210, CLONE = 220, EXIT = 93, KILL = 129, SIGACTION = 134, SIGPROCMASK = 135, SIGTIMEDWAIT = 137,
       CLOSE = 57, LSEEK = 62, GETDENTS = 61, OPENAT = 56, UNLINKAT = 35 };

static word call(word number, word a, word b, word c, word d, word e) {
  register word x8 __asm__("x8") = number;
  register word x0 __asm__("x0") = a;
  register word x1 __asm__("x1") = b;
  register word x2 __asm__("x2") = c;
  register word x3 __asm__("x3") = d;
  register word x4 __asm__("x4") = e;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
  return x0;
}

#define START __asm__(".globl _start\n_start:\n mov x0, sp\n bl start\n");
#endif

/* open(2): O_DIRECTORY and O_NOFOLLOW differ between the two. */
#if defined(__x86_64__)
enum { OPEN_FOLDER = 0200000 | 0400000 };
#else
enum { OPEN_FOLDER = 040000 | 0100000 };
#endif

enum { SIGKILL = 9, SIGTERM = 15, SIGINT = 2, SIGCHLD = 17, SIGPIPE = 13 };

__attribute__((unused)) static void ignore(word signal) {
  word action[4] = {1, 0, 0, 0}; /* SIG_IGN */
  call(SIGACTION, signal, (word)action, 0, 8, 0);
}

__attribute__((noreturn)) static void leave(word code) {
  for (;;) call(EXIT, code, 0, 0, 0, 0);
}
