package io.kubra.client.volume;

/** The annotations and finalizers that upstream defines for volumes and claims. */
public final class VolumeAnnotations {
  /** On a claim: both objects point to each other. */
  public static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";

  /** On either: the controller, not the user, made it point to the other. */
  public static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

  /** On a volume: the provisioner that made it and that removes it. */
  public static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

  /** On a claim: the node that the scheduler chose for the first pod. */
  public static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  /** On a claim: the provisioner that shall make a volume for it. */
  public static final String STORAGE_PROVISIONER = "volume.kubernetes.io/storage-provisioner";

  /** The old name of {@link #STORAGE_PROVISIONER}, still written and read. */
  public static final String BETA_STORAGE_PROVISIONER =
      "volume.beta.kubernetes.io/storage-provisioner";

  /** On a claim: who expands it. */
  public static final String STORAGE_RESIZER = "volume.kubernetes.io/storage-resizer";

  /** On a claim or volume: the class, before there was a field for it. */
  public static final String BETA_STORAGE_CLASS = "volume.beta.kubernetes.io/storage-class";

  /** On a class: objects that name none get it. */
  public static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

  /** The old name of {@link #DEFAULT_CLASS}. */
  public static final String BETA_DEFAULT_CLASS =
      "storageclass.beta.kubernetes.io/is-default-class";

  /** Keeps a claim that pods use. */
  public static final String CLAIM_PROTECTION = "kubernetes.io/pvc-protection";

  /** Keeps a volume that is bound. */
  public static final String VOLUME_PROTECTION = "kubernetes.io/pv-protection";

  /** Keeps a volume until its provisioner has removed what it stands for. */
  public static final String PROVISIONER_FINALIZER =
      "external-provisioner.volume.kubernetes.io/finalizer";

  private VolumeAnnotations() {}
}
