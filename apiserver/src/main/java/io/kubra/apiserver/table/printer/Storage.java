package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.Column;
import io.kubra.apiserver.table.TablePrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Volumes, claims and classes of them. */
final class Storage {
  private static final Map<String, String> ACCESS_MODES =
      Map.of(
          "ReadWriteOnce", "RWO",
          "ReadOnlyMany", "ROX",
          "ReadWriteMany", "RWX",
          "ReadWriteOncePod", "RWOP");
  private static final List<String> MODE_ORDER =
      List.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod");

  private Storage() {}

  static TablePrinter persistentVolume() {
    return Columns.named()
        .text("Capacity", "How much it holds.", r -> r.anyOr("", "spec", "capacity", "storage"))
        .text(
            "Access Modes",
            "How it may be mounted.",
            r -> accessModes(r.strings("spec", "accessModes")))
        .text(
            "Reclaim Policy",
            "What becomes of it without a claim.",
            r -> r.text("spec", "persistentVolumeReclaimPolicy"))
        .text("Status", "Whether it is free, bound or released.", Storage::phase)
        .text("Claim", "The claim that it is bound to.", Storage::claim)
        .text("StorageClass", "Its storage class.", Storage::storageClass)
        .text(
            "VolumeAttributesClass",
            "Its class of changeable attributes.",
            r -> r.textOr(Row.UNSET, "spec", "volumeAttributesClassName"))
        .text("Reason", "Why it failed.", r -> r.text("status", "reason"))
        .age()
        .wide(
            "VolumeMode",
            "File system or block device.",
            r -> r.textOr(Row.UNSET, "spec", "volumeMode"))
        .printer();
  }

  static TablePrinter persistentVolumeClaim() {
    return Columns.named()
        .text("Status", "Whether the claim is bound.", Storage::phase)
        .text("Volume", "The volume it is bound to.", r -> r.text("spec", "volumeName"))
        .text(
            "Capacity",
            "How much the volume holds.",
            r -> bound(r) ? r.anyOr("", "status", "capacity", "storage") : "")
        .text(
            "Access Modes",
            "How the volume may be mounted.",
            r -> bound(r) ? accessModes(r.strings("status", "accessModes")) : "")
        .text("StorageClass", "The storage class asked for.", Storage::storageClass)
        .text(
            "VolumeAttributesClass",
            "The class of changeable attributes asked for.",
            r -> r.textOr(Row.UNSET, "spec", "volumeAttributesClassName"))
        .age()
        .wide(
            "VolumeMode",
            "File system or block device.",
            r -> r.textOr(Row.UNSET, "spec", "volumeMode"))
        .printer();
  }

  static TablePrinter storageClass() {
    return Columns.named(r -> r.name() + (isDefault(r, "storageclass") ? " (default)" : ""))
        .text("Provisioner", "What makes the volumes.", r -> r.text("provisioner"))
        .text(
            "ReclaimPolicy",
            "What becomes of volumes without claims.",
            r -> r.textOr("Delete", "reclaimPolicy"))
        .text(
            "VolumeBindingMode",
            "When volumes are made and bound.",
            r -> r.textOr("Immediate", "volumeBindingMode"))
        .add(
            Column.string("AllowVolumeExpansion", "Whether claims may be enlarged."),
            r -> r.flag("allowVolumeExpansion"))
        .age()
        .printer();
  }

  static TablePrinter volumeAttributesClass() {
    return Columns.named()
        .text("DriverName", "The driver that knows the attributes.", r -> r.text("driverName"))
        .age()
        .printer();
  }

  static TablePrinter volumeAttachment() {
    return Columns.named()
        .text("Attacher", "The driver that attaches.", r -> r.text("spec", "attacher"))
        .text("PV", "The volume.", r -> r.text("spec", "source", "persistentVolumeName"))
        .text("Node", "The node.", r -> r.text("spec", "nodeName"))
        .flag("Attached", "Whether it is attached.", r -> r.flag("status", "attached"))
        .age()
        .printer();
  }

  static TablePrinter csiDriver() {
    return Columns.named()
        .flag(
            "AttachRequired",
            "Whether volumes have to be attached.",
            r -> !"false".equals(r.anyOr("true", "spec", "attachRequired")))
        .flag(
            "PodInfoOnMount",
            "Whether the driver is told about the pod.",
            r -> r.flag("spec", "podInfoOnMount"))
        .flag(
            "StorageCapacity",
            "Whether the scheduler asks for free capacity.",
            r -> r.flag("spec", "storageCapacity"))
        .text("TokenRequests", "The audiences of tokens it gets.", Storage::audiences)
        .flag(
            "RequiresRepublish",
            "Whether the driver is called again and again.",
            r -> r.flag("spec", "requiresRepublish"))
        .text(
            "Modes",
            "Which kinds of volumes it has.",
            r -> Texts.orNone(String.join(",", r.strings("spec", "volumeLifecycleModes"))))
        .age()
        .printer();
  }

  static TablePrinter csiNode() {
    return Columns.named()
        .number("Drivers", "How many drivers the node has.", r -> r.size("spec", "drivers"))
        .age()
        .printer();
  }

  static TablePrinter csiStorageCapacity() {
    return Columns.named()
        .text("StorageClassName", "The class it is about.", r -> r.text("storageClassName"))
        .text("Capacity", "How much is free.", r -> r.anyOr(Row.UNSET, "capacity"))
        .printer();
  }

  private static boolean bound(Row r) {
    return !r.text("spec", "volumeName").isEmpty();
  }

  private static String phase(Row r) {
    return r.deleted() ? "Terminating" : r.text("status", "phase");
  }

  private static String claim(Row r) {
    return r.has("spec", "claimRef")
        ? r.text("spec", "claimRef", "namespace") + "/" + r.text("spec", "claimRef", "name")
        : "";
  }

  private static String storageClass(Row r) {
    return r.textOr(
        r.text("spec", "storageClassName"),
        "metadata",
        "annotations",
        "volume.beta.kubernetes.io/storage-class");
  }

  private static boolean isDefault(Row r, String kind) {
    return r.text("metadata", "annotations", kind + ".kubernetes.io/is-default-class")
            .equals("true")
        || r.text("metadata", "annotations", kind + ".beta.kubernetes.io/is-default-class")
            .equals("true");
  }

  private static String accessModes(List<String> modes) {
    List<String> all = new ArrayList<>();
    for (String mode : MODE_ORDER) {
      if (modes.contains(mode)) {
        all.add(ACCESS_MODES.getOrDefault(mode, mode));
      }
    }
    return String.join(",", all);
  }

  private static String audiences(Row r) {
    String all =
        r.maps("spec", "tokenRequests").stream()
            .map(t -> Trees.stringOr(t, "", "audience"))
            .collect(Collectors.joining(","));
    return r.size("spec", "tokenRequests") == 0 ? Row.UNSET : all;
  }
}
