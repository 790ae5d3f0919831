package io.kubra.controllers.deployment;

import io.kubra.model.core.v1.PodTemplateSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** The {@code pod-template-hash} label: tells the pods of one template from those of another. */
final class TemplateHash {
  static final String LABEL = "pod-template-hash";

  // No vowels and no look-alikes, so that a hash never spells a word.
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private TemplateHash() {}

  /** The hash of a template; the count tells apart templates that collide. */
  static String of(PodTemplateSpec template, int collisions) {
    int hash = 0x811c9dc5;
    for (byte b : template.toJson()) {
      hash = (hash ^ (b & 0xff)) * 0x01000193;
    }
    for (char c : Integer.toString(collisions).toCharArray()) {
      hash = collisions == 0 ? hash : (hash ^ c) * 0x01000193;
    }
    StringBuilder text = new StringBuilder();
    for (char c : Integer.toUnsignedString(hash).toCharArray()) {
      text.append(ALPHABET.charAt(c % ALPHABET.length()));
    }
    return text.toString();
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
