package io.kubra.apiserver.encryption;

import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is encrypted how: {@code EncryptionConfiguration} of {@code apiserver.config.k8s.io/v1}. Of
 * the providers of a resource the first writes, all read.
 */
public final class EncryptionConfig {
  private static final String ROOT = "/registry/";
  private static final Set<Integer> AES_KEYS = Set.of(16, 24, 32);
  private static final int SECRETBOX_KEY = 32;

  private final List<Rule> rules;

  /** The keys of some resources, and who keeps their values. */
  private record Rule(List<String> prefixes, List<Provider> providers) {}

  private EncryptionConfig(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Reads an EncryptionConfiguration.
   *
   * @throws IllegalArgumentException saying which field is wrong
   */
  public static EncryptionConfig of(Map<String, Object> tree) {
    if (!"EncryptionConfiguration".equals(tree.get("kind"))
        || !"apiserver.config.k8s.io/v1".equals(tree.get("apiVersion"))) {
      throw new IllegalArgumentException(
          "expected an EncryptionConfiguration of apiserver.config.k8s.io/v1, not %s of %s"
              .formatted(tree.get("kind"), tree.get("apiVersion")));
    }
    List<Map<String, Object>> entries = Trees.maps(tree, "resources");
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("resources: Required value: there are none");
    }
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      String path = "resources[" + i + "]";
      List<String> prefixes = new ArrayList<>();
      for (String name : Trees.strings(entries.get(i), "resources")) {
        prefixes.add(prefix(path + ".resources", name));
      }
      if (prefixes.isEmpty()) {
        throw new IllegalArgumentException(path + ".resources: Required value: there are none");
      }
      rules.add(new Rule(prefixes, providers(path + ".providers", entries.get(i))));
    }
    return new EncryptionConfig(rules);
  }

  /** The keys of {@code secrets}, {@code deployments.apps}, {@code *.apps} or {@code *.*}. */
  private static String prefix(String path, String name) {
    if (name.equals("*.*")) {
      return ROOT;
    }
    int dot = name.indexOf('.');
    String resource = dot < 0 ? name : name.substring(0, dot);
    String group = dot < 0 || dot == name.length() - 1 ? "core" : name.substring(dot + 1);
    if (resource.isEmpty() || name.indexOf('/') >= 0 || name.equals("*")) {
      throw new IllegalArgumentException(
          "%s: Invalid value: \"%s\": use resource, resource.group, *.group or *.*"
              .formatted(path, name));
    }
    return resource.equals("*") ? ROOT + group + "/" : ROOT + group + "/" + resource + "/";
  }

  private static List<Provider> providers(String path, Map<String, Object> entry) {
    List<Provider> providers = new ArrayList<>();
    List<Map<String, Object>> all = Trees.maps(entry, "providers");
    for (int i = 0; i < all.size(); i++) {
      String here = path + "[" + i + "]";
      if (all.get(i).size() != 1) {
        throw new IllegalArgumentException(
            here + ": Invalid value: more than one provider, or none");
      }
      String kind = all.get(i).keySet().iterator().next();
      switch (kind) {
        case "identity" -> providers.add(Provider.IDENTITY);
        case "aesgcm", "aescbc", "secretbox" ->
            addKeys(here + "." + kind, kind, all.get(i), providers);
        default ->
            throw new IllegalArgumentException(
                "%s: Unsupported value: \"%s\": supported values: \"aescbc\", \"aesgcm\", \"identity\", \"secretbox\""
                    .formatted(here, kind));
      }
    }
    if (providers.isEmpty()) {
      throw new IllegalArgumentException(path + ": Required value: there are none");
    }
    return providers;
  }

  private static void addKeys(
      String path, String kind, Map<String, Object> entry, List<Provider> providers) {
    List<Map<String, Object>> keys = Trees.maps(entry, kind, "keys");
    Set<String> names = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      String here = path + ".keys[" + i + "]";
      String name = Trees.stringOr(keys.get(i), "", "name");
      if (name.isEmpty() || name.indexOf(':') >= 0 || !names.add(name)) {
        throw new IllegalArgumentException(
            here + ".name: Invalid value: names are unique, not empty and without colon");
      }
      byte[] secret = secret(here + ".secret", Trees.stringOr(keys.get(i), "", "secret"));
      boolean box = kind.equals("secretbox");
      if (box ? secret.length != SECRETBOX_KEY : !AES_KEYS.contains(secret.length)) {
        throw new IllegalArgumentException(
            "%s.secret: Invalid value: secret is not of the expected length, got %d, expected %s"
                .formatted(here, secret.length, box ? "32" : "one of 16, 24, 32"));
      }
      providers.add(
          Provider.of(
              kind,
              name,
              switch (kind) {
                case "aesgcm" -> new AesCipher(AesCipher.Mode.GCM, secret);
                case "aescbc" -> new AesCipher(AesCipher.Mode.CBC, secret);
                default -> new SecretBox(secret);
              }));
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(path + ".keys: Required value: there are none");
    }
  }

  private static byte[] secret(String path, String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          path + ": Invalid value: secret must be base64 encoded", e);
    }
  }

  /** The prefixes of all keys whose values are looked at, for a walk over them. */
  List<String> prefixes() {
    return rules.stream().flatMap(rule -> rule.prefixes.stream()).distinct().toList();
  }

  /** Who keeps the value of a key, the writer first; empty if values are kept as they are. */
  List<Provider> providersOf(String key) {
    for (Rule rule : rules) {
      for (String prefix : rule.prefixes) {
        if (key.startsWith(prefix)) {
          return rule.providers;
        }
      }
    }
    return List.of();
  }
}
