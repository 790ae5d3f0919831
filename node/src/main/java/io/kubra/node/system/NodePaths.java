package io.kubra.node.system;

import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.ObjectMeta;
import java.nio.file.Path;

/**
 * Where the agent keeps its files.
 *
 * @param root the agent's own folder, such as {@code /var/lib/kubelet}
 * @param logs the folder of the container logs, such as {@code /var/log/pods}
 */
public record NodePaths(Path root, Path logs) {
  /** The folder with a folder for each pod. */
  public Path pods() {
    return root.resolve("pods");
  }

  /** What belongs to one pod. */
  public Path pod(String uid) {
    return pods().resolve(uid);
  }

  /** A volume of a pod. */
  public Path volume(String uid, String plugin, String name) {
    return pod(uid).resolve("volumes").resolve("kubernetes.io~" + plugin).resolve(name);
  }

  /** What belongs to one container of a pod. */
  public Path container(String uid, String name) {
    return pod(uid).resolve("containers").resolve(name);
  }

  /** The hosts file that a pod's containers see. */
  public Path hosts(String uid) {
    return pod(uid).resolve("etc-hosts");
  }

  /** The folder of the volumes that are folders of this node. */
  public Path localVolumes() {
    return root.resolve("local-volumes");
  }

  /** The pods and Services last heard of, for a start without the API server. */
  public Path known() {
    return root.resolve("known");
  }

  /** The seccomp profiles that pods may name. */
  public Path seccomp() {
    return root.resolve("seccomp");
  }

  /** The logs of a pod's containers. */
  public Path podLogs(Pod pod) {
    ObjectMeta m = pod.metadata();
    return logs.resolve(m.namespace() + "_" + m.name() + "_" + m.uid());
  }
}
