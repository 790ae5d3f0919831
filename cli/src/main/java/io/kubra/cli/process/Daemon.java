package io.kubra.cli.process;

import io.kubra.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A long-running process that outlives the command that starts it. Its pid and start time are kept
 * in a file, so that a later command finds it again and never mistakes a reused pid for it.
 *
 * @param name what it is called in messages
 * @param pidFile where pid and start time are kept
 * @param logFile where its output is appended
 */
public record Daemon(String name, Path pidFile, Path logFile) {
  private static final long POLL_NANOS = 10_000_000;
  private static final Duration FORCED = Duration.ofSeconds(5);

  // Joins the cgroups given first, then becomes the program: a constant script, its arguments data.
  private static final String JOIN_CGROUPS =
      """
      while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 97; shift; done; shift; exec "$@"\
      """;

  /** The running process, if it runs. */
  public Optional<ProcessHandle> find() {
    try {
      String[] parts = Files.readString(pidFile).strip().split(" ");
      long pid = Long.parseLong(parts[0]);
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(p -> startTicks(pid).equals(parts[1]));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /**
   * Starts the process in a session of its own.
   *
   * @param cgroups the cgroup folders it joins
   * @param environment variables added to this process's own
   */
  public ProcessHandle start(
      List<String> command, List<Path> cgroups, Map<String, String> environment) {
    List<String> full = new ArrayList<>(List.of("setsid", "sh", "-c", JOIN_CGROUPS, name));
    cgroups.forEach(cgroup -> full.add(cgroup.toString()));
    full.add("--");
    full.addAll(command);
    try {
      Files.createDirectories(pidFile.getParent());
      Files.createDirectories(logFile.getParent());
      ProcessBuilder builder =
          new ProcessBuilder(full)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
              .redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      Files.writeString(pidFile, process.pid() + " " + startTicks(process.pid()) + "\n");
      return process.toHandle();
    } catch (IOException e) {
      throw new CliException("cannot start " + name + ": " + e.getMessage());
    }
  }

  /** Asks the process to end, waits, and ends it by force when it does not. */
  public void stop(Duration grace) {
    find().ifPresent(process -> stop(process, grace));
    try {
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      throw new CliException("cannot remove " + pidFile + ": " + e.getMessage());
    }
  }

  private void stop(ProcessHandle process, Duration grace) {
    process.destroy();
    // Not onExit(): it looks at processes of others only now and then, and waits for their parents.
    if (!awaitEnd(grace)) {
      process.destroyForcibly();
      awaitEnd(FORCED);
    }
  }

  private boolean awaitEnd(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (find().isPresent()) {
      if (System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }

  /** The last lines of the log, for messages about a failed start. */
  public String lastWords(int lines) {
    try {
      List<String> all = Files.readAllLines(logFile);
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Field 22 of /proc/pid/stat: with the pid it identifies a process until the next boot. A process
   * that has ended but is not reaped yet counts as gone.
   */
  private static String startTicks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[0].equals("Z") ? "gone" : fields[19];
    } catch (IOException e) {
      return "gone";
    }
  }
}
