package io.kubra.cli.local;

import io.kubra.api.status.ApiException;
import io.kubra.cli.CliException;
import io.kubra.cli.config.StateStore;
import io.kubra.cli.process.Daemon;
import io.kubra.cli.process.Jvm;
import io.kubra.cli.server.ServerArguments;
import io.kubra.cli.server.ServerOptions;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.KubeConfig;
import io.kubra.model.core.v1.Node;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Brings a cluster to the state it should have, whatever is there already: what runs is left alone,
 * what is missing is made. The server and the machines start side by side.
 */
public final class ClusterStart {
  private static final Duration SERVER_LIMIT = Duration.ofSeconds(60);
  private static final Duration NODE_LIMIT = Duration.ofSeconds(60);
  private static final long POLL_NANOS = 25_000_000;

  private final LocalCluster cluster;
  private final Steps steps;

  /** A start that reports its steps. */
  public ClusterStart(LocalCluster cluster, Steps steps) {
    this.cluster = cluster;
    this.steps = steps;
  }

  /**
   * Does it, and returns when all nodes are ready.
   *
   * @throws CliException if a part does not start, with the last lines of its log
   */
  public void run() {
    prepareFolders();
    Path lockFile = cluster.run().resolve("lock");
    try (RandomAccessFile file = new RandomAccessFile(lockFile.toFile(), "rw");
        FileLock lock = file.getChannel().tryLock()) {
      if (lock == null) {
        throw new CliException("another kubra up or down works on cluster " + cluster.name());
      }
      start();
    } catch (IOException e) {
      throw new CliException("cannot lock " + lockFile + ": " + e.getMessage());
    }
  }

  private void prepareFolders() {
    try {
      Files.createDirectories(cluster.run());
      Files.createDirectories(cluster.state().resolve("log"));
      Files.createDirectories(cluster.serverData());
    } catch (IOException e) {
      throw new CliException("cannot create the cluster's folders: " + e.getMessage());
    }
  }

  private void start() {
    stopOutdated();
    boolean serverRuns = cluster.server().find().isPresent();
    if (!serverRuns) {
      Requirements.portFree(cluster.apiPort());
    }
    steps.run("creating the network", () -> new HostNetwork(cluster).create());
    ClusterCredentials credentials = new ClusterCredentials(cluster);
    steps.run("issuing certificates", credentials::issue);
    Mounts.makePrivate(cluster.run());
    List<String> removed = removeSurplusMachines();
    ManagedPrograms.removeOthers(cluster);
    startPrograms(ManagedProgram.Stage.BEFORE_SERVER);
    List<Callable<@Nullable Void>> parts = new ArrayList<>();
    parts.add(part("starting the API server", () -> startServer(serverRuns)));
    for (Machine machine : cluster.machines()) {
      parts.add(part("starting " + machine.name(), () -> startMachine(machine)));
    }
    sideBySide(parts);
    removed.forEach(this::deleteNode);
    startPrograms(ManagedProgram.Stage.AFTER_SERVER);
    steps.run("waiting for the nodes", this::awaitNodes);
  }

  /**
   * Ends server and agents that were started with another configuration; containers run on. Agents
   * do not miss the server meanwhile, so all may end at the same time.
   */
  private void stopOutdated() {
    List<Callable<@Nullable Void>> stops = new ArrayList<>();
    if (outdated(cluster.server())) {
      stops.add(
          part("stopping the API server", () -> cluster.server().stop(Duration.ofSeconds(10))));
    }
    for (Machine machine : cluster.machines()) {
      if (outdated(machine.agent())) {
        stops.add(
            part(
                "stopping the agent of " + machine.name(),
                () -> machine.agent().stop(Duration.ofSeconds(5))));
      }
    }
    sideBySide(stops);
  }

  private boolean outdated(Daemon daemon) {
    return daemon.find().isPresent()
        && !Fingerprint.read(startedWith(daemon)).equals(fingerprint());
  }

