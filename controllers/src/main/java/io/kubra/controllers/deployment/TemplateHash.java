package io.kubra.controllers.deployment;

import io.kubra.controllers.runtime.SafeHash;
import io.kubra.model.core.v1.PodTemplateSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** The {@code pod-template-hash} label: tells the pods of one template from those of another. */
final class TemplateHash {
  static final String LABEL = "pod-template-hash";

  private TemplateHash() {}

  /** The hash of a template; the count tells apart templates that collide. */
  static String of(PodTemplateSpec template, int collisions) {
    return SafeHash.of(template.toJson(), collisions);
  }

  /** The template without the label. */
  static PodTemplateSpec without(PodTemplateSpec template) {
    if (!template.metadata().labels().containsKey(LABEL)) {
      return template;
    }
    Map<String, String> labels = new LinkedHashMap<>(template.metadata().labels());
    labels.remove(LABEL);
    return template.toBuilder()
        .metadata(template.metadata().toBuilder().labels(labels).build())
        .build();
  }

  static Map<String, String> with(Map<String, String> labels, String hash) {
    Map<String, String> more = new LinkedHashMap<>(labels);
    more.put(LABEL, hash);
    return more;
  }
}
