package io.kubra.apiserver.rules.pod;

import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.check.Checks;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Checks of a pod's volumes. */
public final class VolumeChecks {
  private static final String[] HOST_PATH_TYPES = {
    "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"
  };

  private VolumeChecks() {}

  /** Checks the volumes of a spec; returns the sources by volume name. */
  static Map<String, Map<String, Object>> check(
      Checks checks, FieldPath path, Map<String, Object> spec) {
    Map<String, Map<String, Object>> byName = new HashMap<>();
    int i = 0;
    for (Map<String, Object> volume : Trees.maps(spec, "volumes")) {
      FieldPath at = path.index(i++);
      String name = Trees.stringOr(volume, "", "name");
      checks.requiredName(at.child("name"), name, Names::dns1123Label);
      if (byName.containsKey(name)) {
        checks.duplicate(at.child("name"), name);
      }
      source(checks, at, volume, Set.of("name"));
      byName.put(name, volume);
    }
    return byName;
  }

  /** Checks that an object has exactly one volume source, and that source. */
  public static void source(
      Checks checks, FieldPath path, Map<String, Object> holder, Set<String> others) {
    int given = 0;
    for (Map.Entry<String, Object> entry : holder.entrySet()) {
      Map<String, Object> source = Trees.map(holder, entry.getKey());
      if (source == null || others.contains(entry.getKey())) {
        continue;
      }
      if (++given > 1) {
        checks.forbidden(path.child(entry.getKey()), "may not specify more than 1 volume type");
      } else {
        one(checks, path.child(entry.getKey()), entry.getKey(), source);
      }
    }
    if (given == 0) {
      checks.required(path, "must specify a volume type");
    }
  }

  private static void one(Checks checks, FieldPath path, String type, Map<String, Object> source) {
    switch (type) {
      case "emptyDir" ->
          ResourceChecks.quantity(checks, path.child("sizeLimit"), source.get("sizeLimit"));
      case "hostPath" -> {
        String host = Trees.stringOr(source, "", "path");
        if (checks.present(path.child("path"), host)) {
          noBacksteps(checks, path.child("path"), host);
        }
        checks.oneOfOrAbsent(path.child("type"), Trees.string(source, "type"), HOST_PATH_TYPES);
      }
      case "secret" -> {
        checks.present(path.child("secretName"), Trees.string(source, "secretName"));
        mode(checks, path.child("defaultMode"), source.get("defaultMode"));
        items(checks, path, source);
      }
      case "configMap" -> {
        checks.present(path.child("name"), Trees.string(source, "name"));
        mode(checks, path.child("defaultMode"), source.get("defaultMode"));
        items(checks, path, source);
      }
      case "downwardAPI" -> {
        mode(checks, path.child("defaultMode"), source.get("defaultMode"));
        downward(checks, path, source);
      }
      case "projected" -> projected(checks, path, source);
      case "persistentVolumeClaim" ->
          checks.present(path.child("claimName"), Trees.string(source, "claimName"));
      case "nfs" -> {
        checks.present(path.child("server"), Trees.string(source, "server"));
        String exported = Trees.stringOr(source, "", "path");
        if (checks.present(path.child("path"), exported) && !exported.startsWith("/")) {
          checks.invalid(path.child("path"), exported, "must be an absolute path");
        }
      }
      case "csi" -> checks.present(path.child("driver"), Trees.string(source, "driver"));
      case "iscsi" -> {
        checks.present(path.child("targetPortal"), Trees.string(source, "targetPortal"));
        checks.present(path.child("iqn"), Trees.string(source, "iqn"));
      }
      case "image" -> checks.present(path.child("reference"), Trees.string(source, "reference"));
      case "local" -> checks.present(path.child("path"), Trees.string(source, "path"));
      case "ephemeral" -> {
        if (Trees.map(source, "volumeClaimTemplate") == null) {
          checks.required(path.child("volumeClaimTemplate"), "");
        }
      }
      default -> {}
    }
  }

