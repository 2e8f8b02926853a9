/* clear FOLDER: removes everything inside. Exit code: 0 when the folder is empty, 1 otherwise. */
#include "system.h"

START

enum { REMOVE_FOLDER = 0x200, HERE = -100 };

/* As the kernel lays out an entry of a folder. */
struct entry {
  unsigned long inode;
  long offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

static int is_self_or_parent(const char *name) {
  return name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

/* Goes over the folder again and again as long as that removes something; returns how many entries stay. */
static int clear(word folder) {
  char entries[4096];
  for (;;) {
    int removed = 0, left = 0;
    call(LSEEK, folder, 0, 0, 0, 0);
    for (word length; (length = call(GETDENTS, folder, (word)entries, sizeof entries, 0, 0)) > 0;) {
      for (word at = 0; at < length; at += ((struct entry *)(entries + at))->length) {
        const char *name = ((struct entry *)(entries + at))->name;
        if (is_self_or_parent(name)) continue;
        word gone = call(UNLINKAT, folder, (word)name, 0, 0, 0);
        if (gone < 0) {
          word inner = call(OPENAT, folder, (word)name, OPEN_FOLDER, 0, 0);
          if (inner >= 0) {
            clear(inner);
            call(CLOSE, inner, 0, 0, 0, 0);
            gone = call(UNLINKAT, folder, (word)name, REMOVE_FOLDER, 0, 0);
          }
        }
        if (gone < 0) left++;
        else removed++;
      }
    }
    if (removed == 0) return left;
  }
}

__attribute__((noreturn, used)) void start(word *stack) {
  word folder = stack[0] == 2 ? call(OPENAT, HERE, stack[2], OPEN_FOLDER, 0, 0) : -1;
  leave(folder < 0 || clear(folder) > 0);
}
