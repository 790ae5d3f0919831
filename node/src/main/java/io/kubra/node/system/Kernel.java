package io.kubra.node.system;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** The system calls that Java has no names for. Failures are IOExceptions with the error's text. */
public final class Kernel {
  /** Mount flag: no writing. */
  public static final long MS_RDONLY = 1;

  /** Mount flag: change the flags of an existing mount. */
  public static final long MS_REMOUNT = 32;

  /** Mount flag: show a folder or file at another place. */
  public static final long MS_BIND = 4096;

  /** Mount flag: with everything mounted below. */
  public static final long MS_REC = 16384;

  /** Mount flag: mounts made on either side show on the other. */
  public static final long MS_SHARED = 1 << 20;

  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;
  private static final int O_NOFOLLOW_PATH_CLOEXEC = 0x20000 | 0x200000 | 0x80000;
  private static final int O_NOFOLLOW_PATH_CLOEXEC_ARM = 0x8000 | 0x200000 | 0x80000;
  private static final int AT_FDCWD = -100;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle MOUNT =
      function(
          "mount",
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_LONG,
          ValueLayout.ADDRESS);
  private static final MethodHandle UMOUNT2 =
      function("umount2", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final MethodHandle OPENAT =
      function("openat", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final MethodHandle STATVFS =
      function("statvfs", ValueLayout.ADDRESS, ValueLayout.ADDRESS);
  private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LINKER.defaultLookup().find("strerror").orElseThrow(),
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

  private Kernel() {}

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().find(name).orElseThrow(),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /** Mounts a file system. */
  public static void mount(String source, Path target, String type, long flags, String data)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      // A conditional among the arguments of invokeExact would be passed as an Object.
      MemorySegment kind = type.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(type);
      MemorySegment options = data.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(data);
      int result =
          (int)
              MOUNT.invokeExact(
                  state,
                  arena.allocateFrom(source),
                  arena.allocateFrom(target.toString()),
                  kind,
                  flags,
                  options);
      check(result, state, "mount " + source + " on " + target);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Takes a mount away, even while it is in use. */
  public static void unmount(Path target) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result =
          (int)
              UMOUNT2.invokeExact(
                  state, arena.allocateFrom(target.toString()), MNT_DETACH | UMOUNT_NOFOLLOW);
      check(result, state, "unmount " + target);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /**
   * Opens a file or folder below a folder, following no symbolic link on the way, only to name it:
   * {@code /proc/self/fd/<n>} then stands for exactly this file whatever happens to its path.
   *
   * @return the descriptor; pass it to {@link #close}
   */
  public static int openBelow(Path folder, Path relative) throws IOException {
    int at = openAt(AT_FDCWD, folder.toString());
    for (Path name : relative) {
      if (name.toString().isEmpty()) {
        continue;
      }
      int parent = at;
      try {
        at = openAt(parent, name.toString());
      } finally {
        close(parent);
      }
    }
    return at;
  }

  private static int openAt(int parent, String name) throws IOException {
    int flags =
        System.getProperty("os.arch", "").equals("aarch64")
            ? O_NOFOLLOW_PATH_CLOEXEC_ARM
            : O_NOFOLLOW_PATH_CLOEXEC;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result = (int) OPENAT.invokeExact(state, parent, arena.allocateFrom(name), flags);
      check(result, state, "open " + name);
      return result;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Closes a descriptor. */
  public static void close(int descriptor) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result = (int) CLOSE.invokeExact(state, descriptor);
      check(result, state, "close");
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** How many files a file system can have, and how many more. */
  public record Inodes(long total, long free) {}

  /** The inodes of the file system that a folder lies on. */
  public static Inodes inodes(Path folder) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment found = arena.allocate(256, 8);
      int result = (int) STATVFS.invokeExact(state, arena.allocateFrom(folder.toString()), found);
      check(result, state, "statvfs " + folder);
      // Block sizes and counts come first: two and three longs.
      return new Inodes(
          found.getAtIndex(ValueLayout.JAVA_LONG, 5), found.getAtIndex(ValueLayout.JAVA_LONG, 6));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private static void check(int result, MemorySegment state, String what) throws Throwable {
    if (result >= 0) {
      return;
    }
    int errno = (int) ERRNO.get(state, 0L);
    MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
    throw new IOException(what + ": " + text.reinterpret(256).getString(0));
  }

  private static IOException rethrown(Throwable e) {
    return switch (e) {
      case IOException io -> io;
      case RuntimeException runtime -> throw runtime;
      case Error error -> throw error;
      default -> new IOException(e);
    };
  }
}
