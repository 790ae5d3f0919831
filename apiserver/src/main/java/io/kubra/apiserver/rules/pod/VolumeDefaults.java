package io.kubra.apiserver.rules.pod;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.check.Defaults;
import java.util.LinkedHashMap;
import java.util.Map;

/** Defaults of a pod's volumes. */
final class VolumeDefaults {
  /** 0644, in the decimal form that JSON has. */
  private static final long READ_BY_ALL = 420;

  private VolumeDefaults() {}

  static void apply(Map<String, Object> volume) {
    boolean sourced = false;
    for (Map.Entry<String, Object> entry : volume.entrySet()) {
      sourced |= !entry.getKey().equals("name") && entry.getValue() != null;
    }
    if (!sourced) {
      volume.put("emptyDir", new LinkedHashMap<>());
      return;
    }
    for (String type : volume.keySet().toArray(String[]::new)) {
      Map<String, Object> source = Trees.map(volume, type);
      if (source != null) {
        source(type, source);
      }
    }
  }

  private static void source(String type, Map<String, Object> source) {
    switch (type) {
      case "secret", "configMap" -> Defaults.number(source, "defaultMode", READ_BY_ALL);
      case "downwardAPI" -> {
        Defaults.number(source, "defaultMode", READ_BY_ALL);
        fieldRefs(source);
      }
      case "projected" -> projected(source);
      case "hostPath" -> Defaults.value(source, "type", "");
      case "image" ->
          Defaults.text(
              source,
              "pullPolicy",
              ContainerDefaults.pullPolicy(Trees.stringOr(source, "", "reference")));
      case "ephemeral" -> {
        Map<String, Object> claim = Trees.map(source, "volumeClaimTemplate", "spec");
        if (claim != null) {
          Defaults.text(claim, "volumeMode", "Filesystem");
        }
      }
      case "iscsi" -> Defaults.text(source, "iscsiInterface", "default");
      case "rbd" -> {
        Defaults.text(source, "pool", "rbd");
        Defaults.text(source, "user", "admin");
        Defaults.text(source, "keyring", "/etc/ceph/keyring");
      }
      case "azureDisk" -> {
        Defaults.text(source, "cachingMode", "ReadWrite");
        Defaults.text(source, "fsType", "ext4");
        Defaults.flag(source, "readOnly", false);
        Defaults.text(source, "kind", "Shared");
      }
      case "scaleIO" -> {
        Defaults.text(source, "storageMode", "ThinProvisioned");
        Defaults.text(source, "fsType", "xfs");
      }
      default -> {}
    }
  }

  private static void projected(Map<String, Object> projected) {
    Defaults.number(projected, "defaultMode", READ_BY_ALL);
    for (Map<String, Object> source : Trees.maps(projected, "sources")) {
      Map<String, Object> token = Trees.map(source, "serviceAccountToken");
      if (token != null) {
        Defaults.positive(token, "expirationSeconds", 3600);
      }
      Map<String, Object> downward = Trees.map(source, "downwardAPI");
      if (downward != null) {
        fieldRefs(downward);
      }
    }
  }

  private static void fieldRefs(Map<String, Object> source) {
    for (Map<String, Object> item : Trees.maps(source, "items")) {
      Map<String, Object> fieldRef = Trees.map(item, "fieldRef");
      if (fieldRef != null) {
        Defaults.text(fieldRef, "apiVersion", "v1");
      }
      Map<String, Object> resourceRef = Trees.map(item, "resourceFieldRef");
      if (resourceRef != null) {
        Defaults.text(resourceRef, "divisor", "0");
      }
    }
  }
}
