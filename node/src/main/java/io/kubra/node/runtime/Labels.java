package io.kubra.node.runtime;

/** The names under which the runtime's objects say whose they are; the same as upstream's. */
public final class Labels {
  public static final String POD_NAME = "io.kubernetes.pod.name";
  public static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
  public static final String POD_UID = "io.kubernetes.pod.uid";
  public static final String CONTAINER_NAME = "io.kubernetes.container.name";

  /** Annotation: how often the container was started before. */
  public static final String RESTART_COUNT = "io.kubernetes.container.restartCount";

  /** Annotation: a fingerprint of what the container was made from. */
  public static final String HASH = "io.kubernetes.container.hash";

  /** Annotation: where the container leaves its last words. */
  public static final String TERMINATION_MESSAGE_PATH =
      "io.kubernetes.container.terminationMessagePath";

  /** Annotation: whether the log may stand in for the last words. */
  public static final String TERMINATION_MESSAGE_POLICY =
      "io.kubernetes.container.terminationMessagePolicy";

  /** Annotation: the pod's time to end, in seconds, for when the pod itself is no longer known. */
  public static final String POD_GRACE_PERIOD = "io.kubernetes.pod.terminationGracePeriod";

  private Labels() {}
}
