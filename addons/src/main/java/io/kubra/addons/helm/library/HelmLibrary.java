package io.kubra.addons.helm.library;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Helm's code in a shared library, called by its C functions: each takes a structure of options and
 * returns four strings. The process needs {@code --enable-native-access}.
 */
public final class HelmLibrary {
  private static final AddressLayout TEXT =
      ValueLayout.ADDRESS.withTargetLayout(
          MemoryLayout.sequenceLayout(Long.MAX_VALUE, ValueLayout.JAVA_BYTE));
  private static final StructLayout RESULT =
      MemoryLayout.structLayout(
          TEXT.withName("out"),
          TEXT.withName("err"),
          TEXT.withName("stdOut"),
          TEXT.withName("stdErr"));

  private final Linker linker = Linker.nativeLinker();
  private final Header header;
  private final SymbolLookup symbols;
  private final MethodHandle free;

  private HelmLibrary(Header header, Path file) {
    this.header = header;
    this.symbols = SymbolLookup.libraryLookup(file, Arena.global());
    this.free = linker.downcallHandle(symbol("Free"), FunctionDescriptor.ofVoid(RESULT));
  }

  /**
   * Opens the library.
   *
   * @param folder where its file lies or is unpacked to
   * @throws HelmException if it cannot be unpacked or loaded
   */
  public static HelmLibrary open(Path folder) {
    try {
      return new HelmLibrary(new Header(LibraryFile.header()), LibraryFile.unpacked(folder));
    } catch (IOException | IllegalArgumentException e) {
      throw new HelmException("Helm's library cannot be loaded: " + e.getMessage(), e);
    }
  }

  /** Calls a function and waits for its end; a failure of Helm is in the result. */
  public HelmResult call(HelmFunction function, HelmOptions options) {
    Header.Struct struct = header.argument(function.symbol());
    if (struct == null) {
      throw new HelmException("Helm's library has no " + function.symbol());
    }
    MethodHandle handle =
        linker.downcallHandle(
            symbol(function.symbol()), FunctionDescriptor.of(RESULT, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argument = arena.allocate(struct.size(), ValueLayout.ADDRESS.byteSize());
      fill(argument, struct, options.values(), arena);
      MemorySegment result = invoke(handle, arena, argument);
      try {
        return new HelmResult(text(result, 0), text(result, 1), text(result, 2), text(result, 3));
      } finally {
        release(result);
      }
    }
  }

  /** The version of Helm's code, such as {@code v3.21.0}. */
  public String version() {
    MethodHandle handle = linker.downcallHandle(symbol("Version"), FunctionDescriptor.of(RESULT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = (MemorySegment) handle.invokeExact((SegmentAllocator) arena);
      try {
        return text(result, 0);
      } finally {
        release(result);
      }
    } catch (Throwable e) {
      throw new HelmException("Helm's library cannot be called: " + e, e);
    }
  }

  private static void fill(
      MemorySegment argument, Header.Struct struct, Map<String, Object> values, Arena arena) {
    values.forEach(
        (name, value) -> {
          Header.Field field = struct.fields().get(name);
          if (field == null || field.text() != value instanceof String) {
            throw new HelmException("Helm's library has no such option here: " + name);
          }
          if (value instanceof String text) {
            argument.set(ValueLayout.ADDRESS, field.offset(), arena.allocateFrom(text));
          } else {
            argument.set(ValueLayout.JAVA_INT, field.offset(), (Integer) value);
          }
        });
  }

  private static MemorySegment invoke(MethodHandle handle, Arena arena, MemorySegment argument) {
    try {
      return (MemorySegment) handle.invokeExact((SegmentAllocator) arena, argument);
    } catch (Throwable e) {
      throw new HelmException("Helm's library cannot be called: " + e, e);
    }
  }

  private void release(MemorySegment result) {
    try {
      free.invokeExact(result);
    } catch (Throwable e) {
      throw new HelmException("Helm's library cannot be called: " + e, e);
    }
  }

  private static String text(MemorySegment result, int index) {
    @Nullable MemorySegment at = result.getAtIndex(TEXT, index);
    return at == null || at.address() == 0 ? "" : at.getString(0);
  }

  private MemorySegment symbol(String name) {
    return symbols.find(name).orElseThrow(() -> new HelmException("Helm's library has no " + name));
  }
}
