package io.kubra.cli.local;

import io.kubra.cli.CliException;
import io.kubra.cli.process.Daemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A program of the distribution that {@code up} runs as part of a cluster, on the control plane's
 * host or in a machine: with a pid file, a log and a cgroup like the cluster's own processes, a
 * folder of its own, under an unprivileged user and without capabilities. It is started again when
 * its command or its configuration files have changed since it was started.
 *
 * <p>Its folder holds {@code conf}, which the program may read, and {@code data}, which it may
 * write. Both go away when the program no longer belongs to the cluster.
 */
public final class ManagedProgram {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final long POLL_NANOS = 25_000_000;

  /** When a program is started. */
  public enum Stage {
    /** Before the server, which needs it. */
    BEFORE_SERVER,
    /** Once the API server answers. */
    AFTER_SERVER
  }

  private final ProgramPlace place;
  private final String name;
  private final Stage stage;
  private final String user;
  private final List<String> command;
  private final Consumer<Path> prepare;
  private final BooleanSupplier ready;

  private ManagedProgram(Builder builder) {
    this.place = builder.place;
    this.name = builder.name;
    this.stage = builder.stage;
    this.user = builder.user;
    this.command = List.copyOf(builder.command);
    this.prepare = builder.prepare;
    this.ready = builder.ready;
  }

  /** A program on the control plane's host. */
  public static Builder onHost(LocalCluster cluster, String name) {
    return new Builder(ProgramPlace.host(cluster), name);
  }

  /** A program inside a machine. */
  public static Builder onMachine(Machine machine, String name) {
    return new Builder(ProgramPlace.machine(machine), name);
  }

  /** What {@code status} and {@code logs} call it: the name, after that of its machine if any. */
  public String label() {
    return place.label(name);
  }

  /** When it is started. */
  public Stage stage() {
    return stage;
  }

  /** Its process and log. */
  public Daemon daemon() {
    return place.daemon(name);
  }

  /** Its folder as the host sees it. */
  public Path folder() {
    return place.folder(name);
  }

  /** Writes its configuration, and starts it unless it runs with just that. Returns at once. */
  void start() {
    ProgramUser owner = ProgramUser.of(user);
    Path conf = folder().resolve("conf");
    Path data = folder().resolve("data");
    try {
      Files.createDirectories(conf);
      Files.createDirectories(data);
      prepare.accept(conf);
      owner.mayPass(place.root(), folder());
      owner.mayRead(conf);
      owner.owns(data);
    } catch (IOException e) {
      throw new CliException("cannot prepare " + label() + ": " + e.getMessage());
    }
    List<String> full = place.command(owner.command(command));
    String fingerprint = Fingerprint.of(full, conf);
    Optional<ProcessHandle> running = daemon().find();
    if (running.isPresent() && Fingerprint.read(fingerprintFile()).equals(fingerprint)) {
      return;
    }
    daemon().stop(GRACE);
    daemon().start(full, Cgroups.create(place.cgroup(name)), Map.of());
    Fingerprint.write(fingerprintFile(), fingerprint);
  }

  /**
   * Waits until it answers.
   *
   * @throws CliException with the end of its log if it ends before that, or takes too long
   */
  void awaitReady() {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (!ready.getAsBoolean()) {
      if (daemon().find().isEmpty() || System.nanoTime() > end) {
        throw new CliException(
            "%s did not start; the end of %s:%n%s"
                .formatted(label(), daemon().logFile(), daemon().lastWords(15)));
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private Path fingerprintFile() {
    Path pid = daemon().pidFile();
    return pid.resolveSibling(pid.getFileName() + ".started");
  }

  /** Puts a program together. What must be given is place, name and command. */
  public static final class Builder {
    private final ProgramPlace place;
    private final String name;
    private Stage stage = Stage.AFTER_SERVER;
    private String user = "nobody";
    private List<String> command = List.of();
    private Consumer<Path> prepare = conf -> {};
    private BooleanSupplier ready = () -> true;

    private Builder(ProgramPlace place, String name) {
      this.place = place;
      this.name = name;
    }

    /** Its folder as the program itself sees it, for the paths in its command. */
    public Path folder() {
      return place.folderInside(name);
    }

    /** Its {@code conf} folder as the program sees it. */
    public Path conf() {
      return folder().resolve("conf");
    }

    /** Its {@code data} folder as the program sees it. */
    public Path data() {
      return folder().resolve("data");
    }

    /** The program, by its path, and its arguments. */
    public Builder command(List<String> words) {
      this.command = words;
      return this;
    }

    /** The user it runs as; {@code nobody} if the host has no such user. */
    public Builder user(String user) {
      this.user = user;
      return this;
    }

    /** When it is started; {@link Stage#AFTER_SERVER} unless said. */
    public Builder stage(Stage stage) {
      this.stage = stage;
      return this;
    }

    /**
     * Writes its configuration before each start into the folder given, which is {@code conf} as
     * the host sees it. What is written should stay the same as long as it means the same, because
     * a running program is started again when it changes.
     */
    public Builder prepare(Consumer<Path> work) {
      this.prepare = work;
      return this;
    }

    /** Tells whether it answers; asked again and again after the start. */
    public Builder ready(BooleanSupplier probe) {
      this.ready = probe;
      return this;
    }

    /** The program. */
    public ManagedProgram build() {
      return new ManagedProgram(this);
    }
  }
}