  private static void sideBySide(List<Callable<@Nullable Void>> parts) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      await(parts.stream().<Future<?>>map(threads::submit).toList());
    }
  }

  private static Path startedWith(Daemon daemon) {
    return daemon.pidFile().resolveSibling(daemon.pidFile().getFileName() + ".started");
  }

  /** Of what server and agents read of the configuration: all but the number of workers. */
  private String fingerprint() {
    return Fingerprint.of(cluster.configuration().withWorkers(0).json());
  }

  /** Starts the managed programs of a stage side by side and waits for them. */
  private void startPrograms(ManagedProgram.Stage stage) {
    sideBySide(
        ManagedPrograms.of(cluster).stream()
            .filter(program -> program.stage() == stage)
            .map(
                program ->
                    part(
                        "starting " + program.label(),
                        () -> {
                          program.start();
                          program.awaitReady();
                        }))
            .toList());
  }

  private Callable<@Nullable Void> part(String what, Runnable work) {
    return () -> {
      long from = System.nanoTime();
      work.run();
      steps.done(what, System.nanoTime() - from);
      return null;
    };
  }

  private static void await(List<Future<?>> parts) {
    for (Future<?> part : parts) {
      try {
        part.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException known) {
          throw known;
        }
        throw new CliException(String.valueOf(e.getCause()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CliException("interrupted");
      }
    }
  }

  /** Machines beyond the number asked for are of an earlier, larger cluster. */
  private List<String> removeSurplusMachines() {
    List<String> wanted = cluster.machines().stream().map(Machine::name).toList();
    List<String> removed = new ArrayList<>();
    for (Machine machine : ClusterStop.machinesOnDisk(cluster)) {
      if (!wanted.contains(machine.name())) {
        steps.run("removing " + machine.name(), () -> ClusterStop.removeMachine(machine));
        removed.add(machine.name());
      }
    }
    return removed;
  }

  /** Lets the cluster forget a node that will not come back, and with it its pods. */
  private void deleteNode(String name) {
    try (ApiClient client = client()) {
      client.resource(Node.RESOURCE).delete("", name);
    } catch (ApiException e) {
      if (!e.is("NotFound")) {
        throw new CliException("cannot delete node " + name + ": " + e.getMessage());
      }
    }
  }

  private void startServer(boolean runs) {
    if (!runs) {
      ServerOptions options =
          new ServerOptions(
              cluster.serverData(),
              "0.0.0.0",
              cluster.apiPort(),
              cluster.hostAddress(),
              cluster.serviceNetwork(),
              cluster.podNetwork(),
              "cluster.local",
              cluster.controlPlaneNode(),
              cluster.proxyTable(),
              List.of(),
              cluster.configuration().store() == StateStore.ETCD ? Etcd.config(cluster) : null,
              cluster.configuration());
      List<String> arguments = new ArrayList<>(List.of("server"));
      arguments.addAll(ServerArguments.of(options, cluster.configurationFile()));
      cluster
          .server()
          .start(
              Jvm.server(arguments),
              Cgroups.create(cluster.cgroup() + "/server"),
              Jvm.environment(cluster.state().resolve("log")));
      Fingerprint.write(startedWith(cluster.server()), fingerprint());
    }
    long end = System.nanoTime() + SERVER_LIMIT.toNanos();
    try (ApiClient client = client()) {
      while (!ready(client)) {
        if (cluster.server().find().isEmpty() || System.nanoTime() > end) {
          throw new CliException(
              "the API server did not start; the end of "
                  + cluster.server().logFile()
                  + ":\n"
                  + cluster.server().lastWords(15));
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  private ApiClient client() {
    try {
      return ApiClient.https(KubeConfig.read(cluster.kubeconfig()), "kubra-up");
    } catch (IOException e) {
      throw new CliException("cannot read " + cluster.kubeconfig() + ": " + e.getMessage());
    }
  }

  private static boolean ready(ApiClient client) {
    try {
      client.call(ApiRequest.get("/readyz"));
      return true;
    } catch (ApiException | UncheckedIOException e) {
      return false;
    }
  }

  private void startMachine(Machine machine) {
    machine.create();
    Containerd containerd = new Containerd(machine);
    containerd.start();
    if (machine.agent().find().isEmpty()) {
      machine
          .agent()
          .start(
              machine.inside(Jvm.agent(List.of("agent", "--config=/var/lib/kubelet/agent.json"))),
              Cgroups.create(machine.cgroup() + "/system"),
              Jvm.environment(Path.of("/var/log")));
      Fingerprint.write(startedWith(machine.agent()), fingerprint());
    }
    containerd.awaitReady();
  }

  private void awaitNodes() {
    long end = System.nanoTime() + NODE_LIMIT.toNanos();
    try (ApiClient client = client()) {
      for (Machine machine : cluster.machines()) {
        while (!nodeReady(client, machine.name())) {
          if (machine.agent().find().isEmpty() || System.nanoTime() > end) {
            throw new CliException(
                "node "
                    + machine.name()
                    + " did not become ready; the end of "
                    + machine.agent().logFile()
                    + ":\n"
                    + machine.agent().lastWords(15));
          }
          LockSupport.parkNanos(POLL_NANOS);
        }
      }
    }
  }

  private static boolean nodeReady(ApiClient client, String name) {
    try {
      return client
          .resource(Node.RESOURCE)
          .find("", name)
          .filter(
              node ->
                  node.status().conditions().stream()
                      .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True")))
          .filter(
              node ->
                  node.spec().taints().stream()
                      .noneMatch(t -> t.key().startsWith("node.kubernetes.io/not-ready")))
          .isPresent();
    } catch (ApiException | UncheckedIOException e) {
      return false;
    }
  }
}
