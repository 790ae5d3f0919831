package io.kubra.conformance.area;

import static io.kubra.conformance.check.ApiChecks.nodes;
import static io.kubra.conformance.check.ApiChecks.some;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.probe.StorageProbes;

/** Rows on storage. */
final class StorageRows {
  private static final String CLASSES = "/apis/storage.k8s.io/v1/storageclasses";
  private static final Check DEFAULT_CLASS =
      some(
          "a default StorageClass",
          CLASSES,
          c ->
              "true"
                  .equals(
                      Trees.string(
                          c,
                          "metadata",
                          "annotations",
                          "storageclass.kubernetes.io/is-default-class")));
  private static final Check CSI_DRIVER =
      some("a CSIDriver", "/apis/storage.k8s.io/v1/csidrivers", d -> true);
  private static final Check.Condition CSI =
      context ->
          context.list("/apis/storage.k8s.io/v1/csidrivers").isEmpty() ? "CSI is not offered" : "";

  private StorageRows() {}

  static void add(Rows rows) {
    String provisioner = "Install a storage class with dynamic provisioning.";
    rows.add(
            "ra2.stg.001",
            "Give nodes ephemeral storage.",
            nodes(
                "ephemeral storage is allocatable",
                Nodes::runsPods,
                n -> Nodes.allocatable(n, "ephemeral-storage") > 0,
                n -> "ephemeral-storage " + Nodes.allocatable(n, "ephemeral-storage")))
        .add("ra2.stg.002", "Repair volumes.", StorageProbes.PROJECTED)
        .add("ra2.stg.004", provisioner, StorageProbes.CLAIM)
        .add("ra2.stg.005", "Repair volumes.", StorageProbes.PROJECTED, StorageProbes.CLAIM)
        .add("ra2.stg.006", "Install a CSI driver.", CSI_DRIVER.when(CSI))
        .add("ra2.stg.007", provisioner, DEFAULT_CLASS, StorageProbes.CLAIM)
        .add(
            "ra2.stg.010",
            provisioner,
            some("a StorageClass", CLASSES, c -> true),
            StorageProbes.CLAIM)
        .add(
            "seed.stg.1",
            provisioner,
            some("a StorageClass", CLASSES, c -> true),
            StorageProbes.PROJECTED);
  }
}
