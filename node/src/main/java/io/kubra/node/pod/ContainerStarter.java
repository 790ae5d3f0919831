package io.kubra.node.pod;

import io.kubra.api.status.ApiException;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Lifecycle;
import io.kubra.model.core.v1.LocalObjectReference;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Secret;
import io.kubra.node.action.Outcome;
import io.kubra.node.container.ConfigException;
import io.kubra.node.container.ContainerConfigs;
import io.kubra.node.container.EphemeralContainers;
import io.kubra.node.cri.CriException;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.image.ImageFailure;
import io.kubra.node.image.ImagePuller;
import io.kubra.node.image.RegistryCredentials;
import io.kubra.node.runtime.PodRuntime;
import io.kubra.node.runtime.RuntimeContainer;
import io.kubra.node.status.StartFailure;
import io.kubra.node.volume.MountedVolume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a container of a pod: image, configuration, creation, start, hook. */
final class ContainerStarter {
  /** Why it was not started, and when to try again. */
  static final class NotStarted extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient StartFailure failure;
    private final Duration again;

    NotStarted(String reason, @Nullable String message, Duration again) {
      super(message);
      this.failure = new StartFailure(reason, message == null ? "" : message);
      this.again = again;
    }

    StartFailure failure() {
      return failure;
    }

