package io.kubra.cli.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the smallest container there is. */
final class Trial {
  private static final long SECONDS = 5;
  private static final Path PROGRAM = Path.of("/usr/bin/catatonit");
  private static final String CONFIGURATION =
      """
      {"ociVersion": "1.0.2",
       "process": {"user": {"uid": 0, "gid": 0}, "args": ["/trial", "-V"], "cwd": "/"},
       "root": {"path": "rootfs", "readonly": true},
       "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
       "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}]}}
      """;

  private Trial() {}

  /** Says "works" or nothing. */
  static String crun(Path program) throws IOException {
    Path bundle = Files.createTempDirectory("kubra-trial");
    try {
      Files.createDirectories(bundle.resolve("rootfs/proc"));
      Files.copy(PROGRAM, bundle.resolve("rootfs/trial"), StandardCopyOption.COPY_ATTRIBUTES);
      Files.writeString(bundle.resolve("config.json"), CONFIGURATION);
      boolean works =
          succeeds(
              List.of(
                  program.toString(),
                  "--root",
                  bundle.resolve("state").toString(),
                  "run",
                  "--bundle",
                  bundle.toString(),
                  "kubra-trial-" + ProcessHandle.current().pid()));
      return works ? "works" : "";
    } finally {
      delete(bundle);
    }
  }

  /** Whether gVisor runs a program on the platform. */
  static boolean runsc(Path program, String platform) throws IOException {
    Path state = Files.createTempDirectory("kubra-trial");
    try {
      return succeeds(
          List.of(
              program.toString(),
              "--root=" + state,
              "--platform=" + platform,
              "--network=none",
              "--ignore-cgroups",
              "do",
              "true"));
    } finally {
      delete(state);
    }
  }

  private static boolean succeeds(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue() == 0;
      }
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      return false;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
