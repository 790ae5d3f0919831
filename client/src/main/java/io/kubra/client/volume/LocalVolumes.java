package io.kubra.client.volume;

import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.PersistentVolume;

/**
 * How the provisioner of node-local folders and the agents of the nodes talk: through annotations
 * of the Node objects, which both may write. For each volume the provisioner asks with {@link
 * #CREATE} or {@link #DELETE}; the agent answers with {@link #CREATED}, {@link #DELETED} or {@link
 * #FAILED} and a reason; the provisioner takes the annotation away.
 */
public final class LocalVolumes {
  /** The provisioner that classes name. */
  public static final String PROVISIONER = "local.kubra.io";

  /** On a node: the folder below which volumes lie. */
  public static final String PATH = "local.kubra.io/path";

  /** On a node: the bytes that volumes may have there in all. */
  public static final String CAPACITY = "local.kubra.io/capacity";

  /** Asks for a new folder. */
  public static final String CREATE = "create";

  /** The folder is there. */
  public static final String CREATED = "created";

  /** Asks to remove a folder with all it holds. */
  public static final String DELETE = "delete";

  /** The folder is gone. */
  public static final String DELETED = "deleted";

  /** Begins the answer that something did not work; the reason follows. */
  public static final String FAILED = "failed: ";

  private static final String PREFIX = "volume.local.kubra.io/";

  private LocalVolumes() {}

  /** The annotation for a volume. */
  public static String annotation(String volume) {
    return PREFIX + volume;
  }

  /** The volume that an annotation is about; empty if it is about none. */
  public static String volume(String annotation) {
    return annotation.startsWith(PREFIX) ? annotation.substring(PREFIX.length()) : "";
  }

  /** What a node's annotation says of a volume; empty for nothing. */
  public static String state(Node node, String volume) {
    return node.metadata().annotations().getOrDefault(annotation(volume), "");
  }

  /** Whether a volume was made by the provisioner. */
  public static boolean provisioned(PersistentVolume volume) {
    return PROVISIONER.equals(
        volume.metadata().annotations().get(VolumeAnnotations.PROVISIONED_BY));
  }
}