    Duration again() {
      return again;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(ContainerStarter.class);

  /** Upstream, too, looks again at what cannot be started about this often. */
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private static final String NOT_RUN = "RunContainerError";

  private final PodContext context;
  private final ContainerStopper stopper;
  private final ContainerMounts mounts;

  ContainerStarter(PodContext context, ContainerStopper stopper) {
    this.context = context;
    this.stopper = stopper;
    this.mounts = new ContainerMounts(context.paths(), context.subPaths());
  }

  /** Starts a container in a sandbox; returns when it runs and its hook has run. */
  void start(
      Pod pod,
      Container container,
      PodRuntime runtime,
      String sandbox,
      Map<String, MountedVolume> volumes)
      throws NotStarted, InterruptedException {
    RuntimeContainer latest = runtime.latest(container.name());
    awaitBackOff(pod, container, latest);
    int attempt =
        runtime.sandboxes().isEmpty()
            ? 0
            : runtime.sandboxes().getFirst().getMetadata().getAttempt();
    Cri.PodSandboxConfig sandboxConfig = context.sandboxes().of(pod, attempt);
    Cri.Image image = image(pod, container, sandboxConfig);
    List<String> ips = ips(pod, runtime);
    Cri.ContainerConfig config;
    try {
      int restarts =
          latest == null ? context.logs().starts(pod, container.name()) : latest.restartCount() + 1;
      Map<String, String> env = context.environment().of(pod, container, ips);
      context.logs().prepare(pod, container.name());
      config =
          context
              .containers()
              .of(
                  pod,
                  container,
                  new ContainerConfigs.Inputs(
                      restarts, image, env, mounts.of(pod, container, volumes, env)));
    } catch (ConfigException | IOException | ApiException | UncheckedIOException e) {
      context.events().warning(pod, container, "Failed", "Error: " + e.getMessage());
      throw new NotStarted("CreateContainerConfigError", e.getMessage(), AGAIN);
    }
    config = joinTarget(pod, container, runtime, config);
    boolean restart = latest != null && latest.exited();
    String id;
    try {
      id = create(pod, container, sandbox, config, sandboxConfig);
      context.metrics().containerStarted(pod, container.name());
    } catch (NotStarted e) {
      context.metrics().containerFailed(pod, container.name(), e.failure().reason());
      // A program that cannot be run is a restart in vain; a sandbox that dies is not its fault.
      if (restart && e.failure().reason().equals(NOT_RUN) && ready(sandbox)) {
        context.restarts().next(backOffKey(pod, container));
      }
      throw e;
    }
    if (restart) {
      context.restarts().next(backOffKey(pod, container));
    }
    postStart(pod, container, id, ips);
    dropOldInstances(container, runtime);
  }

  /** Puts an ephemeral container into the process namespace of the one it shall look at. */
  private static Cri.ContainerConfig joinTarget(
      Pod pod, Container container, PodRuntime runtime, Cri.ContainerConfig config)
      throws NotStarted {
    String target = EphemeralContainers.target(pod, container.name());
    if (target == null) {
      return config;
    }
    RuntimeContainer found = runtime.latest(target);
    if (found == null || !found.running()) {
      throw new NotStarted(
          "CreateContainerError", "unable to find target container " + target, AGAIN);
    }
    Cri.ContainerConfig.Builder joined = config.toBuilder();
    joined
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setPid(Cri.NamespaceMode.TARGET)
        .setTargetId(found.id());
    return joined.build();
  }

  private boolean ready(String sandbox) {
    try {
      return context.cri().podSandboxStatus(sandbox).getState()
          == Cri.PodSandboxState.SANDBOX_READY;
    } catch (CriException e) {
      return false;
    }
  }

  private List<String> ips(Pod pod, PodRuntime runtime) {
    return Boolean.TRUE.equals(pod.spec().hostNetwork()) ? context.node().hostIps() : runtime.ips();
  }

  private void awaitBackOff(Pod pod, Container container, @Nullable RuntimeContainer latest)
      throws NotStarted {
    if (latest == null || !latest.exited()) {
      return;
    }
    String key = backOffKey(pod, container);
    Duration left = context.restarts().remaining(key, latest.finishedAt());
    if (left.isZero()) {
      return;
    }
    context
        .events()
        .warning(
            pod,
            container,
            "BackOff",
            "Back-off restarting failed container %s in pod %s"
                .formatted(container.name(), PodNames.full(pod)));
    throw new NotStarted(
        "CrashLoopBackOff",
        "back-off %s restarting failed container=%s pod=%s"
            .formatted(text(context.restarts().length(key)), container.name(), PodNames.full(pod)),
        left);
  }

  private static String backOffKey(Pod pod, Container container) {
    return pod.metadata().uid() + "_" + container.name();
  }

  private static String text(Duration d) {
    long minutes = d.toMinutes();
    return (minutes > 0 ? minutes + "m" : "") + d.toSecondsPart() + "s";
  }

  private Cri.Image image(Pod pod, Container container, Cri.PodSandboxConfig sandbox)
      throws NotStarted, InterruptedException {
    String name = Objects.requireNonNullElse(container.image(), "");
    try {
      String id =
          context
              .images()
              .ensure(
                  pod.metadata().uid(),
                  name,
                  container.imagePullPolicy(),
                  credentials(pod),
                  sandbox,
                  new Progress(pod, container));
      Cri.Image image = context.cri().image(id);
      if (image == null) {
        throw new NotStarted("ImageInspectError", "image " + id + " is gone again", AGAIN);
      }
      return image;
    } catch (ImageFailure e) {
      context.events().warning(pod, container, "Failed", "Error: " + e.reason());
      Duration left = context.images().remaining(pod.metadata().uid(), name);
      throw new NotStarted(e.reason(), e.getMessage(), left.isZero() ? AGAIN : left);
    } catch (CriException e) {
      throw new NotStarted("ImageInspectError", e.getMessage(), AGAIN);
    }
  }

  private RegistryCredentials credentials(Pod pod) {
    List<Secret> secrets = new ArrayList<>();
    for (LocalObjectReference reference : pod.spec().imagePullSecrets()) {
      String name = Objects.requireNonNullElse(reference.name(), "");
      try {
        Secret secret = context.objects().secret(pod.metadata().namespace(), name);
        if (secret != null) {
          secrets.add(secret);
          continue;
        }
      } catch (ApiException | UncheckedIOException e) {
        // Told below; the pull is tried without.
      }
      context
          .events()
          .warning(
              pod,
              "FailedToRetrieveImagePullSecret",
              "Unable to retrieve some image pull secrets ("
                  + name
                  + "); attempting to pull the image may not succeed.");
    }
    return new RegistryCredentials(secrets);
  }

  private String create(
      Pod pod,
      Container container,
      String sandbox,
      Cri.ContainerConfig config,
      Cri.PodSandboxConfig sandboxConfig)
      throws NotStarted, InterruptedException {
    String id;
    try {
      id = context.cri().createContainer(sandbox, config, sandboxConfig);
    } catch (CriException e) {
      throw failed(pod, container, "CreateContainerError", e);
    }
    context.events().normal(pod, container, "Created", "Created container: " + container.name());
    try {
      context.cri().startContainer(id);
    } catch (CriException e) {
      throw failed(pod, container, NOT_RUN, e);
    }
    context.events().normal(pod, container, "Started", "Started container " + container.name());
    return id;
  }

  private NotStarted failed(Pod pod, Container container, String reason, CriException e)
      throws InterruptedException {
    if (e.interrupted() && Thread.currentThread().isInterrupted()) {
      throw new InterruptedException();
    }
    context.events().warning(pod, container, "Failed", "Error: " + e.description());
    return new NotStarted(reason, e.description(), AGAIN);
  }

  private void postStart(Pod pod, Container container, String id, List<String> ips)
      throws NotStarted, InterruptedException {
    Lifecycle lifecycle = container.lifecycle();
    if (lifecycle == null || lifecycle.postStart() == null) {
      return;
    }
    String ip = ips.isEmpty() ? "" : ips.getFirst();
    Outcome outcome = context.hooks().run(lifecycle.postStart(), container, id, ip, Duration.ZERO);
    if (outcome instanceof Outcome.Success) {
      return;
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    context.events().warning(pod, container, "FailedPostStartHook", "PostStartHook failed");
    stopper.stop(
        pod,
        container,
        id,
        ip,
        "FailedPostStartHook",
        Duration.ofSeconds(
            Objects.requireNonNullElse(pod.spec().terminationGracePeriodSeconds(), 30L)));
    throw new NotStarted("PostStartHookError", "PostStartHook failed", Duration.ZERO);
  }

  /** Of the instances that ended, the last one stays, for its log and its end. */
  private void dropOldInstances(Container container, PodRuntime runtime) {
    List<RuntimeContainer> ended =
        runtime.all(container.name()).stream().filter(c -> !c.running()).toList();
    for (RuntimeContainer old : ended.subList(Math.min(1, ended.size()), ended.size())) {
      try {
        context.cri().removeContainer(old.id());
        context.logs().delete(old);
      } catch (CriException | IOException e) {
        // It will be removed with its pod at the latest.
        LOG.debug("container {} stays: {}", old.id(), e.getMessage());
      }
    }
  }

  private final class Progress implements ImagePuller.Progress {
    private final Pod pod;
    private final Container container;

    Progress(Pod pod, Container container) {
      this.pod = pod;
      this.container = container;
    }

    @Override
    public void normal(String reason, String message) {
      context.events().normal(pod, container, reason, message);
    }

    @Override
    public void warning(String reason, String message) {
      context.events().warning(pod, container, reason, message);
    }
  }
}