  private static void projected(Checks checks, FieldPath path, Map<String, Object> projected) {
    mode(checks, path.child("defaultMode"), projected.get("defaultMode"));
    int i = 0;
    for (Map<String, Object> source : Trees.maps(projected, "sources")) {
      FieldPath at = path.child("sources").index(i++);
      int given = 0;
      for (String type : source.keySet()) {
        Map<String, Object> one = Trees.map(source, type);
        if (one == null) {
          continue;
        }
        if (++given > 1) {
          checks.forbidden(at.child(type), "may not specify more than 1 volume type");
          continue;
        }
        switch (type) {
          case "secret", "configMap" -> {
            checks.present(at.child(type, "name"), Trees.string(one, "name"));
            items(checks, at.child(type), one);
          }
          case "downwardAPI" -> downward(checks, at.child(type), one);
          case "serviceAccountToken" -> token(checks, at.child(type), one);
          default -> checks.present(at.child(type, "path"), Trees.string(one, "path"));
        }
      }
    }
  }

  private static void token(Checks checks, FieldPath path, Map<String, Object> token) {
    long seconds = Trees.integerOr(token, 3600, "expirationSeconds");
    if (seconds < 600) {
      checks.invalid(
          path.child("expirationSeconds"),
          seconds,
          "may not specify a duration less than 10 minutes");
    }
    if (seconds > 1L << 32) {
      checks.invalid(
          path.child("expirationSeconds"),
          seconds,
          "may not specify a duration larger than 2^32 seconds");
    }
    relative(checks, path.child("path"), Trees.stringOr(token, "", "path"));
  }

  private static void items(Checks checks, FieldPath path, Map<String, Object> source) {
    int i = 0;
    for (Map<String, Object> item : Trees.maps(source, "items")) {
      FieldPath at = path.child("items").index(i++);
      checks.present(at.child("key"), Trees.string(item, "key"));
      relative(checks, at.child("path"), Trees.stringOr(item, "", "path"));
      mode(checks, at.child("mode"), item.get("mode"));
    }
  }

  private static void downward(Checks checks, FieldPath path, Map<String, Object> source) {
    int i = 0;
    for (Map<String, Object> item : Trees.maps(source, "items")) {
      FieldPath at = path.child("items").index(i++);
      relative(checks, at.child("path"), Trees.stringOr(item, "", "path"));
      Map<String, Object> fieldRef = Trees.map(item, "fieldRef");
      Map<String, Object> resourceRef = Trees.map(item, "resourceFieldRef");
      if (fieldRef != null) {
        EnvironmentChecks.fieldRef(
            checks, at.child("fieldRef"), fieldRef, EnvironmentChecks.VOLUME_FIELDS);
        if (resourceRef != null) {
          checks.invalid(
              at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
        }
      } else if (resourceRef != null) {
        EnvironmentChecks.resourceFieldRef(checks, at.child("resourceFieldRef"), resourceRef, true);
      } else {
        checks.required(at, "one of fieldRef and resourceFieldRef is required");
      }
      mode(checks, at.child("mode"), item.get("mode"));
    }
  }

  /** Checks a path inside of a volume. */
  static void relative(Checks checks, FieldPath path, String value) {
    if (!checks.present(path, value)) {
      return;
    }
    if (value.startsWith("/")) {
      checks.invalid(path, value, "must be a relative path");
    }
    noBacksteps(checks, path, value);
    if (value.startsWith("..") && !value.startsWith("../")) {
      checks.invalid(path, value, "must not start with '..'");
    }
  }

  static void noBacksteps(Checks checks, FieldPath path, String value) {
    for (String part : value.split("/")) {
      if (part.equals("..")) {
        checks.invalid(path, value, "must not contain '..'");
        return;
      }
    }
  }

  private static void mode(
      Checks checks, FieldPath path, @org.jspecify.annotations.Nullable Object mode) {
    if (mode instanceof Long n && (n < 0 || n > 0777)) {
      checks.invalid(path, n, "must be a number between 0 and 0777 (octal), both inclusive");
    }
  }
}
