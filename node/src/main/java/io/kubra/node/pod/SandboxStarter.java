package io.kubra.node.pod;

import io.kubra.model.core.v1.Pod;
import io.kubra.model.node.v1.RuntimeClass;
import io.kubra.node.container.HostsFile;
import io.kubra.node.cri.CriException;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.runtime.PodRuntime;
import io.kubra.node.runtime.RuntimeContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Makes the sandbox of a pod, in place of those it had. */
final class SandboxStarter {
  private final PodContext context;

  SandboxStarter(PodContext context) {
    this.context = context;
  }

  /**
   * Makes a sandbox.
   *
   * @throws CriException if the runtime refuses; an event told of it
   */
  void start(Pod pod, PodRuntime runtime, int attempt) throws IOException {
    if (attempt > 0) {
      context
          .events()
          .normal(pod, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
    }
    for (Cri.PodSandboxStatus old : runtime.sandboxes()) {
      context.cri().stopPodSandbox(old.getId());
      removeIfEmpty(runtime, old);
    }
    Files.createDirectories(context.paths().podLogs(pod));
    String id;
    String handler = handler(pod);
    long began = System.nanoTime();
    try {
      id = context.cri().runPodSandbox(context.sandboxes().of(pod, attempt), handler);
      context.metrics().sandboxStarted(handler, began);
    } catch (CriException e) {
      context.metrics().sandboxFailed(handler);
      if (!e.interrupted()) {
        context
            .events()
            .warning(
                pod, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
      }
      throw e;
    }
    List<String> ips =
        Boolean.TRUE.equals(pod.spec().hostNetwork())
            ? context.node().hostIps()
            : PodRuntime.ips(context.cri().podSandboxStatus(id));
    HostsFile.write(
        context.paths().hosts(pod.metadata().uid()), pod, context.sandboxes().hostname(pod), ips);
  }

  /** The runtime's name of the pod's runtime class; empty for the default. */
  private String handler(Pod pod) throws IOException {
    String name = pod.spec().runtimeClassName();
    if (name == null || name.isEmpty()) {
      return "";
    }
    return context
        .objects()
        .client()
        .resource(RuntimeClass.RESOURCE)
        .find("", name)
        .orElseThrow(() -> missing(pod, name))
        .handler();
  }

  private IOException missing(Pod pod, String name) {
    String text = "RuntimeClass \"" + name + "\" not found";
    context
        .events()
        .warning(pod, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + text);
    return new IOException(text);
  }

  /** A sandbox goes with its containers, whose ends and logs may still be of interest. */
  private void removeIfEmpty(PodRuntime runtime, Cri.PodSandboxStatus sandbox) {
    for (RuntimeContainer container : runtime.containers()) {
      if (container.sandbox().equals(sandbox.getId())) {
        return;
      }
    }
    context.cri().removePodSandbox(sandbox.getId());
  }
}
