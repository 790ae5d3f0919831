package io.kubra.node.volume;

import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.core.v1.DownwardAPIVolumeFile;
import io.kubra.model.core.v1.KeyToPath;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Secret;
import io.kubra.node.container.ConfigException;
import io.kubra.node.container.DownwardFields;
import io.kubra.node.container.Environment;
import io.kubra.node.objects.ClusterObjects;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects the files of one volume from the objects its sources name. */
final class VolumeContents {
  private final Pod pod;
  private final ClusterObjects objects;
  private final Environment.NodeFacts node;
  private final List<String> podIps;
  private final int defaultMode;
  private final Map<String, VolumeFile> files = new TreeMap<>();

  VolumeContents(
      Pod pod,
      ClusterObjects objects,
      Environment.NodeFacts node,
      List<String> podIps,
      int defaultMode) {
    this.pod = pod;
    this.objects = objects;
    this.node = node;
    this.podIps = podIps;
    this.defaultMode = defaultMode;
  }

  /** The files collected, by relative path. */
  Map<String, VolumeFile> files() {
    return files;
  }

  void addFile(String path, byte[] content, int mode, long owner) {
    files.put(path, new VolumeFile(content, mode, owner));
  }

  void addConfigMap(@Nullable String name, List<KeyToPath> items, @Nullable Boolean optional)
      throws VolumeException {
    String namespace = pod.metadata().namespace();
    String key = name == null ? "" : name;
    ConfigMap found = objects.configMap(namespace, key);
    if (found == null) {
      if (!Boolean.TRUE.equals(optional)) {
        throw new VolumeException("configmap \"" + key + "\" not found");
      }
      return;
    }
    Map<String, byte[]> data = new HashMap<>(found.binaryData());
    found.data().forEach((k, v) -> data.put(k, v.getBytes(StandardCharsets.UTF_8)));
    addItems(data, items, Boolean.TRUE.equals(optional));
  }

  void addSecret(@Nullable String name, List<KeyToPath> items, @Nullable Boolean optional)
      throws VolumeException {
    String key = name == null ? "" : name;
    Secret found = objects.secret(pod.metadata().namespace(), key);
    if (found == null) {
      if (!Boolean.TRUE.equals(optional)) {
        throw new VolumeException("secret \"" + key + "\" not found");
      }
      return;
    }
    addItems(found.data(), items, Boolean.TRUE.equals(optional));
  }

  private void addItems(Map<String, byte[]> data, List<KeyToPath> items, boolean optional)
      throws VolumeException {
    if (items.isEmpty()) {
      data.forEach((key, value) -> addFile(key, value, defaultMode, -1));
      return;
    }
    for (KeyToPath item : items) {
      byte[] value = data.get(item.key());
      if (value != null) {
        addFile(item.path(), value, item.mode() == null ? defaultMode : item.mode(), -1);
      } else if (!optional) {
        throw new VolumeException("references non-existent config key: " + item.key());
      }
    }
  }

  void addDownward(List<DownwardAPIVolumeFile> items) throws VolumeException {
    for (DownwardAPIVolumeFile item : items) {
      try {
        String value = "";
        if (item.fieldRef() != null) {
          value =
              DownwardFields.field(
                  pod, item.fieldRef().fieldPath(), node.nodeName(), node.hostIps(), podIps);
        } else if (item.resourceFieldRef() != null) {
          value = DownwardFields.resource(pod, null, item.resourceFieldRef(), node.allocatable());
        }
        addFile(
            item.path(),
            value.getBytes(StandardCharsets.UTF_8),
            item.mode() == null ? defaultMode : item.mode(),
            -1);
      } catch (ConfigException e) {
        throw new VolumeException(String.valueOf(e.getMessage()), e);
      }
    }
  }
}
