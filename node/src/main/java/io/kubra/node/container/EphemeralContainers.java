package io.kubra.node.container;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.EphemeralContainer;
import io.kubra.model.core.v1.Pod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The containers that {@code kubectl debug} adds to a running pod, as those they mostly are. */
public final class EphemeralContainers {
  private EphemeralContainers() {}

  /** The pod's ephemeral containers; what they may not have, such as probes, is left out. */
  public static List<Container> of(Pod pod) {
    return pod.spec().ephemeralContainers().stream().map(EphemeralContainers::container).toList();
  }

  /** The container whose processes the named one shall see, or null. */
  public static @Nullable String target(Pod pod, String name) {
    for (EphemeralContainer container : pod.spec().ephemeralContainers()) {
      String target = container.targetContainerName();
      if (name.equals(container.name()) && target != null && !target.isEmpty()) {
        return target;
      }
    }
    return null;
  }

  private static Container container(EphemeralContainer c) {
    return Container.builder()
        .args(c.args())
        .command(c.command())
        .env(c.env())
        .envFrom(c.envFrom())
        .image(c.image())
        .imagePullPolicy(c.imagePullPolicy())
        .name(c.name())
        .resources(c.resources())
        .securityContext(c.securityContext())
        .stdin(c.stdin())
        .stdinOnce(c.stdinOnce())
        .terminationMessagePath(c.terminationMessagePath())
        .terminationMessagePolicy(c.terminationMessagePolicy())
        .tty(c.tty())
        .volumeDevices(c.volumeDevices())
        .volumeMounts(c.volumeMounts())
        .workingDir(c.workingDir())
        .build();
  }
}
