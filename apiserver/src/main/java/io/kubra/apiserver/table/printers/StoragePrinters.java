package io.kubra.apiserver.table.printers;

import static io.kubra.apiserver.table.printers.Cells.text;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.TablePrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The columns of storage: volumes, claims, classes, drivers. */
public final class StoragePrinters {
  public static final TablePrinter VOLUME =
      Columns.named()
          .text("Capacity", "The size.", (o, n) -> text(o, "spec", "capacity", "storage"))
          .text("Access Modes", "How it may be mounted.", (o, n) -> modes(o, "spec"))
          .text("Reclaim Policy", "What happens when it is released.", (o, n) -> text(o, "spec", "persistentVolumeReclaimPolicy"))
          .text("Status", "What the volume is at.", (o, n) -> phase(o))
          .text("Claim", "The claim that has it.", (o, n) -> claim(o))
          .text("StorageClass", "The class it belongs to.", (o, n) -> storageClass(o))
          .text("VolumeAttributesClass", "The class of its changeable attributes.", (o, n) -> Cells.textOr(Cells.UNSET, o, "spec", "volumeAttributesClassName"))
          .text("Reason", "Why it is in that state.", (o, n) -> text(o, "status", "reason"))
          .age()
          .wide("VolumeMode", "Filesystem or block device.", (o, n) -> Cells.textOr(Cells.UNSET, o, "spec", "volumeMode"))
          .build();

  public static final TablePrinter CLAIM =
      Columns.named()
          .text("Status", "What the claim is at.", (o, n) -> phase(o))
          .text("Volume", "The volume it got.", (o, n) -> text(o, "spec", "volumeName"))
          .text("Capacity", "The size of the volume.", (o, n) -> bound(o) ? text(o, "status", "capacity", "storage") : "")
          .text("Access Modes", "How the volume may be mounted.", (o, n) -> bound(o) ? modes(o, "status") : "")
          .text("StorageClass", "The class of the volume.", (o, n) -> storageClass(o))
          .text("VolumeAttributesClass", "The class of changeable attributes.", (o, n) -> Cells.textOr(Cells.UNSET, o, "spec", "volumeAttributesClassName"))
          .age()
          .wide("VolumeMode", "Filesystem or block device.", (o, n) -> Cells.textOr(Cells.UNSET, o, "spec", "volumeMode"))
          .build();

  public static final TablePrinter STORAGE_CLASS =
      Columns.of()
          .add(
              new io.kubra.apiserver.table.Column("Name", "string", "name", "The name of the class.", 0),
              (o, n) -> text(o, "metadata", "name") + (isDefault(o) ? " (default)" : ""))
          .text("Provisioner", "Who makes the volumes.", (o, n) -> text(o, "provisioner"))
          .text("ReclaimPolicy", "What happens to released volumes.", (o, n) -> Cells.textOr("Delete", o, "reclaimPolicy"))
          .text("VolumeBindingMode", "When volumes are made.", (o, n) -> Cells.textOr("Immediate", o, "volumeBindingMode"))
          .flag("AllowVolumeExpansion", "Whether volumes can grow.", (o, n) -> Trees.bool(o, "allowVolumeExpansion"))
          .age()
          .build();

  public static final TablePrinter ATTRIBUTES_CLASS =
      Columns.named().text("DriverName", "The driver.", (o, n) -> text(o, "driverName")).age().build();

  public static final TablePrinter ATTACHMENT =
      Columns.named()
          .text("Attacher", "The driver.", (o, n) -> text(o, "spec", "attacher"))
          .text("PV", "The volume.", (o, n) -> text(o, "spec", "source", "persistentVolumeName"))
          .text("Node", "The node.", (o, n) -> text(o, "spec", "nodeName"))
          .flag("Attached", "Whether the volume is attached.", (o, n) -> Trees.bool(o, "status", "attached"))
          .age()
          .build();

  public static final TablePrinter CSI_NODE =
      Columns.named().number("Drivers", "The number of drivers.", (o, n) -> (long) Trees.list(o, "spec", "drivers").size()).age().build();

  public static final TablePrinter CSI_DRIVER =
      Columns.named()
          .flag("AttachRequired", "Whether volumes are attached before they are mounted.", (o, n) -> !Boolean.FALSE.equals(Trees.get(o, "spec", "attachRequired")))
          .flag("PodInfoOnMount", "Whether the driver is told of the pod.", (o, n) -> Trees.bool(o, "spec", "podInfoOnMount"))
          .flag("StorageCapacity", "Whether the scheduler looks at capacity.", (o, n) -> Trees.bool(o, "spec", "storageCapacity"))
          .text("TokenRequests", "The audiences of tokens it gets.", (o, n) -> tokens(o))
          .flag("RequiresRepublish", "Whether volumes are published again and again.", (o, n) -> Trees.bool(o, "spec", "requiresRepublish"))
          .text("Modes", "The kinds of volumes it has.", (o, n) -> Cells.join(Trees.strings(o, "spec", "volumeLifecycleModes")))
          .age()
          .build();

  public static final TablePrinter CSI_CAPACITY =
      Columns.named()
          .text("StorageClassName", "The class.", (o, n) -> text(o, "storageClassName"))
          .text("Capacity", "The room that is left.", (o, n) -> text(o, "capacity"))
          .build();

  private StoragePrinters() {}

  private static boolean bound(Map<String, Object> claim) {
    return !text(claim, "spec", "volumeName").isEmpty();
  }

  private static String phase(Map<String, Object> object) {
    return Trees.get(object, "metadata", "deletionTimestamp") != null
        ? "Terminating"
        : text(object, "status", "phase");
  }

  private static String modes(Map<String, Object> object, String part) {
    List<String> given = Trees.strings(object, part, "accessModes");
    List<String> shown = new ArrayList<>();
    for (String mode :
        List.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")) {
      if (given.contains(mode)) {
        shown.add(
            switch (mode) {
              case "ReadWriteOnce" -> "RWO";
              case "ReadOnlyMany" -> "ROX";
              case "ReadWriteMany" -> "RWX";
              default -> "RWOP";
            });
      }
    }
    return String.join(",", shown);
  }

  private static String claim(Map<String, Object> volume) {
    Map<String, Object> claim = Trees.map(volume, "spec", "claimRef");
    return claim == null ? "" : text(claim, "namespace") + "/" + text(claim, "name");
  }

  private static String storageClass(Map<String, Object> object) {
    String old = text(object, "metadata", "annotations", "volume.beta.kubernetes.io/storage-class");
    return old.isEmpty() ? text(object, "spec", "storageClassName") : old;
  }

  private static boolean isDefault(Map<String, Object> storageClass) {
    for (String key :
        List.of(
            "storageclass.kubernetes.io/is-default-class",
            "storageclass.beta.kubernetes.io/is-default-class")) {
      if (text(storageClass, "metadata", "annotations", key).equals("true")) {
        return true;
      }
    }
    return false;
  }

  private static String tokens(Map<String, Object> driver) {
    List<String> audiences = new ArrayList<>();
    for (Map<String, Object> request : Trees.maps(driver, "spec", "tokenRequests")) {
      audiences.add(text(request, "audience"));
    }
    return audiences.isEmpty() ? Cells.UNSET : String.join(",", audiences);
  }
}
